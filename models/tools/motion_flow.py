"""
The graph that says where each pixel of a frame went in another frame: optical flow without weights.

usage: motion_flow.py OUT.onnx

Takes `from` and `to`, uint8 [1, h, w, 3], any size; gives `flow`, float32 [1, 2, h, w], x then y in pixels: what `from` shows at p lies at p + flow in `to`.

1. Brightness in a pyramid of halves. At a sixteenth of the size a first search that ignores brightness finds the gain and offset of the light between the
   frames, which are taken out; and a part of the mean over a wide window is, for light that changes in places.
2. At an eighth of the size every offset of a square is tried for every pixel; averages over small and wide windows decide, and the best offsets are mixed (soft minimum).
3. At an eighth, a quarter and a half: each pixel may take the flow of a pixel some steps away when that explains the picture better (sharp borders of
   things that move), then least squares over a window (Lucas & Kanade, 1981) are solved together with the wish to be like the pixels around (Horn & Schunck, 1981;
   both: Bruhn, Weickert & Schnörr, 2005), by Jacobi's iteration. A pixel whose brightness disagrees with the flow counts less in both (weight 1 / (1 + (difference / doubt)²)),
   one that is out of view not at all: so flat, covered and unseen places take the flow of what is around them. Small differences from the flow around are
   noise and are evened out; large ones are borders and stay.
4. The flow of half the size is enlarged.
"""
import os
import sys
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT = np.float32


@dataclass(frozen=True)
class Tuning:
    """Tuned on real clips at 427x240. Lengths in pixels of the level, differences in levels of 0 to 255."""

    # Pixels a side of the coarsest level are 2**coarsest times as large.
    coarsest: int = 3
    finest: int = 1
    # Of the mean over `light_window` pixels of the coarsest level, how much is taken off.
    light: float = 0.1
    light_window: int = 5
    # Offsets of the search: up to `reach` pixels of the coarsest level each way. A difference counts up to `dearest`.
    reach: int = 5
    # The same for the search that only compares the light, at half that size.
    first_reach: int = 3
    dearest: float = 80.0
    search_windows: tuple = (5, 5, 5)
    # Levels for each pixel of length: of equal offsets the shortest.
    length_cost: float = 0.2
    sharpness: float = 2.0
    # By level: full size (not used), a half, a quarter, an eighth. `step`: how far away the neighbours are whose flow is offered (0: none).
    step: tuple = (0, 5, 5, 0)
    window: tuple = (5, 5, 5, 5)
    warps: tuple = (1, 1, 2, 2)
    likeness: float = 25.0
    # Windows over which "the pixels around" are averaged, one for each iteration.
    around: tuple = (3, 3, 3, 3, 3, 3)
    doubt: float = 20.0
    # A neighbour has to explain the picture better by this much.
    neighbour_cost: float = 0.3
    neighbour_dearest: float = 30.0
    # Window by level (0: none) and step of the smoothing that leaves the borders of moving things.
    calm: tuple = (0, 9, 9, 0)
    calm_step: float = 0.7
    # Farthest that one warp may move a pixel.
    farthest: float = 2.0


class Value:
    """A tensor of the graph that can be calculated with."""

    def __init__(self, graph, name):
        self.graph, self.name = graph, name

    def __add__(self, other):
        return self.graph.op("Add", self, other)

    def __sub__(self, other):
        return self.graph.op("Sub", self, other)

    def __mul__(self, other):
        return self.graph.op("Mul", self, other)

    def __truediv__(self, other):
        return self.graph.op("Div", self, other)

    def inverse(self):
        return self.graph.op("Reciprocal", self)

    def mean(self, size):
        """The mean over a square around each pixel, of what of it lies in the picture."""
        return self.graph.op("AveragePool", self, kernel_shape=[size, size], pads=[size // 2] * 4, count_include_pad=0)

    def split(self, parts, axis=1):
        return self.graph.op("Split", self, [1] * parts, outputs=parts, axis=axis)

    def slice(self, start, end, axes):
        return self.graph.op("Slice", self, start, end, axes)

    def edges(self, size):
        """Continued by `size` pixels on all sides."""
        return self.graph.op("Pad", self, [0, 0, size, size, 0, 0, size, size], mode="edge")

    def convolve(self, kernels):
        return self.graph.op("Conv", self, np.asarray(kernels, FLOAT))

    def enlarge(self, times):
        return self.graph.op("Resize", self, "", np.array([1, 1, times, times], FLOAT), mode="linear")

    def sum(self, axis):
        return self.graph.op("ReduceSum", self, [axis], keepdims=1)


class Graph:
    """Grows node by node. Lists of whole numbers are int64 constants, numbers and arrays of floats float32 ones."""

    def __init__(self):
        self.nodes, self.constants, self.known, self.count = [], [], {}, 0

    def op(self, kind, *inputs, outputs=1, **attributes):
        names = [f"{kind.lower()}_{self.count + i}" for i in range(outputs)] if isinstance(outputs, int) else outputs
        self.count += len(names)
        self.nodes.append(helper.make_node(kind, [self.name(value) for value in inputs], names, **attributes))
        values = [Value(self, name) for name in names]
        return values[0] if len(values) == 1 else values

    def name(self, value):
        if isinstance(value, Value):
            return value.name
        if isinstance(value, str):
            return value
        array = np.asarray(value)
        array = array.astype(FLOAT) if array.dtype.kind == "f" else array
        key = (array.tobytes(), array.dtype.str, array.shape)
        if key not in self.known:
            self.known[key] = f"constant_{len(self.constants)}"
            self.constants.append(numpy_helper.from_array(array, self.known[key]))
        return self.known[key]

    def join(self, *values, axis=1):
        return self.op("Concat", *values, axis=axis)

    def number(self, value):
        """A whole number of the graph as a float."""
        return self.op("Cast", value, to=TensorProto.FLOAT)


class Level:
    """Both pictures at one size, and what is needed to look a flow up in the second."""

    def __init__(self, graph, both):
        self.graph = graph
        self.first, self.second = both.split(2, axis=0)
        self.size = graph.op("Shape", both).slice([2], [4], [0])
        height, width = [graph.number(part) for part in graph.op("Split", self.size, [1, 1], outputs=2, axis=0)]
        self.scale = graph.op("Reshape", graph.join(width, height, axis=0) - 1.0, [1, 2, 1, 1]).inverse() * 2.0
        ranges = [graph.op("Range", 0.0, graph.op("Squeeze", count), 1.0) for count in (width, height)]
        plane = graph.join([1, 1], self.size, axis=0)
        axes = [graph.op("Expand", graph.op("Reshape", r, shape), plane) for r, shape in zip(ranges, ([1, 1, 1, -1], [1, 1, -1, 1]))]
        self.place = graph.join(*axes) * self.scale - 1.0

    def look_up(self, flow, count):
        """The second picture where `count` flows, [count, 2, h, w], point to: [1, count, h, w]; and the places in -1 to 1."""
        graph = self.graph
        places = flow * self.scale + self.place
        rows = graph.op("Transpose", places, perm=[0, 2, 3, 1])
        if count > 1:
            rows = graph.op("Reshape", rows, graph.join([1, -1], self.size.slice([1], [2], [0]), [2], axis=0))
        found = graph.op("GridSample", self.second, rows, mode="bilinear", padding_mode="border", align_corners=1)
        if count > 1:
            found = graph.op("Reshape", found, graph.join([1, count], self.size, axis=0))
        return found, places


def search(graph, level, reach, tuning):
    """The flow of the coarsest level: all offsets up to `reach`, the dearness of each averaged over windows, the cheapest mixed."""
    side = 2 * reach + 1
    shifted = level.second.edges(reach).convolve(np.eye(side * side).reshape(-1, 1, side, side))
    cost = graph.op("Min", graph.op("Abs", shifted - level.first), tuning.dearest)
    total = None
    for size in tuning.search_windows:
        cost = cost.mean(size)
        total = cost if total is None else total + cost
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, -1).astype(FLOAT)
    total = total + (np.hypot(across, down) * FLOAT(tuning.length_cost)).reshape(1, -1, 1, 1)
    weights = cheapness(graph, total, tuning.sharpness)
    across, down, weight = weights.convolve(np.stack([across, down, np.ones(side * side)]).reshape(3, -1, 1, 1)).split(3)
    return graph.join(across, down) / weight


def cheapness(graph, cost, sharpness):
    """Weights of what the channels offer: 1 for the cheapest. (Softmax along the channels takes three times as long.)"""
    return graph.op("Exp", (cost - graph.op("ReduceMin", cost, axes=[1])) * -sharpness)


def from_neighbours(graph, level, flow, step, tuning):
    """Each pixel keeps its flow or takes that of a pixel `step` away, by which explains the picture better around it."""
    padded = flow.edges(step)
    offers = [flow]
    for down, across in ((0, step), (0, -step), (step, 0), (-step, 0)):
        start = [step + down, step + across]
        offers.append(padded.slice(start, graph.op("Add", level.size, start), [2, 3]))
    offered = graph.join(*offers, axis=0)
    found, _ = level.look_up(offered, len(offers))
    cost = graph.op("Min", graph.op("Abs", found - level.first), tuning.neighbour_dearest).mean(5)
    extra = np.full((1, len(offers), 1, 1), tuning.neighbour_cost, FLOAT)
    extra[0, 0] = 0
    weights = graph.op("Transpose", cheapness(graph, cost + extra, tuning.sharpness), perm=[1, 0, 2, 3])
    return (offered * weights).sum(0) / weights.sum(0)


# Derivatives with Scharr's weights, per pixel.
SLOPE = np.array([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]) / 32


def refine(graph, level, flow, index, tuning):
    """Least squares of brightness over a window, and likeness to the flow around, around the given flow."""
    slopes = level.first.edges(1).convolve(np.stack([SLOPE, SLOPE.T])[:, None])
    across, down = slopes.split(2)
    squares = graph.join(slopes * slopes, across * down)
    for _ in range(tuning.warps[index]):
        found, places = level.look_up(flow, 1)
        difference = found - level.first
        inside = graph.number(graph.op("LessOrEqual", graph.op("ReduceMax", graph.op("Abs", places), axes=[1]), 1.0001))
        doubt = difference * (1 / tuning.doubt)
        trust = inside / (doubt * doubt + 1.0)
        # Of the pixel's own equation M u = r, with M in three numbers; (M + likeness) u = r + likeness * (u around).
        xx, yy, xy, x, y = (graph.join(squares, slopes * difference) * trust).mean(tuning.window[index]).split(5)
        u, v = flow.split(2)
        right = graph.join(xx * u + xy * v - x, xy * u + yy * v - y)
        a, c = xx + tuning.likeness, yy + tuning.likeness
        scale = (a * c - xy * xy).inverse()
        same, other = graph.join(c, a) * scale, xy * scale * -1.0

        def solve(vector):
            return vector * same + graph.op("Gather", vector, [1, 0], axis=1) * other

        known = solve(right)
        same, other = same * tuning.likeness, other * tuning.likeness
        weight = trust.mean(3) + 0.02
        totals = {size: weight.mean(size).inverse() for size in sorted(set(tuning.around))}
        moved = flow
        for size in tuning.around:
            moved = solve((moved * weight).mean(size) * totals[size]) + known
        if tuning.calm[index]:
            size = tuning.calm[index]
            off = (moved * weight).mean(size) / weight.mean(size) - moved
            moved = off * graph.op("Exp", (off * off).sum(1) * (-1 / tuning.calm_step**2)) + moved
        flow = flow + graph.op("Clip", moved - flow, -tuning.farthest, tuning.farthest)
    return flow


def exposure(graph, both, tuning):
    """
    Gain and offset, [1, 1, 1, 1] each, that make the second picture as bright as the first: a fade or another exposure is no motion. From the pixels of a
    small size after a search that ignores brightness; 1 and 0 where they explain the pictures no better than nothing does.
    """
    level = Level(graph, both - both.mean(tuning.light_window))
    flow = search(graph, level, tuning.first_reach, tuning)
    plain = Level(graph, both)
    found, _ = plain.look_up(flow, 1)

    def error(picture):
        return graph.op("Abs", picture - plain.first)

    def mean(values):
        return graph.op("ReduceMean", values, axes=[2, 3])

    seen, _ = level.look_up(flow, 1)
    weight = (graph.op("Abs", seen - level.first) * (1 / tuning.doubt) + 1.0).inverse()
    for _ in range(3):
        share = weight / mean(weight)
        means = [mean(picture * share) for picture in (plain.first, found)]
        spreads = [mean(picture * picture * share) - middle * middle + 1.0 for picture, middle in zip((plain.first, found), means)]
        gain = graph.op("Clip", graph.op("Sqrt", graph.op("Max", spreads[0] / spreads[1], 0.01)), 0.25, 4.0)
        offset = means[0] - means[1] * gain
        wrong = error(found * gain + offset)
        weight = (wrong * wrong * (1 / 64) + 1.0).inverse()
    without, with_it = [mean(graph.op("Min", wrong_by, 30.0)) for wrong_by in (error(found), wrong)]
    use = graph.op("Sigmoid", (without - with_it * 1.3 - 1.0) * 8.0)
    return (gain - 1.0) * use + 1.0, offset * use


def build(tuning=Tuning()):
    graph = Graph()
    size = graph.op("Slice", graph.op("Shape", Value(graph, "from")), [1], [3], [0])
    unit = 2 ** (tuning.coarsest + 1)
    whole = graph.op("Max", graph.op("Mul", graph.op("Div", graph.op("Add", size, [unit - 1]), [unit]), [unit]), [2 * unit])
    missing = graph.join([0, 0, 0, 0, 0, 0], graph.op("Sub", whole, size), axis=0)

    def brightness(name):
        picture = graph.op("Transpose", graph.number(Value(graph, name)), perm=[0, 3, 1, 2])
        return graph.op("Pad", picture.convolve(np.reshape([0.299, 0.587, 0.114], (1, 3, 1, 1))), missing, mode="edge")

    sizes = [graph.join(brightness("from"), brightness("to"), axis=0)]
    for _ in range(tuning.coarsest + 1):
        sizes.append(graph.op("AveragePool", sizes[-1], kernel_shape=[2, 2], strides=[2, 2]))
    gain, offset = exposure(graph, sizes.pop(), tuning)
    gains, offsets = graph.join([[[[1.0]]]], gain, axis=0), graph.join([[[[0.0]]]], offset, axis=0)
    sizes = [both * gains + offsets for both in sizes]
    light = sizes[-1].mean(tuning.light_window) * tuning.light
    flow = None
    for index in range(tuning.coarsest, tuning.finest - 1, -1):
        times = 2 ** (tuning.coarsest - index)
        level = Level(graph, sizes[index] - (light.enlarge(times) if times > 1 else light))
        flow = search(graph, level, tuning.reach, tuning) if flow is None else flow.enlarge(2) * 2.0
        if tuning.step[index]:
            flow = from_neighbours(graph, level, flow, tuning.step[index], tuning)
        flow = refine(graph, level, flow, index, tuning)
    if tuning.finest:
        flow = flow.enlarge(2**tuning.finest) * float(2**tuning.finest)
    graph.op("Slice", flow, [0, 0], size, [2, 3], outputs=["flow"])
    pictures = [helper.make_tensor_value_info(name, TensorProto.UINT8, [1, "height", "width", 3]) for name in ("from", "to")]
    result = helper.make_tensor_value_info("flow", TensorProto.FLOAT, [1, 2, "height", "width"])
    made = helper.make_graph(graph.nodes, "motion-flow", pictures, [result], graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9, producer_name="rushes")
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    onnx.save(build(), sys.argv[1])
    print(sys.argv[1], os.path.getsize(sys.argv[1]), "bytes")
