"""Writes every model with one thing changed, for the fuzzer to run: `edits.py FOLDER MODEL.onnx…`.

Each integer and number that a model says of its nodes, stored tensors, inputs and operator sets is replaced by small ones
and by those that have broken programs before; inputs, outputs and attributes are left out one at a time. Then
`.build/fuzzing/release/fuzz -runs=0 FOLDER` runs all of them once, and stops at one that breaks the program.
"""

import pathlib
import sys

import numpy
import onnx
from onnx import numpy_helper

INTEGERS = [-(2**63), -(2**63) + 1, -5, -2, -1, 0, 1, 2, 3, 7, 2**20, 2**31, 2**40, 2**62, 2**63 - 1]
NUMBERS = [0, -1, 1e30, -1e30, float("inf"), float("nan")]
MOST = 400  # of one model


def replaced(owner, field, values):
    """One value after the other in a field, and the old one at the end."""
    old = getattr(owner, field)
    for value in values:
        setattr(owner, field, value)
        yield
    setattr(owner, field, old)


def in_list(items, values):
    """Values in each place of a repeated field; then it without its last item, and without any."""
    old = list(items)
    for place in range(len(old)):
        for value in values:
            items[place] = value
            yield
        items[place] = old[place]
    for kept in (old[:-1], []):
        del items[:]
        items.extend(kept)
        yield
    del items[:]
    items.extend(old)


def of_tensor(tensor):
    old = onnx.TensorProto()
    old.CopyFrom(tensor)
    array = numpy_helper.to_array(tensor)
    changed = [array.reshape(-1), array.reshape((1, *array.shape)), numpy.zeros((0,), array.dtype)]
    if array.dtype.kind in "iu" and array.size <= 8:
        limits = numpy.iinfo(array.dtype)
        for place in range(array.size):
            for value in INTEGERS:
                if limits.min <= value <= limits.max:
                    other = array.copy()
                    other.flat[place] = value
                    changed.append(other)
    for other in changed:
        tensor.CopyFrom(numpy_helper.from_array(other, old.name))
        yield
    tensor.CopyFrom(old)


def of_node(node):
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.INT:
            yield from replaced(attribute, "i", INTEGERS)
        elif attribute.type == onnx.AttributeProto.INTS:
            yield from in_list(attribute.ints, INTEGERS)
        elif attribute.type == onnx.AttributeProto.FLOAT:
            yield from replaced(attribute, "f", NUMBERS)
        elif attribute.type == onnx.AttributeProto.STRING:
            yield from replaced(attribute, "s", [b"", b"nothing of it"])
        elif attribute.type == onnx.AttributeProto.GRAPH:
            yield from of_graph(attribute.g)
        yield from replaced(attribute, "name", ["nothing_of_it"])
    yield from in_list(node.input, [""])
    yield from in_list(node.output, [""])
    node.input.append(node.input[0] if node.input else "nothing")
    yield
    del node.input[-1]


def of_graph(graph):
    for node in graph.node:
        yield from of_node(node)
    for tensor in graph.initializer:
        yield from of_tensor(tensor)
    for value in [*graph.input, *graph.output]:
        if value.type.HasField("tensor_type"):
            for extent in value.type.tensor_type.shape.dim:
                yield from replaced(extent, "dim_value", INTEGERS)
            yield from replaced(value.type.tensor_type, "elem_type", [0, 7, 8, 9, 99])


def of_model(model):
    yield from of_graph(model.graph)
    for opset in model.opset_import:
        yield from replaced(opset, "version", [*range(1, 27), 0, -1, 2**40])
    del model.opset_import[:]
    yield


def main():
    folder, models = pathlib.Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for path in models:
        model = onnx.load(path)
        for _, _ in zip(range(MOST), of_model(model)):
            (folder / f"{count:06}.onnx").write_bytes(model.SerializeToString())
            count += 1
    print(f"{count} models")


if __name__ == "__main__":
    main()
