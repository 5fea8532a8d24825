"""
Resemblyzer's GE2E speaker encoder (Wan et al., 2018) to ONNX: 16 kHz samples in, unit-length voice vectors out. Loudness, mel spectrogram and the
1.6 s windows every 0.77 s are inside the graph, as in VoiceEncoder.embed_utterance(rate=1.3, min_coverage=0.75).

usage: speaker.py PRETRAINED.pt OUT.onnx

PRETRAINED.pt is resemblyzer/pretrained.pt of the unpacked package.
"""
import os
import sys
import tempfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from common import show, simplify, store_float16
from mel import fourier_basis, mel_filters

HOP, FRAME, BANDS, HIDDEN = 160, 400, 40, 256
# A window is 160 frames long; the next one begins 77 frames (12,320 samples) later.
WINDOW, STEP = 160, 77


class Graph:
    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, values, kind=np.int64):
        self.constants.append(numpy_helper.from_array(np.array(values, kind, order="C"), name))
        return name

    def op(self, kind, inputs, outputs, **attributes):
        names = [outputs] if isinstance(outputs, str) else outputs
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0]


def loudness(graph):
    """Raises to -30 dBFS, never lowers."""
    graph.op("Mul", ["pcm", "pcm"], "squares")
    graph.op("ReduceMean", ["squares"], "power", axes=[1], keepdims=1)
    graph.op("Sqrt", ["power"], "level")
    graph.op("Max", ["level", graph.constant("tiny", 1e-8, np.float32)], "safe_level")
    graph.op("Div", [graph.constant("target", 10**-1.5, np.float32), "safe_level"], "wanted")
    graph.op("Max", ["wanted", graph.constant("one", 1, np.float32)], "gain")
    graph.op("Mul", ["pcm", "gain"], "wave")


def window_count(graph):
    """Windows begin while frames are left; the last one is dropped when less than three quarters of it are sound."""
    for name, number in (("n0", 0), ("n1", 1), ("hop", HOP), ("lead", 82), ("step", STEP), ("step_less_one", STEP - 1), ("stride", STEP * HOP), ("enough", 19_200)):
        graph.constant(name, number)
    graph.op("Shape", ["pcm"], "shape")
    graph.op("Gather", ["shape", "n1"], "samples")
    graph.op("Div", [graph.op("Add", ["samples", "hop"], "samples_more"), "hop"], "frames")
    graph.op("Max", [graph.op("Sub", ["frames", "lead"], "frames_left"), "n1"], "places")
    graph.op("Div", [graph.op("Add", ["places", "step_less_one"], "places_more"), "step"], "all")
    graph.op("Sub", ["all", "n1"], "fewer")
    graph.op("Sub", ["samples", graph.op("Mul", ["fewer", "stride"], "last_start")], "covered")
    graph.op("And", [graph.op("Less", ["covered", "enough"], "short"), graph.op("Greater", ["all", "n1"], "several")], "drop")
    graph.op("Where", ["drop", "fewer", "all"], "count")


def windows_of_mel(graph):
    """[160, batch * windows, 40]: power mel spectrogram on centred frames, cut into windows."""
    graph.op("Pad", ["wave", graph.constant("pads", [0, 200, 0, 25_800])], "padded")
    graph.op("Unsqueeze", ["padded", graph.constant("axis1", [1])], "channel")
    graph.op("Conv", ["channel", graph.constant("fourier", fourier_basis(FRAME), np.float32)], "spectrum", strides=[HOP], kernel_shape=[FRAME])
    graph.op("Mul", ["spectrum", "spectrum"], "energies")
    # Real and imaginary parts lie one after the other: the filters sum over both.
    graph.op("MatMul", [graph.constant("filters", np.concatenate([mel_filters(BANDS)] * 2, 1), np.float32), "energies"], "bands")
    graph.op("Transpose", ["bands"], "mel", perm=[0, 2, 1])
    graph.op("Range", ["n0", graph.op("Mul", ["count", "step"], "stop"), "step"], "starts")
    graph.op("Add", [graph.op("Unsqueeze", ["starts", "axis1"], "start_column"), graph.constant("offsets", np.arange(WINDOW)[None])], "places_of_frames")
    graph.op("Gather", ["mel", "places_of_frames"], "cut", axis=1)
    graph.op("Reshape", ["cut", graph.constant("flat", [-1, WINDOW, BANDS])], "rows")
    return graph.op("Transpose", ["rows"], "sequence", perm=[1, 0, 2])


def network(graph, x, weights):
    def gates(values):
        """From torch's order (input, forget, cell, output) to ONNX's (input, output, forget, cell)."""
        part = [values[i * HIDDEN : (i + 1) * HIDDEN] for i in range(4)]
        return np.concatenate([part[0], part[3], part[1], part[2]])

    for layer in range(3):
        names = [graph.constant(f"{kind}{layer}", gates(weights[f"lstm.weight_{key}_l{layer}"])[None], np.float32) for kind, key in (("W", "ih"), ("R", "hh"))]
        bias = np.concatenate([gates(weights[f"lstm.bias_{key}_l{layer}"]) for key in ("ih", "hh")])[None]
        graph.op("LSTM", [x, *names, graph.constant(f"B{layer}", bias, np.float32)], [f"y{layer}", f"h{layer}"], hidden_size=HIDDEN)
        x = graph.op("Squeeze", [f"y{layer}", "axis1"], f"x{layer}")
    graph.op("Squeeze", ["h2", graph.constant("axis0", [0])], "hidden")
    graph.op("MatMul", ["hidden", graph.constant("linear", weights["linear.weight"].T, np.float32)], "projected")
    graph.op("Relu", [graph.op("Add", ["projected", graph.constant("bias", weights["linear.bias"], np.float32)], "biased")], "raw")
    graph.op("ReduceL2", ["raw"], "length", axes=[1], keepdims=1)
    graph.op("Div", ["raw", graph.op("Max", ["length", "tiny"], "safe_length")], "each")


def outputs(graph):
    graph.op("Unsqueeze", ["count", "axis0"], "count_list")
    graph.op("Unsqueeze", [graph.op("Gather", ["shape", "n0"], "batch"), "axis0"], "batch_list")
    graph.op("Concat", ["batch_list", "count_list", graph.constant("width", [HIDDEN])], "sizes", axis=0)
    graph.op("Reshape", ["each", "sizes"], "windows")
    graph.op("ReduceMean", ["windows"], "mean", axes=[1], keepdims=0)
    graph.op("ReduceL2", ["mean"], "mean_length", axes=[1], keepdims=1)
    graph.op("Div", ["mean", "mean_length"], "embedding")


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    weights = {name: tensor.numpy() for name, tensor in torch.load(sys.argv[1], map_location="cpu")["model_state"].items()}
    graph = Graph()
    loudness(graph)
    window_count(graph)
    network(graph, windows_of_mel(graph), weights)
    outputs(graph)
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    ends = [value("pcm", ["batch", "samples"])], [value("embedding", ["batch", HIDDEN]), value("windows", ["batch", "windows", HIDDEN])]
    whole = helper.make_graph(graph.nodes, "speaker-ge2e", *ends, graph.constants)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="rushes")
    onnx.checker.check_model(model)
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "float32.onnx")
        onnx.save(model, plain)
        simplify(plain)
        store_float16(plain, sys.argv[2])
    show(sys.argv[2])


if __name__ == "__main__":
    main()
