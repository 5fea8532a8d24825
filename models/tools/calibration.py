"""
Windows of a film for quantize.py, decoded as the app decodes them (48x27, bicubic, every frame).

usage: calibration.py FILM OUT.npy [--windows 12]
"""
import argparse
import subprocess

import numpy as np

WINDOW = 100


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film")
    parser.add_argument("out")
    parser.add_argument("--windows", type=int, default=12)
    arguments = parser.parse_args()
    command = ["ffmpeg", "-v", "error", "-i", arguments.film, "-vf", "scale=48:27:flags=bicubic"]
    command += ["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    pixels = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8)
    frames = pixels.reshape(-1, 27, 48, 3)
    if len(frames) < WINDOW:
        raise SystemExit(f"{arguments.film}: {len(frames)} frames, {WINDOW} are needed")
    # Spread over the whole film.
    starts = np.linspace(0, len(frames) - WINDOW, arguments.windows).astype(int)
    np.save(arguments.out, np.stack([frames[start : start + WINDOW] for start in starts]))


if __name__ == "__main__":
    main()
