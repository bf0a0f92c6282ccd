"""The table of Sources/Visualization/Parameterizations/PhotographSpectrum.swift, from photographs.

    python Examples/photograph-spectrum.py chelsea.png astronaut.png coffee.png rocket.jpg

Needs numpy and Pillow. Of each photograph, windows of 256x256 pixels every 64 pixels, as decorrelated colours
(the inverse of lucid's matrix), less their mean, times a Hann window, mirrored or not: the mean magnitude of
their Fourier transforms, gathered on a grid of log2 of the frequency in cycles a pixel and of the angle to the
horizontal, and of that log2 with the first cell of the first channel as 0. What lies below two cycles a window
is left to the slope of the rest.
"""

import sys

import numpy
from PIL import Image

SIDE, STEP = 256, 64
ROOT = numpy.array([[0.26, 0.09, 0.02], [0.27, 0, -0.05], [0.27, -0.09, 0.03]])
MATRIX = ROOT / numpy.linalg.norm(ROOT, axis=0).max()
RADII = numpy.arange(-6, 0, 0.5)
ANGLES = numpy.arange(0, 91, 15)


def mean_magnitude(paths):
    hann = numpy.hanning(SIDE + 1)[:SIDE]
    window, total, count = hann[:, None] * hann, 0, 0
    for path in paths:
        picture = numpy.asarray(Image.open(path).convert("RGB"), float) / 255
        colours = picture @ numpy.linalg.inv(MATRIX).T
        for y in range(0, colours.shape[0] - SIDE + 1, STEP):
            for x in range(0, colours.shape[1] - SIDE + 1, STEP):
                part = colours[y : y + SIDE, x : x + SIDE]
                part = (part - part.mean((0, 1))) * window[:, :, None]
                total = total + numpy.abs(numpy.fft.fft2(part, axes=(0, 1)))
                count += 1
    return total / count


def table(magnitude):
    frequency = numpy.fft.fftfreq(SIDE)
    fy, fx = numpy.meshgrid(frequency, frequency, indexing="ij")
    radius = numpy.log2(numpy.maximum(numpy.hypot(fx, fy), 1e-9))
    angle = numpy.degrees(numpy.arctan2(numpy.abs(fy), numpy.abs(fx)))
    result = numpy.zeros((3, len(RADII), len(ANGLES)))
    for i, r in enumerate(RADII):
        for j, a in enumerate(ANGLES):
            near = numpy.maximum(0, 1 - numpy.abs(radius - r) / 0.5)
            weight = near * numpy.maximum(0, 1 - numpy.abs(angle - a) / 15)
            weight[radius < -7] = 0
            for channel in range(3):
                values = numpy.log2(magnitude[:, :, channel])
                result[channel, i, j] = (weight * values).sum() / max(weight.sum(), 1e-9)
                assert weight.sum() > 0, (r, a)
    return result - result[0, 0, 0]


if __name__ == "__main__":
    for channel in table(mean_magnitude(sys.argv[1:])):
        for row in channel:
            print("    " + ", ".join(f"{value:.2f}" for value in row) + ",")
