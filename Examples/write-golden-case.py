"""Writes a golden case of a PyTorch module, for `visualize verify`.

    python Examples/write-golden-case.py my-case
    visualize verify my-case

Replace `module()` and `example()` by your own, or import `write_case`:

    write_case(torchvision.models.resnet18(weights="DEFAULT"), torch.randn(1, 3, 224, 224),
               "resnet18", layers=["layer2", "layer3.0.conv1"], outputs=[281])

The case is a folder: model.onnx, its input and outputs in ONNX's own test layout, and gradients with
respect to the input and activations as PyTorch computes them, listed in case.json. Needs torch, onnx and
onnxscript.
"""

import json
import pathlib
import sys

import onnx
import onnx.numpy_helper
import torch


def module():
    """The module to test: replace it by your own."""
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 16, 3, stride=2, padding=1),
        torch.nn.BatchNorm2d(16),
        torch.nn.ReLU(),
        torch.nn.Conv2d(16, 24, 3, padding=1, groups=4),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(24 * 8 * 8, 10),
    )


def example():
    """An input for it, N×C×H×W."""
    torch.manual_seed(1)
    return torch.randn(1, 3, 32, 32)


def write_tensor(path, tensor):
    array = tensor.detach().cpu().contiguous().numpy()
    path.write_bytes(onnx.numpy_helper.from_array(array, path.stem).SerializeToString())


def write_case(
        module, example, folder, layers=(), outputs=(0,), exporter="dynamo", opset=18):
    """Exports a module and records what it computes.

    layers: paths of submodules (`layer3.0.conv1`) to record an activation, a channel's gradient and a
    neuron's gradient of. outputs: units of the first output to record gradients of. exporter: PyTorch's
    new one, `dynamo`, or its old one, `torchscript`.
    """
    folder = pathlib.Path(folder)
    (folder / "test_data_set_0").mkdir(parents=True, exist_ok=True)
    module = module.eval()
    file = str(folder / "model.onnx")
    if exporter == "dynamo":
        program = torch.onnx.export(module, (example,), dynamo=True, opset_version=opset)
        program.save(file, external_data=False)
    else:
        torch.onnx.export(module, (example,), file, dynamo=False, opset_version=opset)

    write_tensor(folder / "test_data_set_0" / "input_0.pb", example)
    results = module(example)
    results = results if isinstance(results, (tuple, list)) else [results]
    for i, result in enumerate(results):
        write_tensor(folder / "test_data_set_0" / f"output_{i}.pb", result)

    gradients = []

    def record(of, name, scalar, activation=None, layer=None):
        """The gradient of scalar(activation of the layer, or first output) by the input."""
        seen = []
        hooks = []
        if layer:
            hook = lambda _, __, output: seen.append(output)
            hooks.append(module.get_submodule(layer).register_forward_hook(hook))
        x = example.clone().requires_grad_(True)
        result = module(x)
        result = result[0] if isinstance(result, (tuple, list)) else result
        for hook in hooks:
            hook.remove()
        read = seen[-1] if layer else result
        value = scalar(read)
        (gradient,) = torch.autograd.grad(value, x)
        write_tensor(folder / f"gradient_{name}.pb", gradient)
        entry = {"of": of, "file": f"gradient_{name}.pb", "value": value.item()}
        if activation:
            write_tensor(folder / activation, read)
            entry["activation"] = activation
        gradients.append(entry)

    for unit in outputs:
        record({"output": 0, "index": [unit]}, f"output_{unit}", lambda a: a[:, unit].sum())
    for layer in layers:
        shape = shape_of(module, example, layer)
        activation = f"activation_{layer}.pb"
        if len(shape) == 4:
            c, y, x = shape[1] // 2, shape[2] // 2, shape[3] // 2
            record(
                {"layer": layer, "channel": c, "reduce": "mean"}, f"{layer}_channel{c}",
                lambda a: a[:, c].mean(), layer=layer)
            record(
                {"layer": layer, "channel": c, "y": y, "x": x}, f"{layer}_neuron{c}",
                lambda a: a[:, c, y, x].sum(), activation, layer)
        else:
            record(
                {"layer": layer, "unit": 0}, f"{layer}_unit0",
                lambda a: a.flatten(1)[:, 0].sum(), activation, layer)

    description = {"exporter": exporter, "opset": opset, "gradients": gradients}
    (folder / "case.json").write_text(json.dumps(description, indent=1) + "\n")


def shape_of(module, example, layer):
    shapes = []
    hook = module.get_submodule(layer).register_forward_hook(
        lambda _, __, output: shapes.append(output.shape))
    with torch.no_grad():
        module(example)
    hook.remove()
    return shapes[-1]


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(f"usage: {sys.argv[0]} FOLDER")
    write_case(module(), example(), sys.argv[1], layers=["2", "4", "7"], outputs=[0, 3])
