"""
The CycleGAN generator of vintagify (ResNet with 9 blocks, "modern" to "vintage"), node by node, and what lets it keep its look over a shot.

usage: cyclegan.py plain G_A2B_epoch33.pth OUT.onnx      the network as it was trained
       cyclegan.py freezable PLAIN.onnx OUT.onnx         the same with `statistics` and `frozen`; float or int8

Instance normalisation makes of each channel x the channel a·x + b, where a and b follow from the mean and variance of this
very frame. When a thing enters the frame, they change, and the tone of the whole picture with them: it flickers. The freezable form also
gives the a and b of its 23 norms, and applies given ones in place of its own where `frozen` is 1.
"""
import pickle
import sys
import zipfile
from collections import OrderedDict

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from common import show, store_float16

BLOCKS = 9
node = helper.make_node


def read_checkpoint(path):
    """The tensors of a PyTorch checkpoint by name. Nothing but tensors and dictionaries is unpickled."""
    archive = zipfile.ZipFile(path)
    folder = archive.namelist()[0].split("/")[0]

    def rebuild(storage, offset, size, stride, *_):
        values = np.lib.stride_tricks.as_strided(storage[offset:], size, [step * storage.itemsize for step in stride])
        return np.ascontiguousarray(values)

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            known = {"OrderedDict": OrderedDict, "_rebuild_tensor_v2": rebuild, "FloatStorage": np.float32}
            return known[name]

        def persistent_load(self, saved):
            _, kind, key, *_ = saved
            return np.frombuffer(archive.read(f"{folder}/data/{key}"), kind)

    return Unpickler(archive.open(f"{folder}/data.pkl")).load()


class Generator:
    """Nodes and weights as they come; each layer takes a tensor's name and gives the next one's."""

    def __init__(self, weights):
        self.weights, self.nodes, self.constants = weights, [], {}

    def add(self, kind, inputs, output, **attributes):
        self.nodes.append(node(kind, inputs, [output], **attributes))
        return output

    def constant(self, name, values, kind=np.float32):
        self.constants[name] = numpy_helper.from_array(np.array(values, kind), name)
        return name

    def weight(self, name):
        return self.constant(name, self.weights[name])

    def reflect(self, x, pixels, output):
        return self.add("Pad", [x, self.constant(f"reflect_{pixels}", [0, 0, pixels, pixels] * 2, np.int64)], output, mode="reflect")

    def convolve(self, x, layer, kind="Conv", **attributes):
        return self.add(kind, [x, self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")], f"{layer}.out", **attributes)

    def normalise(self, x, layer):
        return self.add("InstanceNormalization", [x, self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")], f"{layer}.out", epsilon=1e-5)

    def activate(self, x):
        return self.add("Relu", [x], f"{x}.relu")

    def block(self, x, layer):
        y = self.convolve(self.reflect(x, 1, f"{layer}.0"), f"{layer}.block.1", kernel_shape=[3, 3])
        y = self.activate(self.normalise(y, f"{layer}.block.2"))
        y = self.convolve(self.reflect(y, 1, f"{layer}.4"), f"{layer}.block.5", kernel_shape=[3, 3])
        return self.add("Add", [x, self.normalise(y, f"{layer}.block.6")], f"{layer}.out")


def network(g, x):
    """generator.py of vintagify, layer by layer: the numbers are those of its Sequential."""
    x = g.activate(g.normalise(g.convolve(g.reflect(x, 3, "model.0"), "model.1", kernel_shape=[7, 7]), "model.2"))
    for layer in (4, 7):
        x = g.convolve(x, f"model.{layer}", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
        x = g.activate(g.normalise(x, f"model.{layer + 1}"))
    for layer in range(10, 10 + BLOCKS):
        x = g.block(x, f"model.{layer}")
    for layer in (19, 22):
        up = dict(kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])
        x = g.convolve(x, f"model.{layer}", "ConvTranspose", **up)
        x = g.activate(g.normalise(x, f"model.{layer + 1}"))
    x = g.convolve(g.reflect(x, 3, "model.25"), "model.26", kernel_shape=[7, 7])
    return g.add("Tanh", [x], "model.27")


def plain(checkpoint, out):
    g = Generator(read_checkpoint(checkpoint))
    half, one = g.constant("half", 127.5), g.constant("one", 1)
    # The network halves the picture twice and doubles it again, so that both sides must be multiples of 4.
    g.add("Transpose", ["frames"], "planes", perm=[0, 3, 1, 2])
    g.add("Cast", ["planes"], "pixels", to=TensorProto.FLOAT)
    g.add("Shape", ["pixels"], "size", start=2)
    g.add("Neg", ["size"], "negative")
    g.add("Mod", ["negative", g.constant("four", [4, 4], np.int64)], "missing")
    g.add("Concat", [g.constant("no_pads", [0] * 6, np.int64), "missing"], "pads", axis=0)
    g.add("Pad", ["pixels", "pads"], "padded", mode="reflect")
    g.add("Div", ["padded", half], "scaled")
    y = network(g, g.add("Sub", ["scaled", one], "input"))
    g.add("Add", [y, one], "lifted")
    g.add("Mul", ["lifted", half], "levels")
    g.add("Round", ["levels"], "rounded")
    g.add("Clip", ["rounded", g.constant("low", 0), g.constant("high", 255)], "clipped")
    g.add("Cast", ["clipped"], "bytes", to=TensorProto.UINT8)
    g.add("Slice", ["bytes", g.constant("start", [0, 0], np.int64), "size", g.constant("axes", [2, 3], np.int64)], "cropped")
    g.add("Transpose", ["cropped"], "styled", perm=[0, 2, 3, 1])
    picture = [1, "height", "width", 3]
    graph = helper.make_graph(
        g.nodes,
        "cyclegan-vintage",
        [helper.make_tensor_value_info("frames", TensorProto.UINT8, picture)],
        [helper.make_tensor_value_info("styled", TensorProto.UINT8, picture)],
        list(g.constants.values()),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="rushes")
    onnx.checker.check_model(model)
    onnx.save(model, out)
    store_float16(out, out)
    show(out)



def freezable(source, out):
    model = onnx.load(source)
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    norms = [n for n in graph.node if n.op_type == "InstanceNormalization"]
    channels = [numpy_helper.to_array(weights[n.input[1]]).size for n in norms]
    constants = Constants(graph)
    # Norm k owns the pieces k (scales) and 23 + k (offsets) of the statistics.
    pieces = constants.add("norm.pieces", channels * 2, np.int64)
    scales, offsets = ([f"{kind}_{k}" for k in range(len(norms))] for kind in ("scale", "offset"))
    graph.input.extend([helper.make_tensor_value_info("statistics", TensorProto.FLOAT, [1, 2 * sum(channels)]), helper.make_tensor_value_info("frozen", TensorProto.FLOAT, [])])
    nodes = [
        node("Cast", ["frozen"], ["is_frozen"], to=TensorProto.BOOL),
        node("Split", ["statistics", pieces], [f"given_{name}" for name in scales + offsets], axis=1),
    ]
    for original in graph.node:
        if original.op_type == "InstanceNormalization":
            k = norms.index(original)
            nodes += switch(original, constants, scales[k], offsets[k])
        else:
            nodes.append(original)
    nodes.append(node("Concat", scales + offsets, ["statistics_out"], axis=1))
    nodes = grow_small(nodes, constants)
    del graph.node[:]
    graph.node.extend(nodes)
    graph.output.append(helper.make_tensor_value_info("statistics_out", TensorProto.FLOAT, [1, 2 * sum(channels)]))
    for value in (graph.input[0], graph.output[0]):
        value.type.tensor_type.shape.dim[0].dim_value = 1
    onnx.checker.check_model(model)
    onnx.save(model, out)
    show(out)


def grow_small(nodes, constants):
    """
    The network's inner reflections need two pixels a side at a quarter of the size, so a picture under 8 pixels is continued
    by its edges first, and cropped afterwards.
    """
    for n in nodes:
        n.input[:] = ["grown" if name == "frames" else name for name in n.input]
        n.output[:] = ["styled_grown" if name == "styled" else name for name in n.output]
    smallest, nothing = constants.add("smallest", [1, 8, 8, 3], np.int64), constants.add("nothing", [0] * 4, np.int64)
    before = [
        node("Shape", ["frames"], ["frame_size"]),
        node("Sub", [smallest, "frame_size"], ["too_small"]),
        node("Max", ["too_small", nothing], ["growth"]),
        node("Concat", [nothing, "growth"], ["growth_pads"], axis=0),
        node("Pad", ["frames", "growth_pads"], ["grown"], mode="edge"),
    ]
    return [*before, *nodes, node("Slice", ["styled_grown", nothing, "frame_size"], ["styled"])]


class Constants:
    """Small constants that several nodes share."""

    def __init__(self, graph):
        self.graph, self.names = graph, set()

    def add(self, name, values, kind=np.float32):
        if name not in self.names:
            self.names.add(name)
            self.graph.initializer.append(numpy_helper.from_array(np.array(values, kind), name))
        return name


def switch(norm, constants, scale, offset):
    """In place of a norm of x: given scale and offset, or the norm itself and what it amounted to. The untaken branch costs nothing."""
    (x, gain, bias), (y,) = norm.input, norm.output
    planes, row = constants.add("norm.planes", [1, -1, 1, 1], np.int64), constants.add("norm.row", [1, -1], np.int64)
    frozen = [
        node("Reshape", [f"given_{scale}", planes], ["norm.a"]),
        node("Reshape", [f"given_{offset}", planes], ["norm.b"]),
        node("Mul", [x, "norm.a"], ["norm.ax"]),
        node("Add", ["norm.ax", "norm.b"], ["frozen_y"]),
        node("Identity", [f"given_{scale}"], ["frozen_scale"]),
        node("Identity", [f"given_{offset}"], ["frozen_offset"]),
    ]
    epsilon = constants.add("norm.epsilon", norm.attribute[0].f)
    plain = [
        node("InstanceNormalization", list(norm.input), ["plain_y"], epsilon=norm.attribute[0].f),
        node("ReduceMean", [x], ["norm.mean"], axes=[2, 3], keepdims=0),
        node("ReduceSumSquare", [x], ["norm.squares"], axes=[2, 3], keepdims=0),
        node("Shape", [x], ["norm.size"], start=2),
        node("ReduceProd", ["norm.size"], ["norm.count"], keepdims=0),
        node("Cast", ["norm.count"], ["norm.pixels"], to=TensorProto.FLOAT),
        node("Div", ["norm.squares", "norm.pixels"], ["norm.mean_square"]),
        node("Mul", ["norm.mean", "norm.mean"], ["norm.square_mean"]),
        node("Sub", ["norm.mean_square", "norm.square_mean"], ["norm.variance"]),
        node("Add", ["norm.variance", epsilon], ["norm.above_zero"]),
        node("Sqrt", ["norm.above_zero"], ["norm.deviation"]),
        node("Div", [gain, "norm.deviation"], ["norm.scale_row"]),
        node("Mul", ["norm.mean", "norm.scale_row"], ["norm.shift"]),
        node("Sub", [bias, "norm.shift"], ["norm.offset_row"]),
        node("Reshape", ["norm.scale_row", row], ["plain_scale"]),
        node("Reshape", ["norm.offset_row", row], ["plain_offset"]),
    ]
    return [node("If", ["is_frozen"], [y, scale, offset], then_branch=branch("frozen", frozen), else_branch=branch("plain", plain))]


def branch(name, nodes):
    outputs = [helper.make_tensor_value_info(f"{name}_{what}", TensorProto.FLOAT, None) for what in ("y", "scale", "offset")]
    return helper.make_graph(nodes, name, [], outputs)


if __name__ == "__main__":
    {"plain": plain, "freezable": freezable}[sys.argv[1]](*sys.argv[2:])
