"""Records objectives' values and gradients at given activations: lucent's own, and PyTorch's of the definitions.

    python Tests/Conformance/objectives.py Tests/Recordings/objectives/case.json

Needs torch and torch-lucent. Everything is larger where it is better: lucent's losses are negated.
"""

import json
import sys

import torch
from lucent.optvis import objectives as lucent

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
shape = (3, 4, 3, 3)
maps = torch.randn(shape).round(decimals=3)
reference = (0.5 * maps[:1] + 0.5 * torch.randn((1, *shape[1:]))).round(decimals=3)
direction = torch.randn(shape[1]).round(decimals=3)
wanted = torch.randn((shape[1], 9)).round(decimals=3).sort(dim=1).values
mean, variance = torch.randn(shape[1]).round(decimals=3), torch.rand(shape[1]).round(decimals=3)


def lucents(objective):
    return lambda x: -objective(lambda layer: x)


def aligned(x, power):
    """lucid's dot product times a power of the cosine, `objectives_util.py`."""
    inner = (x * direction.view(1, -1, 1, 1)).sum(1)
    lengths = (1e-4 + x.norm(dim=1)) * (1e-4 + direction.norm())
    return (inner * (inner / lengths).clamp(min=0.1) ** power).mean()


def caricature(x, power):
    """lucid's `recipes/caricature.py` with a true cosine, over the square of the reference's size."""
    flat, r = x.flatten(1), reference.flatten()
    inner = flat @ r
    cosine = (inner / (flat.norm(dim=1) * r.norm())).clamp(min=0.1)
    return (inner / r.norm() ** 2 * cosine**power).mean()


def vital(x):
    """Sorted activations of every channel against given ones, by rank: the mean square."""
    return -(x.flatten(2).sort(dim=2).values - wanted).square().mean()


def batch_norm(x):
    """DeepInversion's R_feature of a first normalization, with ten times the weight."""
    own = (x.mean((0, 2, 3)) - mean).norm() + (x.var((0, 2, 3), unbiased=False) - variance).norm()
    return -10 * own


cases = {
    "channel": lucents(lucent.channel("x", 2)),
    "neuron": lucents(lucent.neuron("x", 1, x=2, y=0)),
    "cosine": lucents(lucent.direction("x", direction)),
    "diversity": lambda x: lucents(lucent.diversity("x"))(x),
    "alignment": lambda x: lucents(lucent.alignment("x"))(x),
    "direction": lambda x: aligned(x, 0),
    "direction-2": lambda x: aligned(x, 2),
    "inversion": lambda x: -(
        (x - reference).square().flatten(1).sum(1) / reference.square().sum()
    ).mean(),
    "caricature-0": lambda x: caricature(x, 0),
    "caricature-1": lambda x: caricature(x, 1),
    "caricature-2": lambda x: caricature(x, 2),
    "vital": vital,
    "batch-norm": batch_norm,
}
record = {
    "shape": list(shape),
    "maps": maps.flatten().tolist(),
    "reference": reference.flatten().tolist(),
    "direction": direction.tolist(),
    "sorted": wanted.flatten().tolist(),
    "mean": mean.tolist(),
    "variance": variance.tolist(),
    "cases": {},
}
for name, objective in cases.items():
    x = maps.clone().requires_grad_()
    value = objective(x)
    value.backward()
    record["cases"][name] = {
        "value": round(value.item(), 7),
        "gradient": [float(f"{number:.7g}") for number in x.grad.flatten().tolist()],
    }
with open(sys.argv[1], "w") as file:
    json.dump(record, file, indent=None, separators=(",", ":"))
    file.write("\n")
