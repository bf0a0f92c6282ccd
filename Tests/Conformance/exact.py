"""Records a small network of many operators in double precision: values and gradients with all their digits.

    python Tests/Conformance/exact.py

writes Tests/Recordings/exact, with PyTorch 2.15. The weights are floats, as in the file; all that is computed with them is
double.
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).parent.parent / "Recordings" / "exact"


class Many(nn.Module):
    """Convolutions, pooling, norms, attention and a recurrent layer, one after the other."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.grouped = nn.Conv2d(8, 12, 3, padding=2, dilation=2, groups=4, bias=False)
        self.groups = nn.GroupNorm(3, 12)
        self.up = nn.ConvTranspose2d(12, 6, 4, stride=2, padding=1, output_padding=1, groups=2)
        self.slopes = nn.PReLU(6)
        self.tokens = nn.Conv2d(6, 16, 4, stride=4)
        self.before = nn.LayerNorm(16)
        self.queries = nn.Linear(16, 48)
        self.after = nn.Linear(16, 16)
        self.recurrent = nn.LSTM(16, 5, bidirectional=True, batch_first=True)
        self.head = nn.Linear(10, 7)

    def forward(self, x):
        x = F.local_response_norm(F.relu(self.norm(self.first(x))), 3, alpha=0.5, beta=0.6)
        x = F.silu(self.groups(self.grouped(x)))
        x = F.max_pool2d(x, 3, stride=1, padding=1) + F.avg_pool2d(x, 3, stride=1, padding=1)
        x = self.slopes(self.up(x))
        x = F.interpolate(x, scale_factor=1.5, mode="bicubic")
        x = F.interpolate(x, size=(20, 20), mode="bilinear", align_corners=True)
        x = self.tokens(x).flatten(2).transpose(1, 2)
        y = self.queries(self.before(x)).unflatten(2, (3, 4, 4)).permute(2, 0, 3, 1, 4)
        y = (y[0] @ y[1].transpose(2, 3) / 2).softmax(3) @ y[2]
        x = x + F.gelu(self.after(y.transpose(1, 2).flatten(2)))
        x = self.recurrent(x)[0]
        return self.head(x.mean(1) + x.amax(1)).log_softmax(1)


def main():
    torch.manual_seed(3)
    model = Many().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape))
        model.norm.running_mean.normal_()
        model.norm.running_var.uniform_(0.5, 2)
    x = torch.randn(1, 3, 16, 16)
    FOLDER.mkdir(exist_ok=True)
    torch.onnx.export(
        model, (x,), FOLDER / "model.onnx", dynamo=True, external_data=False, opset_version=18
    )
    model.double()
    x = x.double().requires_grad_()
    values = model(x)
    values[0, 2].backward()
    record = {
        "input": x.detach().flatten().tolist(),
        "values": values.detach().flatten().tolist(),
        "class": 2,
        "gradient": x.grad.flatten().tolist(),
    }
    (FOLDER / "case.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
