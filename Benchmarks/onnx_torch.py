"""An ONNX file of plain operators as a function of PyTorch tensors, for peers that want a module. Batch 1 alone."""
import onnx, torch
import torch.nn.functional as F
from onnx import numpy_helper


def pairs(pads):
    """ONNX's begins and ends as F.pad wants them: the last axis first."""
    half = len(pads) // 2
    return [pad for axis in reversed(range(half)) for pad in (pads[axis], pads[half + axis])]


def pool(x, a, function, value):
    size = len(a["kernel_shape"])
    x = F.pad(x, pairs(a.get("pads", [0] * 2 * size)), value=value)
    return function[size](x, a["kernel_shape"], a.get("strides", [1] * size), ceil_mode=bool(a.get("ceil_mode", 0)))


def convolution(i, a):
    x = F.pad(i[0], pairs(a.get("pads", [0, 0, 0, 0])))
    return F.conv2d(x, i[1], i[2] if len(i) > 2 else None, a.get("strides", 1), 0, a.get("dilations", 1), a.get("group", 1))


MAXIMA = {2: F.max_pool2d}
MEANS = {2: F.avg_pool2d, 3: F.avg_pool3d}
OPERATORS = {
    "Conv": convolution,
    "Relu": lambda i, a: F.relu(i[0]),
    "MaxPool": lambda i, a: pool(i[0], a, MAXIMA, float("-inf")),
    "AveragePool": lambda i, a: pool(i[0], a, MEANS, 0.0),
    "Concat": lambda i, a: torch.cat(i, a["axis"]),
    "Add": lambda i, a: i[0] + i[1],
    "Sub": lambda i, a: i[0] - i[1],
    "Mul": lambda i, a: i[0] * i[1],
    "Div": lambda i, a: i[0] / i[1],
    "Pow": lambda i, a: i[0] ** i[1],
    "Pad": lambda i, a: F.pad(i[0], pairs(i[1].long().tolist()), value=i[2].item() if len(i) > 2 else 0.0),
    "Reshape": lambda i, a: i[0].reshape(i[1].long().tolist()),
    "Squeeze": lambda i, a: i[0].squeeze(tuple(i[1].long().tolist())),
    "ReduceMean": lambda i, a: i[0].mean(tuple(i[1].long().tolist()), keepdim=bool(a.get("keepdims", 1))),
    "Gemm": lambda i, a: i[0] @ (i[1].T if a.get("transB") else i[1]) + i[2],
}


def function(file):
    """The file's first output from its input."""
    constants = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in file.graph.initializer}
    nodes = [(OPERATORS[n.op_type], [name for name in n.input if name], n.output[0],
              {a.name: onnx.helper.get_attribute_value(a) for a in n.attribute}) for n in file.graph.node]

    def run(x):
        values = {**constants, file.graph.input[0].name: x}
        for operator, inputs, output, attributes in nodes:
            values[output] = operator([values[name] for name in inputs], attributes)
        return values[file.graph.output[0].name]

    return run
