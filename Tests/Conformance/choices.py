#!/usr/bin/env python3
"""Who is right where gradients of `zoo.py`'s cases differ: PyTorch in float32 and this program beside float64.

    VENV/bin/python Tests/Conformance/zoo.py FOLDER NAME …
    VENV/bin/python Tests/Conformance/choices.py PROGRAM FOLDER NAME …

For each case: the gradient of the first logit by PyTorch in float32, the largest difference from float64 over the largest
number, and how many rectifiers and maxima fall the other way; then what `visualize verify --exact CASE --unit 0` says
of ours.
"""

import copy
import pathlib
import subprocess
import sys

import numpy
import onnx.numpy_helper
import torch
from torch.nn import functional as F

import zoo


def stored(path):
    tensor = onnx.TensorProto()
    tensor.ParseFromString(path.read_bytes())
    return torch.tensor(numpy.array(onnx.numpy_helper.to_array(tensor)))


def gradient(module, x):
    """The gradient of the first logit, and all choices."""
    choices = []
    relu, pool = F.relu, F.max_pool2d

    def seen_relu(x, inplace=False):
        choices.append(x > 0)
        return relu(x)

    def seen_pool(x, *arguments, **named):
        named.pop("return_indices", None)
        y, places = F.max_pool2d_with_indices(x, *arguments, **named)
        choices.append(places)
        return y

    F.relu, F.max_pool2d = seen_relu, seen_pool
    try:
        x = x.clone().requires_grad_(True)
        module(x)[:, 0].sum().backward()
    finally:
        F.relu, F.max_pool2d = relu, pool
    return x.grad.double(), choices


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, folder, names = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    for name, kind, side, _ in zoo.MODELS:
        if name not in names:
            continue
        module = zoo.prepared(kind(name), side, 0.5 if name in zoo.HALF_CENTERED else 1)
        for case in sorted(folder.glob(f"{name}.*")):
            x = stored(case / "test_data_set_0" / "input_0.pb")
            single, ours = gradient(module, x)
            double, exact = gradient(copy.deepcopy(module).double(), x.double())
            error = ((single - double).abs().max() / double.abs().max()).item()
            different = sum(int((a != b).sum()) for a, b in zip(ours, exact))
            total = sum(a.numel() for a in ours)
            print(f"{case.name}: PyTorch's float32 {error:.1e}, {different} of {total} choices")
            run = subprocess.run(
                [program, "verify", "--exact", case, "--unit", "0"], capture_output=True, text=True)
            lines = run.stdout.strip().splitlines()
            start = next((i for i, line in enumerate(lines) if line.startswith("gradient of")), 0)
            print("  " + "\n  ".join(lines[start:] or run.stderr.splitlines()[-3:]), flush=True)


if __name__ == "__main__":
    main()
