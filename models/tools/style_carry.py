"""
The graphs that carry a styled key frame to the frames around it: no weights, any size.

usage: style_carry.py FOLDER      writes style-guide.onnx, style-fit.onnx, style-lay.onnx, style-settle.onnx and style-carry.onnx

At a key a map of colours is fitted, guide size, 3x4 numbers for each pixel: one affine map for the whole frame, and a local one for what that
leaves (both least squares; the local one is the guided filter of He, Sun & Tang, 2010, in colour). What no such map can say, the
residual, is the key's texture. In between, maps and textures of both keys follow the motion, each as far as the frame looks like that key there.
"""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from common import show

# Of the guide, 427x240 for 854x480.
FIT_RADIUS = 4
# Of colours in 0 to 1: below this variance a window counts as flat and keeps the map of the whole frame.
FLAT = 1e-3
# Levels of 0 to 255 by which a frame may differ from its moved key before the key counts for little.
DOUBT = 10.0
# What the maps of the whole frame count where no key is trusted: they decide alone where nothing of either is to be seen.
OVERALL = 0.1
# Radius of the square over which differences are averaged.
LOOK = 1
# Pairs of channels in a symmetric 3x3 matrix, and of (source, result) in a full one.
UPPER = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
PAIRS = [(i, j) for i in range(3) for j in range(3)]
# Where an affine map lies in 12 channels: the 3 numbers for a source channel are together, the constants last.
SOURCES, CONSTANTS = [[3 * i + j for i in range(3)] for j in range(3)], [9, 10, 11]


class Graph:
    """Builds a graph by calls: every method takes and gives names of tensors; numbers become constants."""

    def __init__(self):
        self.nodes, self.constants, self.count = [], {}, 0

    def new(self):
        self.count += 1
        return f"t{self.count}"

    def constant(self, values, kind=np.float32):
        array = np.array(values, kind)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(array, f"c{len(self.constants)}")
        return self.constants[key].name

    def named(self, value):
        return value if isinstance(value, str) else self.constant(value)

    def __getattr__(self, kind):
        def add(*inputs, outputs=1, **attributes):
            names = [self.new() for _ in range(outputs)]
            self.nodes.append(helper.make_node(kind, [self.named(value) for value in inputs], names, **attributes))
            return names[0] if outputs == 1 else names

        return add

    def whole(self, *values):
        return self.constant(values, np.int64)

    def total(self, *terms):
        result = terms[0]
        for term in terms[1:]:
            result = self.Add(result, term)
        return result

    def pick(self, x, channels):
        return self.Gather(x, self.constant(channels, np.int64), axis=1)

    def planes(self, picture):
        """uint8 NHWC to float NCHW, 0 to 255."""
        return self.Transpose(self.Cast(picture, to=TensorProto.FLOAT), perm=[0, 3, 1, 2])

    def levels(self, x):
        return self.Cast(self.Clip(self.Round(x), 0.0, 255.0), to=TensorProto.UINT8)

    def picture(self, x):
        return self.Transpose(self.levels(x), perm=[0, 2, 3, 1])

    def size(self, planes):
        """Height and width."""
        return self.Shape(planes, start=2)

    def resize(self, x, size, shrink=False):
        """Bilinear; `shrink`: over the whole area that becomes one pixel."""
        sizes = self.Concat(self.Shape(x, end=2), size, axis=0)
        more = {"antialias": 1} if shrink else {}
        return self.Resize(x, "", "", sizes, mode="linear", coordinate_transformation_mode="half_pixel", **more)

    def box(self, x, radius):
        """Mean over the square of that radius, as much of it as lies inside; columns, then rows."""
        side = 2 * radius + 1
        rows = self.AveragePool(x, kernel_shape=[side, 1], pads=[radius, 0, radius, 0], count_include_pad=0)
        return self.AveragePool(rows, kernel_shape=[1, side], pads=[0, radius, 0, radius], count_include_pad=0)

    def mean(self, x):
        return self.ReduceMean(x, self.whole(2, 3), keepdims=1)

    def save(self, path, inputs, outputs, renamed):
        """`renamed`: the names that tensors have outside."""
        nodes = self.nodes + [helper.make_node("Identity", [inner], [outer]) for inner, outer in renamed]
        kinds = {"u8": TensorProto.UINT8, "f32": TensorProto.FLOAT, "i64": TensorProto.INT64}
        values = [[helper.make_tensor_value_info(name, kinds[kind], shape) for name, kind, shape in side] for side in (inputs, outputs)]
        graph = helper.make_graph(nodes, os.path.basename(path)[:-5], *values, list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8, producer_name="rushes")
        onnx.checker.check_model(model)
        onnx.save(model, path)
        show(path)


def affine_fit(g, x, y, average, flat):
    """The affine map from x to y, colours in 0 to 1, that is best over what `average` averages. 12 channels."""
    first, second = zip(*UPPER)
    source, result = zip(*PAIRS)
    squares = g.Mul(g.pick(x, first), g.pick(x, second))
    products = g.Mul(g.pick(x, source), g.pick(y, result))
    means = g.Split(average(g.Concat(x, y, squares, products, axis=1)), g.whole(3, 3, 6, 9), axis=1, outputs=4)
    mx, my, mxx, mxy = means
    variance = g.Sub(mxx, g.Mul(g.pick(mx, first), g.pick(mx, second)))
    variance = g.Add(variance, np.array([flat if i == j else 0 for i, j in UPPER], np.float32).reshape(1, 6, 1, 1))
    together = g.Sub(mxy, g.Mul(g.pick(mx, source), g.pick(my, result)))
    a, b, c, d, e, f = g.Split(variance, num_outputs=6, axis=1, outputs=6)

    def minor(p, q, r, s):
        return g.Sub(g.Mul(p, q), g.Mul(r, s))

    # The inverse of [[a, b, c], [b, d, e], [c, e, f]] by its cofactors, times `together`.
    rows = [(minor(d, f, e, e), minor(c, e, b, f), minor(b, e, c, d))]
    rows.append((rows[0][1], minor(a, f, c, c), minor(b, c, a, e)))
    rows.append((rows[0][2], rows[1][2], minor(a, d, b, b)))
    determinant = g.total(g.Mul(a, rows[0][0]), g.Mul(b, rows[0][1]), g.Mul(c, rows[0][2]))
    columns = g.Split(together, num_outputs=3, axis=1, outputs=3)
    factors = [g.Div(g.total(*(g.Mul(cell, column) for cell, column in zip(row, columns))), determinant) for row in rows]
    moved = [g.Mul(factor, g.pick(mx, [i])) for i, factor in enumerate(factors)]
    return g.Concat(*factors, g.Sub(my, g.total(*moved)), axis=1)


def apply_map(g, coefficients, x, size=None):
    """The map on x. `size`: brings it to that size first, one result channel after the other, to spare memory."""
    channels = []
    sources = g.Split(x, num_outputs=3, axis=1, outputs=3)
    for own, constant in zip(SOURCES, CONSTANTS):
        part = g.pick(coefficients, [*own, constant])
        parts = g.Split(g.resize(part, size) if size else part, num_outputs=4, axis=1, outputs=4)
        channels.append(g.total(*(g.Mul(factor, source) for factor, source in zip(parts, sources)), parts[3]))
    return g.Concat(*channels, axis=1)


def guide(path):
    g = Graph()
    low = g.picture(g.resize(g.planes("frame"), "size", shrink=True))
    g.save(path, [("frame", "u8", [1, "height", "width", 3]), ("size", "i64", [2])], [("low", "u8", [1, "lowHeight", "lowWidth", 3])], [(low, "low")])


def fit(path):
    g = Graph()
    low, frame, styled = g.planes("low"), g.planes("frame"), g.planes("styled")
    x, y = (g.Mul(planes, 1 / 255) for planes in (low, g.resize(styled, g.size(low), shrink=True)))
    # A frame of one colour has no variance at all; so small a ridge changes no other.
    overall = affine_fit(g, x, y, g.mean, 1e-6)
    rest = g.Sub(y, apply_map(g, overall, x))
    local = affine_fit(g, x, rest, lambda values: g.box(values, FIT_RADIUS), FLAT)
    # Constants are levels of 0 to 255 from here on.
    levels = np.array([1] * 9 + [255] * 3, np.float32).reshape(1, 12, 1, 1)
    overall = g.Mul(overall, levels)
    coefficients = g.Add(g.box(g.Mul(local, levels), FIT_RADIUS), overall)
    residual = g.Sub(styled, apply_map(g, coefficients, frame, g.size(frame)))
    picture, low_picture = [1, "height", "width", 3], [1, "lowHeight", "lowWidth", 3]
    g.save(
        path,
        [("frame", "u8", picture), ("styled", "u8", picture), ("low", "u8", low_picture)],
        [("coefficients", "f32", [1, "lowHeight", "lowWidth", 12]), ("overall", "f32", [1, 12, 1, 1]), ("residual", "u8", picture)],
        [(g.Transpose(coefficients, perm=[0, 2, 3, 1]), "coefficients"), (overall, "overall"), (g.picture(g.Add(residual, 128.0)), "residual")],
    )


def places(g, size, motion, scale=1.0):
    """Where the pixels of a picture of `size` are to be found in one `scale` times as large, [1, 1, height, width] each: x, then y. `motion`: in that one's pixels, 2 planes."""
    height, width = g.Split(g.Cast(size, to=TensorProto.FLOAT), num_outputs=2, axis=0, outputs=2)

    def moved(part, count, shape):
        end = g.Squeeze(g.Mul(count, scale))
        return g.Clip(g.Add(part, g.Reshape(g.Range(0.0, end, scale), g.whole(*shape))), 0.0, g.Sub(end, 1.0))

    x, y = g.Split(motion, num_outputs=2, axis=1, outputs=2)
    return moved(x, width, (1, 1, 1, -1)), moved(y, height, (1, 1, -1, 1))


def nearest(g, picture, size, place):
    """The pixels of an NHWC picture of `size` at those places, [height, width, channels]; a gather costs a tenth of GridSample."""
    x, y = (g.Round(axis) for axis in place)
    width = g.Cast(g.Slice(size, g.whole(1), g.whole(2)), to=TensorProto.FLOAT)
    rows = g.Flatten(g.Squeeze(picture, g.whole(0)), axis=2)
    # Floats hold whole numbers up to 16 million: no picture here has as many pixels.
    index = g.Cast(g.Add(g.Mul(y, width), x), to=TensorProto.INT32)
    return g.Gather(rows, g.Squeeze(index, g.whole(0, 1)), axis=0)


def between(g, planes, size, place):
    """NCHW planes of `size` at those places, bilinear."""
    height, width = g.Split(g.Cast(size, to=TensorProto.FLOAT), num_outputs=2, axis=0, outputs=2)
    x, y = (g.Sub(g.Div(g.Add(g.Mul(axis, 2.0), 1.0), count), 1.0) for axis, count in zip(place, (width, height)))
    grid = g.Concat(*(g.Unsqueeze(g.Squeeze(axis, g.whole(1)), g.whole(3)) for axis in (x, y)), axis=3)
    return g.GridSample(planes, grid, mode="bilinear", padding_mode="border", align_corners=0)


def half_pixels(g, picture, size, flow, low_size):
    """
    A picture that settle made twice as large as `size`, moved along the guide's motion, NCHW of `size`: as sharp as the motion is known, at a quarter of
    what GridSample takes.
    """
    place = places(g, size, g.resize(stretched(g, flow, size, low_size), size), 2.0)
    found = nearest(g, picture, g.Mul(size, g.whole(2, 2)), place)
    return g.Unsqueeze(g.Transpose(g.Cast(found, to=TensorProto.FLOAT), perm=[2, 0, 1]), g.whole(0))


def grey(g, planes):
    """Luma of Rec. 601, 0 to 255."""
    return g.Conv(planes, np.array([0.299, 0.587, 0.114], np.float32).reshape(1, 3, 1, 1))


def trusted(g, name, low, size):
    """How far a key is to be trusted where it lies over the frame, and where that is."""
    place = places(g, size, f"{name}_flow")
    picture = between(g, grey(g, g.planes(f"{name}_low")), size, place)
    difference = g.box(g.Abs(g.Sub(low, picture)), LOOK)
    return g.Exp(g.Neg(g.Pow(g.Div(difference, DOUBT), 2.0))), place


def stretched(g, flow, size, low_size):
    """The guide's motion in half pixels of `size`."""
    stretch = g.Mul(g.Div(*(g.Cast(pair, to=TensorProto.FLOAT) for pair in (size, low_size))), 2.0)
    return g.Mul(flow, g.Reshape(g.Gather(stretch, g.whole(1, 0)), g.whole(1, 2, 1, 1)))


def moved_key(g, name, low, size):
    """A key's map as it lies over the frame, NCHW, and how far it is to be trusted there."""
    trust, place = trusted(g, name, low, size)
    coefficients = nearest(g, f"{name}_coefficients", size, place)
    return g.Unsqueeze(g.Transpose(coefficients, perm=[2, 0, 1]), g.whole(0)), trust


def lay(path):
    """A frame in the look that was fitted to itself."""
    g = Graph()
    frame = g.planes("frame")
    size = g.size(frame)
    mapped = apply_map(g, g.Transpose("coefficients", perm=[0, 3, 1, 2]), frame, size)
    texture = g.Mul(g.Sub(g.planes("residual"), 128.0), "texture")
    picture = [1, "height", "width", 3]
    g.save(
        path,
        [("frame", "u8", picture), ("coefficients", "f32", [1, "lowHeight", "lowWidth", 12]), ("residual", "u8", [1, "fineHeight", "fineWidth", 3]), ("texture", "f32", [])],
        [("styled", "u8", picture)],
        [(g.picture(g.Add(mapped, g.resize(texture, size))), "styled")],
    )


def settle(path):
    """
    A key's residual, nearer to that of the key before it as far as that one shows the same there: what a generator makes anew of every frame would else
    pulse from key to key. Twice as large, so that carrying it needs no sums: pixel i becomes 2i, and between two lies their mean.
    """
    g = Graph()
    low = grey(g, g.planes("low"))
    trust, _ = trusted(g, "before", low, g.size(low))
    residual = g.planes("residual")
    size = g.size(residual)
    found = half_pixels(g, "before_residual", size, "before_flow", g.size(low))
    settled = g.Add(residual, g.Mul(g.Sub(found, residual), g.resize(g.Mul(trust, "share"), size)))
    twice = g.Concat(g.Shape(residual, end=2), g.Mul(size, g.whole(2, 2)), axis=0)
    doubled = g.Resize(settled, "", "", twice, mode="linear", coordinate_transformation_mode="asymmetric")
    low_shape, fine = [1, "lowHeight", "lowWidth", 3], [1, "twiceHeight", "twiceWidth", 3]
    g.save(
        path,
        [
            ("low", "u8", low_shape),
            ("residual", "u8", [1, "fineHeight", "fineWidth", 3]),
            ("before_low", "u8", low_shape),
            ("before_residual", "u8", fine),
            ("before_flow", "f32", [1, 2, "lowHeight", "lowWidth"]),
            ("share", "f32", []),
        ],
        [("settled", "u8", fine)],
        [(g.picture(doubled), "settled")],
    )


def carry(path):
    g = Graph()
    frame, low = g.planes("frame"), grey(g, g.planes("low"))
    size, low_size = g.size(frame), g.size(low)
    far = g.Sub(1.0, "near")
    weights, maps, everywhere = [], [], []
    for name, time in (("before", "near"), ("after", far)):
        coefficients, trust = moved_key(g, name, low, low_size)
        weights.append(g.Mul(trust, time))
        maps.append(g.Mul(coefficients, weights[-1]))
        everywhere.append(g.Mul(f"{name}_overall", time))
    known = g.total(*weights)
    # Nothing where both keys are trusted, or the frames beside a key would differ from it and pulse; never quite nothing, as it divides.
    overall = g.Add(g.Mul(g.Sub(1.0, known), OVERALL), 1e-4)
    whole = g.Add(known, overall)
    coefficients = g.Div(g.total(*maps, g.Mul(g.total(*everywhere), overall)), whole)
    mapped = apply_map(g, coefficients, frame, size)
    # The texture has the size at which the key was styled, which may be smaller than the frame.
    fine = g.Div(g.Shape("before_residual", start=1, end=3), g.whole(2, 2))
    textures = []
    for name, weight in zip(("before", "after"), weights):
        own = half_pixels(g, f"{name}_residual", fine, f"{name}_flow", low_size)
        textures.append(g.Mul(g.Sub(own, 128.0), g.resize(g.Mul(g.Div(weight, whole), "texture"), fine)))
    texture = g.total(*textures)
    styled = g.Add(mapped, g.resize(texture, size))
    frame_shape, low_shape = [1, "height", "width", 3], [1, "lowHeight", "lowWidth", 3]
    inputs = [("frame", "u8", frame_shape), ("low", "u8", low_shape)]
    for name in ("before", "after"):
        inputs += [
            (f"{name}_low", "u8", low_shape),
            (f"{name}_coefficients", "f32", [1, "lowHeight", "lowWidth", 12]),
            (f"{name}_overall", "f32", [1, 12, 1, 1]),
            (f"{name}_residual", "u8", [1, "twiceHeight", "twiceWidth", 3]),
            (f"{name}_flow", "f32", [1, 2, "lowHeight", "lowWidth"]),
        ]
    inputs += [("near", "f32", []), ("texture", "f32", [])]
    g.save(path, inputs, [("styled", "u8", frame_shape)], [(g.picture(styled), "styled")])


if __name__ == "__main__":
    for name, build in (("style-guide", guide), ("style-fit", fit), ("style-lay", lay), ("style-settle", settle), ("style-carry", carry)):
        build(os.path.join(sys.argv[1], f"{name}.onnx"))
