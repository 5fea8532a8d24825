"""
A static int8 form of a graph (onnxruntime.quantization, QDQ, one scale per channel).

usage: quantize.py MODEL.onnx OUT.onnx CALIBRATION.npy [--ops Conv,MatMul,Gemm]

CALIBRATION.npy holds uint8 [n, ...the input's shape without its batch]. transnetv2.int8 was made with
--ops Conv,MatMul,Gemm from 12 windows of 100 frames of one natural clip; calibration.py makes such a file.
"""
import argparse
import os
import tempfile

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from common import fold_float16, show


class Rows(CalibrationDataReader):
    def __init__(self, name, data):
        self.rows = iter([{name: row[None]} for row in data])

    def get_next(self):
        return next(self.rows, None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("calibration")
    parser.add_argument("--ops", default="Conv,MatMul,Gemm")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "float32.onnx")
        fold_float16(arguments.model, plain)
        name = onnx.load(plain).graph.input[0].name
        quantize_static(
            plain,
            arguments.out,
            Rows(name, np.load(arguments.calibration)),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            op_types_to_quantize=arguments.ops.split(","),
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
    show(arguments.out)


if __name__ == "__main__":
    main()
