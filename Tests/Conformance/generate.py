#!/usr/bin/env python3
"""Writes ONNX's own backend tests to a folder, one folder a case:

    python3 -m venv VENV && VENV/bin/pip install onnx
    VENV/bin/python Tests/Conformance/generate.py FOLDER
    VISUALIZE_ONNX_TESTS=FOLDER swift test --filter OperatorConformance

Each case is laid out as the package `onnx` lays out its data: `model.onnx`, `test_data_set_0/input_0.pb`, …,
`output_0.pb`, …, and a `case.json` with the tolerances. The kinds are `node` (one operator, and the same
operator expanded to its definition), `simple`, `pytorch-converted`, `pytorch-operator` and `light` (whole
classifiers whose weights are computed).
"""

import json
import os
import shutil
import sys

import numpy
import onnx
from onnx import numpy_helper
from onnx.backend.test.case import node as node_cases
from onnx.backend.test.loader import DATA_DIR


def write(path, message):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(message.SerializeToString())


def message(value, info):
    """A value as a file holds it: a tensor, a sequence, or one of both that may be left out."""
    if isinstance(value, onnx.TensorProto):
        return value
    if info.type.HasField("optional_type"):
        return numpy_helper.from_optional(value, info.name)
    if info.type.HasField("sequence_type"):
        return numpy_helper.from_list(value, info.name)
    return numpy_helper.from_array(numpy.asarray(value), info.name)


def write_tolerances(folder, rtol, atol):
    with open(os.path.join(folder, "case.json"), "w") as file:
        json.dump({"rtol": rtol, "atol": atol}, file)


def write_values(folder, prefix, values, infos):
    for i, (value, info) in enumerate(zip(values, infos)):
        write(os.path.join(folder, f"test_data_set_0/{prefix}_{i}.pb"), message(value, info))


def write_nodes(folder):
    for case in node_cases.collect_testcases():
        target = os.path.join(folder, "node", case.name)
        write(os.path.join(target, "model.onnx"), case.model)
        inputs, outputs = case.data_sets[0]
        write_values(target, "input", inputs, case.model.graph.input)
        write_values(target, "output", outputs, case.model.graph.output)
        write_tolerances(target, case.rtol, case.atol)


def copy_recorded(folder, kind):
    for name in sorted(os.listdir(os.path.join(DATA_DIR, kind))):
        source = os.path.join(DATA_DIR, kind, name)
        if os.path.isdir(source):
            target = os.path.join(folder, kind, name)
            shutil.copytree(source, target, dirs_exist_ok=True)
            write_tolerances(target, 1e-3, 1e-7)


def write_light(folder):
    """The classifiers come with an output each, for an input of 0, 1/n, 2/n, …"""
    light = os.path.join(DATA_DIR, "light")
    for name in sorted(os.listdir(light)):
        stem, extension = os.path.splitext(name)
        if extension != ".onnx":
            continue
        target = os.path.join(folder, "light", stem)
        model = onnx.load(os.path.join(light, name))
        write(os.path.join(target, "model.onnx"), model)
        constants = {tensor.name for tensor in model.graph.initializer}
        info = next(i for i in model.graph.input if i.name not in constants)
        shape = [max(1, d.dim_value) for d in info.type.tensor_type.shape.dim]
        count = numpy.prod(shape)
        picture = (numpy.arange(count).reshape(shape) / count).astype(numpy.float32)
        write_values(target, "input", [picture], [info])
        shutil.copy(
            os.path.join(light, stem + "_output_0.pb"),
            os.path.join(target, "test_data_set_0/output_0.pb"),
        )
        write_tolerances(target, 1e-3, 1e-7)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    write_nodes(folder)
    for kind in ["simple", "pytorch-converted", "pytorch-operator"]:
        copy_recorded(folder, kind)
    write_light(folder)
    print(f"{sum(len(os.listdir(os.path.join(folder, kind))) for kind in os.listdir(folder))} cases")


if __name__ == "__main__":
    main()
