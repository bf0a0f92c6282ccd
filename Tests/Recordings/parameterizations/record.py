"""Recordings of parameterizations: MaCo by Horama 0.3.0, pyramids by PyTorch, CPPN by lucid's formulas."""
import sys, numpy as np, torch, torch.nn.functional as F, onnx
from onnx import numpy_helper
# Horama's package asks for downloads and plots; its maco_fv.py alone is run, from the unpacked wheel.
WHEEL = sys.argv[2]
import types
pkg = types.ModuleType("horama"); pkg.__path__ = [f"{WHEEL}/horama"]; sys.modules["horama"] = pkg
import horama.maco_fv as maco
OUT = sys.argv[1]
def save(name, t):
    a = t.detach().numpy().astype(np.float32)
    open(f"{OUT}/{name}.pb", "wb").write(numpy_helper.from_array(a, name).SerializeToString())
torch.manual_seed(0)
# MaCo
h, w = 20, 24
mag = torch.rand(3, h, w // 2 + 1) * 30 + 1
phase = torch.randn(3, h, w // 2 + 1, requires_grad=True)
img = maco.maco_preconditioner(mag, phase, (0.0, 1.0), "cpu")
wts = torch.randn(3, h, w)
(img * wts).sum().backward()
save("maco_magnitude", mag); save("maco_phase", phase[None]); save("maco_rgb", img[None]); save("maco_weights", wts[None]); save("maco_gradient", phase.grad[None])
# pyramid: sizes that double, bilinear, sigmoid, lucid's colours; and every size, bicubic, tanh
M = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0, -0.05], [0.27, -0.09, 0.03]]); M = M / M.norm(dim=0).max()
def pyramid(name, sizes, h, w, mode, rgb):
    levels = [(torch.randn(1, 3, a, b) * 0.3).requires_grad_() for a, b in sizes]
    x = 0
    for p in levels:
        x = x + (p if p.shape[2:] == (h, w) else F.interpolate(p, size=(h, w), mode=mode, align_corners=False))
    y = rgb(x)
    wts = torch.randn(1, 3, h, w)
    (y * wts).sum().backward()
    flat = torch.cat([p.detach().flatten() for p in levels]); grad = torch.cat([p.grad.flatten() for p in levels])
    save(f"{name}_levels", flat); save(f"{name}_rgb", y); save(f"{name}_weights", wts); save(f"{name}_gradient", grad)
pyramid("pyramid", [(1, 1), (2, 2), (4, 3), (8, 6), (16, 12), (20, 15)], 20, 15, "bilinear",
        lambda x: torch.sigmoid(torch.einsum("ij,njhw->nihw", M, x)))
pyramid("every_size", [(max(1, (10 * s + 6) // 12), s) for s in range(1, 13)], 10, 12, "bicubic", lambda x: (torch.tanh(x) + 1) / 2)
# lucid's Laplacian: TensorFlow 1's resize_bilinear, src = dst * in / out
def legacy(p, h, w):
    for axis, n in ((2, h), (3, w)):
        m = p.shape[axis]
        src = torch.arange(n) * (m / n)
        lo = src.floor().long(); hi = (lo + 1).clamp(max=m - 1); f = (src - lo)
        shape = [1, 1, 1, 1]; shape[axis] = n; f = f.reshape(shape)
        p = p.index_select(axis, lo) * (1 - f) + p.index_select(axis, hi) * f
    return p
levels = [(torch.randn(1, 3, 16 // k, 24 // k) * 0.3) for k in (8, 4, 2, 1)]
x = sum(legacy(p, 16, 24) for p in levels)
save("laplacian_levels", torch.cat([p.flatten() for p in levels]))
save("laplacian_rgb", torch.sigmoid(torch.einsum("ij,njhw->nihw", M, x)))
# CPPN: lucid's composite activation, weights as (1, 1, inputs + 1, outputs) with the bias last
h, w, layers, units = 6, 9, 3, 5
r = 3 ** 0.5; step = 2 * r / (max(h, w) - 1)
ys = (torch.arange(h) - (h - 1) / 2) * step; xs = (torch.arange(w) - (w - 1) / 2) * step
yy, xx = torch.meshgrid(ys, xs, indexing="ij")
net = torch.stack([xx, yy], -1)
ins = [2] + [2 * units] * layers; outs = [units] * layers + [3]
ws = [(torch.randn(1, 1, i + 1, o) * (2 / i) ** 0.5).requires_grad_() for i, o in zip(ins, outs)]
for k, W in enumerate(ws):
    net = net @ W[0, 0, :-1] + W[0, 0, -1]
    if k < layers:
        a = torch.atan(net); net = torch.cat([a / 0.67, a * a / 0.6], -1)
rgb = torch.sigmoid(net).permute(2, 0, 1)[None]
wts = torch.randn_like(rgb)
(rgb * wts).sum().backward()
for k, W in enumerate(ws): save(f"cppn_layer{k}", W); save(f"cppn_gradient{k}", W.grad)
save("cppn_rgb", rgb); save("cppn_weights", wts)
