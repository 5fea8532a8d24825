"""What both halves of Whisper are built of: a graph that grows node by node, and its layers."""
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH, HEADS, HEAD, LAYERS, VOCABULARY = 512, 8, 64, 6, 51865
SCALE = HEAD**-0.5
# Numbers that share a scale in MatMulNBits.
BLOCK = 32


class Graph:
    def __init__(self, weights):
        self.nodes, self.constants, self.known, self.count = [], [], {}, 0
        self.weights = weights

    def name(self, prefix):
        self.count += 1
        return f"{prefix}_{self.count}"

    def op(self, kind, inputs, outputs=1, domain="", **attributes):
        """Adds a node; `outputs` is how many results it has, or their names. Gives the name of its result, or a list."""
        names = [self.name(kind.lower()) for _ in range(outputs)] if isinstance(outputs, int) else list(outputs)
        self.nodes.append(helper.make_node(kind, inputs, names, name=self.name("n"), domain=domain, **attributes))
        return names[0] if len(names) == 1 else names

    def constant(self, value, kind=None):
        value = np.asarray(value, kind)
        key = (value.tobytes(), value.dtype.str, value.shape) if value.size < 64 else None
        if key in self.known:
            return self.known[key]
        name = self.name("c")
        self.constants.append(numpy_helper.from_array(value, name))
        if key:
            self.known[key] = name
        return name

    def integers(self, value):
        return self.constant(value, np.int64)

    def number(self, value):
        return self.constant(np.float32(value))

    def half(self, value):
        """A float constant that is stored as float16."""
        return self.op("Cast", [self.constant(np.asarray(value, np.float16))], to=TensorProto.FLOAT)

    def weight(self, name):
        return self.weights[name].astype(np.float32)

    def save(self, inputs, outputs, path):
        graph = helper.make_graph(self.nodes, "whisper", inputs, outputs, self.constants)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="rushes"), path)
        print(path, os.path.getsize(path), "bytes")


def value(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def blocks_of(matrix):
    """[N, K] as bytes around 128, and a scale for each block of 32: symmetric, as MatMulNBits takes it."""
    rows, columns = matrix.shape
    blocks = matrix.reshape(rows, columns // BLOCK, BLOCK)
    scales = np.abs(blocks).max(-1) / 127
    scales = np.where(scales == 0, 1e-9, scales).astype(np.float32)
    integers = np.clip(np.round(blocks / scales[..., None]), -128, 127) + 128
    return integers.astype(np.uint8), scales


def blockwise(graph, x, matrix, bias=None):
    """8-bit weights and activations with a scale for each 32 numbers of a row: rows don't influence each other."""
    integers, scales = (graph.constant(part) for part in blocks_of(matrix))
    inputs = [x, integers, scales] if bias is None else [x, integers, scales, "", "", graph.constant(bias)]
    rows, columns = matrix.shape
    sizes = {"K": columns, "N": rows, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
    return graph.op("MatMulNBits", inputs, domain="com.microsoft", **sizes)


def dynamic(graph, x, matrix, bias):
    """int8 weights with a scale for each output, and one scale for all of the activations: the fastest on CPUs with VNNI or AMX."""
    scales = (np.abs(matrix).max(1) / 127).astype(np.float32)
    integers = np.clip(np.round(matrix / scales[:, None]), -127, 127).astype(np.int8).T.copy()
    zeros = graph.constant(np.zeros(len(matrix), np.int8))
    inputs = [x, graph.constant(integers), graph.constant(scales), zeros, graph.constant(bias)]
    return graph.op("DynamicQuantizeMatMul", inputs, domain="com.microsoft")


def layer_norm(graph, x, name):
    inputs = [x, graph.constant(graph.weight(f"{name}/gamma")), graph.constant(graph.weight(f"{name}/beta"))]
    return graph.op("LayerNormalization", inputs, axis=-1, epsilon=1e-5)


def split_heads(graph, x, order=(0, 2, 1, 3), outputs=1):
    """[batch, n, 512] to [batch, 8, n, 64], or in another `order` of (batch, n, head, 64)."""
    parts = graph.op("Reshape", [x, graph.integers([0, 0, HEADS, HEAD])])
    return graph.op("Transpose", [parts], outputs, perm=list(order))


def join_heads(graph, x):
    return graph.op("Reshape", [graph.op("Transpose", [x], perm=[0, 2, 1, 3]), graph.integers([0, 0, WIDTH])])
