"""Compares styled frames, for `npm run bench -- style`. Reads requests from standard input, one JSON a line, answers one JSON a line.

SSIM and CIEDE2000 are scikit-image's (Wang et al. 2004 on luma; Sharma et al. 2005), optical flow is OpenCV's DIS (Kroeger et al. 2016):
none of them is ours. Frames are raw rgb24, one after another.
"""
import json
import sys

import cv2
import numpy as np
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import structural_similarity

# Flow on the source at this width, as sharp as the warping error needs.
FLOW_WIDTH = 427
# A pixel whose forward and backward flow disagree by more than this (pixels at flow size) is hidden in one of the frames.
HIDDEN = 1.0


def frames(path, width, height):
    return np.fromfile(path, np.uint8).reshape(-1, height, width, 3)


def luma(frame):
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)


def likeness(a, b):
    """Means over frames: SSIM of luma, CIEDE2000 (each pixel of every second row and column)."""
    ssim = [structural_similarity(luma(x), luma(y)) for x, y in zip(a, b)]
    colour = [float(deltaE_ciede2000(rgb2lab(x[::2, ::2]), rgb2lab(y[::2, ::2])).mean()) for x, y in zip(a, b)]
    return float(np.mean(ssim)), float(np.mean(colour))


def flows(source):
    """For each pair of neighbours: where the first frame's pixels lie in the second (full size), and which are seen in both."""
    height, width = source.shape[1:3]
    size = (FLOW_WIDTH, max(16, round(height * FLOW_WIDTH / width)))
    small = [luma(cv2.resize(frame, size, interpolation=cv2.INTER_AREA)) for frame in source]
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grid = np.dstack(np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)))
    grid_small = np.dstack(np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32)))
    for first, second in zip(small, small[1:]):
        there = dis.calc(first, second, None)
        back = dis.calc(second, first, None)
        returned = there + cv2.remap(back, grid_small + there, None, cv2.INTER_LINEAR)
        target = grid_small + there
        seen = (np.hypot(returned[..., 0], returned[..., 1]) < HIDDEN) & (target >= 0).all(2) & (target[..., 0] < size[0]) & (target[..., 1] < size[1])
        scale = np.float32([width / size[0], height / size[1]])
        full = cv2.resize(there, (width, height), interpolation=cv2.INTER_LINEAR) * scale
        yield grid + full, cv2.resize(seen.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)


def unsteadiness(styled, source):
    """Warping error: mean difference in levels of 255 between a frame and the next one taken back along the source's own motion."""
    errors = []
    for (place, seen), first, second in zip(flows(source), styled, styled[1:]):
        warped = cv2.remap(second, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        difference = np.abs(warped.astype(np.int16) - first)
        errors.append(float(difference[seen].mean()) if seen.any() else 0.0)
    return float(np.mean(errors)) if errors else 0.0


def likeness_of_next(reference, source):
    """How like each frame the next one is, taken back along the source's motion: what can be carried of a generator that draws every frame anew."""
    moved = [cv2.remap(second, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for (place, _), second in zip(flows(source), reference[1:])]
    return likeness(moved, reference)


def answer(request):
    width, height = request["width"], request["height"]
    source = frames(request["source"], width, height)
    reference = frames(request["reference"], width, height)
    ssim, colour = likeness_of_next(reference, source)
    result = {"next": {"ssim": ssim, "colour": colour}, "source": {}, "styled": {}}
    ssim, colour = likeness(source, reference)
    result["source"] = {"ssim": ssim, "colour": colour, "unsteadiness": unsteadiness(source, source)}
    for name, path in request["styled"].items():
        styled = frames(path, width, height)
        ssim, colour = likeness(styled, reference)
        result["styled"][name] = {"ssim": ssim, "colour": colour, "unsteadiness": unsteadiness(styled, source)}
    return result


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
