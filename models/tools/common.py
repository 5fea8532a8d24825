"""Shared by the converters: storing weights small, and showing what a finished graph takes and gives."""
import os

import numpy as np
import onnx
import onnxruntime
import onnxsim
from onnx import TensorProto, helper, numpy_helper


def simplify(path):
    """Folds constants and drops dead nodes of the graph in `path`, in place."""
    model, checked = onnxsim.simplify(onnx.load(path))
    if not checked:
        raise SystemExit(f"{path}: the simplified graph does not give the same answer")
    onnx.save(model, path)


def store_float16(source, target, smallest=1024):
    """
    Stores float tensors of `smallest` values or more as float16 followed by a Cast. The arithmetic stays float32 (the
    Cast is folded when a session is created); the file is half the size.
    """
    model = onnx.load(source)
    graph = model.graph
    kept, casts = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        # 65504 is the largest float16.
        if tensor.data_type != TensorProto.FLOAT or values.size < smallest or np.abs(values).max() >= 65000:
            kept.append(tensor)
            continue
        half = f"{tensor.name}_h"
        kept.append(numpy_helper.from_array(values.astype(np.float16), half))
        casts.append(helper.make_node("Cast", [half], [tensor.name], to=TensorProto.FLOAT, name=f"{tensor.name}_cast"))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    onnx.save(model, target)


def fold_float16(source, target):
    """The reverse of `store_float16`: plain float32 weights, as the quantiser wants them."""
    model = onnx.load(source)
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    for node in list(graph.node):
        half = weights.get(node.input[0]) if node.op_type == "Cast" else None
        if half is None or half.data_type != TensorProto.FLOAT16:
            continue
        values = numpy_helper.to_array(half).astype(np.float32)
        graph.initializer.append(numpy_helper.from_array(values, node.output[0]))
        graph.initializer.remove(half)
        graph.node.remove(node)
    onnx.save(model, target)
    simplify(target)


def show(path):
    """Prints size, inputs and outputs of a graph, after loading it as the app does."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    print(path, os.path.getsize(path), "bytes")
    for kind, values in (("in", session.get_inputs()), ("out", session.get_outputs())):
        for value in values:
            print(" ", kind, value.name, value.shape, value.type)
