"""What both speech models hear with: a windowed Fourier transform as a convolution, and Slaney's mel filters."""
import numpy as np


def fourier_basis(size=400):
    """Real and imaginary parts under a Hann window, as kernels of a convolution: [size + 2, 1, size]."""
    n, k = np.arange(size), np.arange(size // 2 + 1)[:, None]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * n / size)
    basis = np.concatenate([np.cos(2 * np.pi * k * n / size) * window, -np.sin(2 * np.pi * k * n / size) * window])
    return basis.astype(np.float32)[:, None, :]


def mel_filters(bands=80, rate=16000, size=400):
    """As librosa makes them: [bands, size / 2 + 1]."""
    to_mel = lambda f: np.where(f >= 1000, 15 + np.log(np.maximum(f, 1e-9) / 1000) / (np.log(6.4) / 27), f / (200 / 3))
    to_hertz = lambda m: np.where(m >= 15, 1000 * np.exp((np.log(6.4) / 27) * (m - 15)), m * (200 / 3))
    lines = np.linspace(0, rate / 2, size // 2 + 1)
    points = to_hertz(np.linspace(to_mel(np.float64(0)), to_mel(np.float64(rate / 2)), bands + 2))
    steps, ramps = np.diff(points), points[:, None] - lines[None]
    shape = np.maximum(0, np.minimum(-ramps[:-2] / steps[:-1, None], ramps[2:] / steps[1:, None]))
    return (shape * (2 / (points[2:] - points[:-2]))[:, None]).astype(np.float32)
