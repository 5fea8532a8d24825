"""
A TensorFlow.js graph model to ONNX by tf2onnx, around two faults of its reader: fused convolutions without their type
list, and attributes that have only a default.

usage: tfjs_to_onnx.py --tfjs MODEL.json --output RAW.onnx [other options of tf2onnx.convert]
"""
import sys

import numpy

# tf2onnx still calls names that NumPy 2 dropped.
numpy.product = numpy.prod
numpy.cumproduct = numpy.cumprod

import tf2onnx.tfonnx  # noqa: E402
from tf2onnx import convert, tfjs_utils  # noqa: E402

TYPE_LIST = '''    if node_def.op == "_FusedConv2D" and "TArgs" not in node_def.attr:
        node_def.attr["TArgs"].list.type.extend([1] * max(1, node_def.attr["num_args"].i))
'''
BEFORE = "    g = tf.Graph()\n    with g.as_default():\n        for i, (dtype, shape, const)"
PLAIN_LOOKUP = "dtype = tf_attr[arg.type_attr]"
LOOKUP = (
    "dtype = tf_attr.get(arg.type_attr, "
    "next((a.default_value.type for a in tf_op_def.attr if a.name == arg.type_attr), None))"
)


def mend_reader():
    with open(tfjs_utils.__file__, encoding="utf-8") as file:
        text = file.read()
    if BEFORE not in text or PLAIN_LOOKUP not in text:
        raise SystemExit("this version of tf2onnx is another one than 1.16: check whether it still needs mending")
    text = text.replace(BEFORE, TYPE_LIST + BEFORE).replace(PLAIN_LOOKUP, LOOKUP)
    exec(compile(text, tfjs_utils.__file__, "exec"), tfjs_utils.__dict__)
    tf2onnx.tfonnx.graphs_from_tfjs = tfjs_utils.graphs_from_tfjs


if __name__ == "__main__":
    mend_reader()
    sys.argv[0] = "tf2onnx"
    convert.main()
