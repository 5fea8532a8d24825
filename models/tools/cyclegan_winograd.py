"""
The freezable CycleGAN generator (cyclegan.py) in fewer multiplications. The same weights, inputs and outputs.

usage: cyclegan_winograd.py FREEZABLE.onnx OUT.onnx

The 18 convolutions of its residual blocks are three quarters of its time. Here each is Winograd's minimal filtering F(6x6, 3x3) (Lavin and Gray 2016, "Fast
Algorithms for Convolutional Neural Networks"): of each tile of 8x8 pixels, 64 numbers are made by sums, each is multiplied by a matrix of the weights
alone, and sums of them are 6x6 pixels of the result. That is 64 multiplications in place of 324.

The blocks are kept channels last, as rows of 256 numbers in the order of the tiles: row ((v·6 + u)·tiles + tile) is the pixel (u, v) of its tile. So one
Gather, with an index of whole rows that is made once from the frame's size and holds the reflection at the edges, cuts the tiles of a layer out of the result of the
last. Where the last tiles stand over the picture's edge, their rows hold numbers that no tile reads and that the norms don't count.
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from common import show

CHANNELS = 256
TAPS = 3
LAYERS = range(10, 19)
# Where polynomials are evaluated. With 2 and 1/2 beside 1 the sums stay near to what they sum: 2e-4 of 65 after all 18 layers.
POINTS = (0, 1, -1, 2, -2, 1 / 2, -1 / 2)
node = helper.make_node


def minimal_filtering(points, taps):
    """
    Matrices of Toom and Cook for `taps` taps: data (B transposed), weights (G) and results (A transposed), so that At((G g)·(Bt d)) are the products of
    polynomials that are evaluated at the points and at infinity. Each row of Bt is scaled by a power of two, and that of G against it, to be of one size.
    """
    size, points = len(points) + 1, np.array(points, np.float64)
    data, weights, results = np.zeros((size, size)), np.zeros((size, taps)), np.zeros((size - taps + 1, size))
    for j, point in enumerate(points):
        others = np.delete(points, j)
        data[j, :-1] = np.poly(others)[::-1]
        weights[j] = point ** np.arange(taps) / np.prod(point - others)
        results[:, j] = point ** np.arange(len(results))
        scale = 2.0 ** np.round(np.log2(np.abs(data[j]).max() / np.abs(weights[j]).max()) / 2)
        data[j], weights[j] = data[j] / scale, weights[j] * scale
    data[-1], weights[-1, -1], results[-1, -1] = np.poly(points)[::-1], 1, 1
    return data, weights, results


class Part:
    """Nodes as they come, with names of their own; a constant is stored once."""

    def __init__(self, prefix):
        self.prefix, self.nodes, self.constants, self.count = prefix, [], {}, 0

    def add(self, kind, *inputs, output=None, **attributes):
        self.count += 1
        output = output or f"{self.prefix}.{kind}_{self.count}"
        self.nodes.append(node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, name, values, kind=np.float32):
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(values, kind), name))
        return name

    def whole(self, *values):
        """Whole numbers, a scalar or a list."""
        name = "rows.whole_" + "_".join(str(value) for value in values)
        return self.constant(name, values if len(values) > 1 else values[0], np.int64)

    def list(self, *values):
        return self.constant("rows.list_" + "_".join(str(value) for value in values), values, np.int64)

    def float(self, x):
        return self.add("Cast", x, to=TensorProto.FLOAT)


class Tiles:
    """Index of the rows, from the height and width of the picture x [1, channels, height, width]."""

    def __init__(self, part, x, side):
        self.part, self.side = part, side
        self.size = part.add("Shape", x, start=2)
        self.height, self.width = (part.add("Gather", self.size, part.whole(axis)) for axis in (0, 1))
        self.down, self.across = (part.add("Div", part.add("Add", length, part.whole(side - 1)), part.whole(side)) for length in (self.height, self.width))
        self.count = part.add("Mul", self.down, self.across)
        self.pixels = part.float(part.add("Mul", self.height, self.width))

    def places(self, tiles, taps, first):
        """[taps, tiles]: where the taps of each tile lie along one axis; the first tap of the first one at `first`."""
        part = self.part
        starts = part.add("Mul", part.add("Range", part.whole(0), tiles, part.whole(1)), part.whole(self.side))
        return part.add("Add", starts, part.constant(f"rows.taps_{taps}", np.arange(taps)[:, None] + first, np.int64))

    def reflected(self, places, length):
        """Places within the picture: one beyond an edge is the one as far within; what lies further out serves no pixel, and is any."""
        part = self.part
        last = part.add("Sub", length, part.whole(1))
        near = part.add("Abs", places)
        far = part.add("Sub", part.add("Mul", last, part.whole(2)), near)
        return part.add("Max", part.add("Min", part.add("Min", near, far), last), part.whole(0))

    def row(self, y):
        """What a pixel's row owes to its y; `column`, to its x. Their sum is the row."""
        part, side = self.part, self.part.whole(self.side)
        within = part.add("Mul", part.add("Mul", part.add("Mod", y, side), side), self.count)
        return part.add("Add", within, part.add("Mul", part.add("Div", y, side), self.across))

    def column(self, x):
        part, side = self.part, self.part.whole(self.side)
        return part.add("Add", part.add("Mul", part.add("Mod", x, side), self.count), part.add("Div", x, side))

    def crossed(self, kind, down, across, shape):
        """[a, tiles down] and [b, tiles across] to [a, b, tiles down, tiles across], reshaped."""
        part = self.part
        both = part.add(kind, part.add("Unsqueeze", down, part.list(1, 3)), part.add("Unsqueeze", across, part.list(0, 2)))
        return part.add("Reshape", both, part.list(*shape))

    def cut(self):
        """[64, tiles]: the rows that the tiles are cut out of."""
        size = self.side + TAPS - 1
        y, x = (self.reflected(self.places(tiles, size, -1), length) for tiles, length in ((self.down, self.height), (self.across, self.width)))
        return self.crossed("Add", self.row(y), self.column(x), (size * size, -1))

    def enter(self):
        """[rows]: for each, its pixel in a picture whose pixels are in reading order."""
        y, x = (self.reflected(self.places(tiles, self.side, 0), length) for tiles, length in ((self.down, self.height), (self.across, self.width)))
        return self.crossed("Add", self.part.add("Mul", y, self.width), x, (-1,))

    def leave(self):
        """[height, width]: for each pixel its row."""
        part = self.part
        y, x = (part.add("Range", part.whole(0), length, part.whole(1)) for length in (self.height, self.width))
        return part.add("Add", part.add("Unsqueeze", self.row(y), part.list(1)), self.column(x))

    def inside(self):
        """[36, 1, tiles]: 1 where a row is a pixel of the picture, else 0: whole numbers, which units of less precision hold exactly."""
        part = self.part
        inside = [part.float(part.add("Less", self.places(tiles, self.side, 0), length)) for tiles, length in ((self.down, self.height), (self.across, self.width))]
        return self.crossed("Mul", *inside, (self.side**2, 1, -1))


class Blocks:
    """The residual blocks on rows."""

    def __init__(self, part, x, weights, norms):
        self.part, self.weights, self.norms = part, weights, norms
        data, kernel, results = minimal_filtering(POINTS, TAPS)
        self.side, self.size = len(results), len(data)
        self.tiles = Tiles(part, x, self.side)
        self.cut, self.inside = self.tiles.cut(), self.tiles.inside()
        self.data, self.results = part.constant("rows.data", np.kron(data, data)), part.constant("rows.results", np.kron(results, results))
        # Times one, which is known only when the frame is: the transformed weights are then made anew for each frame, within a millisecond a layer, where
        # they would otherwise be made when the model is loaded and kept: 300 MB.
        one = part.add("Div", self.tiles.pixels, self.tiles.pixels)
        self.kernel = part.add("Mul", part.constant("rows.kernel", np.kron(kernel, kernel)), one)

    def enter(self, x):
        part = self.part
        rows = part.add("Reshape", part.add("Transpose", x, perm=[0, 2, 3, 1]), part.list(-1, CHANNELS))
        return part.add("Gather", rows, self.tiles.enter())

    def leave(self, rows, output):
        pixels = self.part.add("Gather", rows, self.tiles.leave())
        planes = self.part.add("Unsqueeze", pixels, self.part.list(0))
        return self.part.add("Transpose", planes, perm=[0, 3, 1, 2], output=output)

    def convolve(self, rows, layer):
        """Without the bias, for which `normalise` cares."""
        part, square = self.part, self.size**2
        kernel = self.weights[f"{layer}.weight_h"]
        half = part.constant(f"{layer}.taps_h", kernel.transpose(2, 3, 1, 0).reshape(TAPS**2, -1), np.float16)
        taps = part.add("Cast", half, to=TensorProto.FLOAT, output=f"{layer}.taps")
        matrices = part.add("Reshape", part.add("MatMul", self.kernel, taps), part.list(square, CHANNELS, CHANNELS))
        tiles = part.add("Reshape", part.add("Gather", rows, self.cut), part.list(square, -1))
        sums = part.add("Reshape", part.add("MatMul", self.data, tiles), part.list(square, -1, CHANNELS))
        products = part.add("Reshape", part.add("MatMul", sums, matrices), part.list(square, -1))
        return part.add("Reshape", part.add("MatMul", self.results, products), part.list(self.side**2, -1, CHANNELS))

    def normalise(self, x, layer, convolution):
        """
        a·(x + bias) + b, as rows. Of a frame's own statistics, a = gain/deviation and b = offset - (mean + bias)·a, so that the bias cancels; of given ones it doesn't.
        """
        part = self.part
        scale, offset = self.norms[layer]
        gain, lift, bias = (part.constant(name, self.weights[name]) for name in (f"{layer}.weight", f"{layer}.bias", f"{convolution}.bias"))
        given = [node("Identity", [f"given_{name}"], [f"frozen_{kind}"]) for kind, name in (("scale", scale), ("offset", offset))]
        epsilon, axes = "norm.epsilon", part.list(0, 1)
        own = [
            node("MatMul", [self.inside, x], ["norm.sums"]),
            node("ReduceSum", ["norm.sums", axes], ["norm.sum"], keepdims=0),
            node("Div", ["norm.sum", self.tiles.pixels], ["norm.mean"]),
            node("Mul", [x, x], ["norm.squares"]),
            node("MatMul", [self.inside, "norm.squares"], ["norm.square_sums"]),
            node("ReduceSum", ["norm.square_sums", axes], ["norm.square_sum"], keepdims=0),
            node("Div", ["norm.square_sum", self.tiles.pixels], ["norm.mean_square"]),
            node("Mul", ["norm.mean", "norm.mean"], ["norm.square_mean"]),
            node("Sub", ["norm.mean_square", "norm.square_mean"], ["norm.variance"]),
            node("Add", ["norm.variance", epsilon], ["norm.above_zero"]),
            node("Sqrt", ["norm.above_zero"], ["norm.deviation"]),
            node("Div", [gain, "norm.deviation"], ["norm.scale_row"]),
            node("Add", ["norm.mean", bias], ["norm.biased_mean"]),
            node("Mul", ["norm.biased_mean", "norm.scale_row"], ["norm.shift"]),
            node("Sub", [lift, "norm.shift"], ["norm.offset_row"]),
            node("Reshape", ["norm.scale_row", "norm.row"], ["plain_scale"]),
            node("Reshape", ["norm.offset_row", "norm.row"], ["plain_offset"]),
        ]
        part.nodes.append(node("If", ["is_frozen"], [scale, offset], then_branch=branch("frozen", given), else_branch=branch("plain", own)))
        lifted = part.add("Add", part.add("Mul", scale, bias), offset)
        rows = part.add("Reshape", x, part.list(-1, CHANNELS))
        return part.add("Add", part.add("Mul", rows, scale), lifted)

    def block(self, x, layer):
        y = self.normalise(self.convolve(x, f"{layer}.block.1"), f"{layer}.block.2", f"{layer}.block.1")
        y = self.part.add("Relu", y)
        return self.part.add("Add", x, self.normalise(self.convolve(y, f"{layer}.block.5"), f"{layer}.block.6", f"{layer}.block.5"))


def branch(name, nodes):
    return helper.make_graph(nodes, name, [], [helper.make_tensor_value_info(f"{name}_{what}", TensorProto.FLOAT, None) for what in ("scale", "offset")])


def last_convolution(part, original, weights):
    """
    The 7x7 convolution to three channels, which are padded to 16 in the processor's registers, as one of 1x7 to 7 x 3 channels, whose planes are summed, each from
    another height: 7 x 32 multiplications in place of 49 x 16.
    """
    x, kernel, bias = original.input
    values = weights[f"{kernel}_h"]
    channels, taken, height, width = values.shape
    half = part.constant(f"{kernel}_rows_h", values.transpose(2, 0, 1, 3).reshape(height * channels, taken, 1, width), np.float16)
    strips = part.add("Conv", x, part.add("Cast", half, to=TensorProto.FLOAT), kernel_shape=[1, width])
    # From the k-th line on, to the k-th last but six.
    planes = [
        part.add("Slice", strips, part.list(channels * k, k), part.list(channels * (k + 1), k - height + 1 or np.iinfo(np.int64).max), part.list(1, 2)) for k in range(height)
    ]
    part.add("Add", part.add("Sum", *planes), part.constant(f"{bias}_planes", weights[bias].reshape(1, channels, 1, 1)), output=original.output[0])


def main(source, out):
    model = onnx.load(source)
    graph = model.graph
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    makers = {name: at for at, n in enumerate(graph.node) for name in n.output}
    first, last = f"model.{LAYERS[0]}", f"model.{LAYERS[-1]}.out"
    x = graph.node[makers[f"{first}.0"]].input[0]
    norms = {n.output[0].removesuffix(".out"): n.output[1:] for n in graph.node if n.op_type == "If"}
    part = Part("rows")
    blocks = Blocks(part, x, weights, norms)
    rows = blocks.enter(x)
    for layer in LAYERS:
        rows = blocks.block(rows, f"model.{layer}")
    blocks.leave(rows, last)
    tail = Part("strips")
    convolution = graph.node[makers["model.26.out"]]
    last_convolution(tail, convolution, weights)
    nodes = [*graph.node[: makers[f"{first}.0"]], *part.nodes, *graph.node[makers[last] + 1 : makers["model.26.out"]], *tail.nodes, *graph.node[makers["model.26.out"] + 1 :]]
    constants = {tensor.name: tensor for tensor in graph.initializer} | part.constants | tail.constants
    store(model, alive(nodes, graph), constants, out)


def alive(nodes, graph):
    """Without what nothing reads, as the casts of the weights that were replaced."""
    read, kept = {value.name for value in graph.output}, []
    for n in reversed(nodes):
        if read.isdisjoint(n.output):
            continue
        kept.append(n)
        read.update(reads(n))
    return kept[::-1]


def reads(n):
    inner = [name for a in n.attribute if a.type == onnx.AttributeProto.GRAPH for m in a.g.node for name in reads(m)]
    return [*n.input, *inner]


def store(model, nodes, constants, out):
    graph = model.graph
    read = {name for n in nodes for name in reads(n)}
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(tensor for name, tensor in constants.items() if name in read)
    onnx.checker.check_model(model)
    onnx.save(model, out)
    show(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
