"""
Puts ffmpeg's bytes before, and plain boxes behind, the two detectors of npm @vladmandic/human (raw graphs made by
tfjs_to_onnx.py from models/centernet.json and models/blazeface.json).

usage: detectors.py centernet RAW.onnx OUT.onnx
       detectors.py blazeface RAW.onnx OUT.onnx
"""
import argparse
import os
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from common import show, simplify, store_float16

node = helper.make_node


def constant(graph, name, value):
    graph.initializer.append(numpy_helper.from_array(value, name))


def uint8_input(graph, old, shape, nodes):
    """Replaces the float input `old` by `frame` of uint8; `nodes` lead from one to the other."""
    graph.input.remove(next(one for one in graph.input if one.name == old))
    graph.input.append(helper.make_tensor_value_info("frame", TensorProto.UINT8, shape))
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes + rest)


def float_output(graph, name, shape):
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))


def centernet(raw, out):
    """detections [1, 100, 6]: x0, y0, x1, y1 in parts of the frame, score, class. Not yet suppressed: IoU 0.4 outside."""
    model = onnx.load(raw)
    graph = model.graph
    old = "tower_0/images:0"
    uint8_input(graph, old, [1, 512, 512, 3], [node("Cast", ["frame"], [old], to=TensorProto.FLOAT)])
    constant(graph, "det_scale", np.array([1 / 512] * 4 + [1, 1], np.float32))
    graph.node.append(node("Mul", ["tower_0/detections", "det_scale"], ["detections"]))
    float_output(graph, "detections", [1, 100, 6])
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "float32.onnx")
        onnx.save(model, plain)
        simplify(plain)
        store_float16(plain, out)


def anchors():
    """Centres of BlazeFace's 896 anchors: two for each cell of 16 x 16, six for each of 8 x 8."""
    centres = []
    for cells, copies in ((16, 2), (8, 6)):
        for y in range(cells):
            for x in range(cells):
                centres += [[(x + 0.5) / cells, (y + 0.5) / cells]] * copies
    return np.array(centres, np.float32)[None]


def blazeface(raw, out):
    """faces [n, 5]: x0, y0, x1, y1 in parts of the frame, score. At most 20, suppressed at IoU 0.3, score from 0.5."""
    model = onnx.load(raw)
    graph = model.graph
    before = [
        node("Cast", ["frame"], ["frame_float"], to=TensorProto.FLOAT),
        node("Div", ["frame_float", "half_range"], ["frame_scaled"]),
        node("Sub", ["frame_scaled", "one"], ["input:0"]),
    ]
    uint8_input(graph, "input:0", [1, 256, 256, 3], before)
    constants = {
        "half_range": np.float32(127.5),
        "one": np.float32(1),
        "anchors": anchors(),
        "pixel": np.float32(1 / 256),
        "half": np.float32(0.5),
        "parts": np.array([2, 2, 12], np.int64),
        "score_most": np.float32(100),
        "score_least": np.float32(-100),
        "most_faces": np.array([20], np.int64),
        "overlap": np.array([0.3], np.float32),
        "threshold": np.array([0.5], np.float32),
        "axis_0": np.array([0], np.int64),
        "axis_1": np.array([1], np.int64),
        "column": np.array([2], np.int64),
        "column_end": np.array([3], np.int64),
    }
    for name, value in constants.items():
        constant(graph, name, value)
    graph.node.extend(
        [
            node("Concat", ["Identity_2:0", "Identity_3:0"], ["regressions"], axis=1),
            node("Concat", ["Identity:0", "Identity_1:0"], ["logits"], axis=1),
            node("Clip", ["logits", "score_least", "score_most"], ["logits_clipped"]),
            node("Sigmoid", ["logits_clipped"], ["scores"]),
            # Centre and size in pixels relative to the anchor, then six landmarks that nobody here uses.
            node("Mul", ["regressions", "pixel"], ["relative"]),
            node("Split", ["relative", "parts"], ["offset", "size", "landmarks"], axis=2),
            node("Add", ["offset", "anchors"], ["centre"]),
            node("Mul", ["size", "half"], ["half_size"]),
            node("Sub", ["centre", "half_size"], ["first_corner"]),
            node("Add", ["centre", "half_size"], ["second_corner"]),
            node("Concat", ["first_corner", "second_corner"], ["boxes"], axis=2),
            node("Transpose", ["scores"], ["scores_by_class"], perm=[0, 2, 1]),
            node(
                "NonMaxSuppression",
                ["boxes", "scores_by_class", "most_faces", "overlap", "threshold"],
                ["selected"],
                center_point_box=0,
            ),
            # Rows of `selected` are batch, class, box.
            node("Slice", ["selected", "column", "column_end", "axis_1"], ["selected_box"]),
            node("Squeeze", ["selected_box", "axis_1"], ["chosen"]),
            node("Concat", ["boxes", "scores"], ["boxes_and_scores"], axis=2),
            node("Gather", ["boxes_and_scores", "chosen"], ["faces_batch"], axis=1),
            node("Squeeze", ["faces_batch", "axis_0"], ["faces"]),
        ]
    )
    float_output(graph, "faces", ["n", 5])
    onnx.save(model, out)
    simplify(out)
    onnx.checker.check_model(onnx.load(out))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=["centernet", "blazeface"])
    parser.add_argument("raw")
    parser.add_argument("out")
    arguments = parser.parse_args()
    {"centernet": centernet, "blazeface": blazeface}[arguments.which](arguments.raw, arguments.out)
    show(arguments.out)


if __name__ == "__main__":
    main()
