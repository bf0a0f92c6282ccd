#!/usr/bin/env python3
"""Records Tests/Recordings/operators.tar.gz, the forward values that every test run compares with:

    python3 -m venv VENV && VENV/bin/pip install onnx
    VENV/bin/python Tests/Conformance/operators.py

It holds the small ones of ONNX's own backend tests of single nodes, and what ONNX's reference evaluator makes of
every model of one node in Tests/Fuzzing/Corpus. The evaluator knows nothing of Microsoft's operators: their
definitions stand here. Cases are laid out as `generate.py` lays them out.
"""

import gzip
import io
import json
import math
import os
import pathlib
import sys
import tarfile
import tempfile

import numpy
import onnx
from onnx import TensorProto
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

import generate

TESTS = pathlib.Path(__file__).parents[1]
# A case of ONNX's own is kept up to this size; larger ones are run by `.ci/conformance`.
LARGEST = 6000
# What elements may be.
TYPES = {
    TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.BOOL,
    TensorProto.INT8, TensorProto.INT16, TensorProto.INT32, TensorProto.INT64,
    TensorProto.UINT8, TensorProto.UINT16, TensorProto.UINT32, TensorProto.UINT64,
    TensorProto.FLOAT8E4M3FN, TensorProto.FLOAT8E4M3FNUZ, TensorProto.FLOAT8E5M2, TensorProto.FLOAT8E5M2FNUZ,
    TensorProto.FLOAT8E8M0, TensorProto.FLOAT4E2M1,
    TensorProto.INT4, TensorProto.UINT4, TensorProto.INT2, TensorProto.UINT2,
}
# Where an operator's inputs lie, if not between -2 and 2.
RANGES = {
    "Log": (0.5, 3), "Sqrt": (0.5, 3), "Reciprocal": (0.5, 3), "Div": (1, 3), "Pow": (0.5, 2),
    "Asin": (-0.7, 0.7), "Acos": (-0.7, 0.7), "Atanh": (-0.7, 0.7), "Acosh": (2, 4),
    "ReduceLogSum": (0.5, 2), "Mod": (1.2, 4),
    # So large that LRN's small alpha counts, so small that an epsilon of 1e-5 does.
    "LRN": (-100, 100), "InstanceNormalization": (-0.01, 0.01), "GroupNormalization": (-0.01, 0.01),
    "LayerNormalization": (-0.01, 0.01), "RMSNormalization": (-0.01, 0.01),
    "SimplifiedLayerNormalization": (-0.01, 0.01),
}


def definition(name, function):
    """An operator for the evaluator: a function of arrays in double precision and of attributes."""

    def run(self, *inputs, **attributes):
        given = {key: value for key, value in attributes.items() if value is not None}
        result = function(*[x.astype(numpy.float64) for x in inputs if x is not None], **given)
        return (result.astype(inputs[0].dtype),)

    domain, _, name = name.rpartition(".")
    return type(name, (OpRun,), {"op_domain": domain, "_run": run})


def gelu(x, bias=0, approximate="none"):
    return (x + bias) / 2 * (1 + numpy.vectorize(math.erf)((x + bias) / math.sqrt(2)))


def fast_gelu(x, bias=0):
    x = x + bias
    return x / 2 * (1 + numpy.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def rms_norm(x, scale):
    return x / numpy.sqrt((x * x).mean(-1, keepdims=True) + 1e-5) * scale


def global_lp_pool(x, p=2):
    axes = tuple(range(2, x.ndim))
    return (numpy.abs(x) ** p).sum(axes, keepdims=True) ** (1 / p)


def lrn(x, size, alpha=1e-4, beta=0.75, bias=1):
    sums = numpy.zeros_like(x)
    for c in range(x.shape[1]):
        first, end = c - (size - 1) // 2, c + size // 2 + 1
        sums[:, c] = (x[:, max(first, 0) : end] ** 2).sum(1)
    return x / (bias + alpha / size * sums) ** beta


def lp_normalization(x, axis=-1, p=2):
    return x / (numpy.abs(x) ** p).sum(axis, keepdims=True) ** (1 / p)


def old_softmax(x, axis=1):
    """Of operator set 11: the axis and all behind it are one."""
    rows = numpy.exp(x.reshape(math.prod(x.shape[:axis]), -1))
    return (rows / rows.sum(1, keepdims=True)).reshape(x.shape)


DEFINITIONS = [
    definition("com.microsoft.Gelu", gelu),
    definition("com.microsoft.BiasGelu", gelu),
    definition("com.microsoft.FastGelu", fast_gelu),
    definition("com.microsoft.QuickGelu", lambda x: x / (1 + numpy.exp(-1.702 * x))),
    definition("com.microsoft.SimplifiedLayerNormalization", rms_norm),
    definition("SimplifiedLayerNormalization", rms_norm),
    definition("GlobalLpPool", global_lp_pool),
    # The evaluator's loop runs over the batch where channels are meant.
    definition("LRN", lrn),
    # The evaluator's leaves one of three spatial axes.
    definition("GlobalMaxPool", lambda x: x.max(tuple(range(2, x.ndim)), keepdims=True)),
    # The evaluator's adds up without signs taken away.
    definition("LpNormalization", lp_normalization),
]
# The evaluator knows the last operator set alone.
OLD = {"Softmax-25": [definition("Softmax", old_softmax)]}


def given(model, random):
    """A random input for a model of the corpus."""
    node = model.graph.node[0]
    shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
    low, high = RANGES.get(node.op_type, (-2, 2))
    return random.uniform(low, high, shape).astype(numpy.float32)


def write_corpus(folder):
    """A case of every model of the corpus that the evaluator runs.

    Returns the operators of all models, and why the others are not run."""
    operators, missing = set(), {}
    for number, file in enumerate(sorted((TESTS / "Fuzzing/Corpus").glob("*.onnx"))):
        model = onnx.load(file)
        operators |= {node.op_type for node in model.graph.node}
        if len(model.graph.node) != 1:
            continue
        for domain in {node.domain for node in model.graph.node} - {""}:
            model.opset_import.add(domain=domain, version=1)
        x = given(model, numpy.random.default_rng(number))
        try:
            values = ReferenceEvaluator(model, new_ops=OLD.get(file.stem, DEFINITIONS)).run(
                None, {model.graph.input[0].name: x})
        except Exception as error:
            missing[file.stem] = f"{type(error).__name__}: {error}"
            continue
        case = os.path.join(folder, "corpus-" + file.stem)
        generate.write(os.path.join(case, "model.onnx"), model)
        generate.write_values(case, "input", [x], model.graph.input)
        generate.write_values(case, "output", values, model.graph.output)
        generate.write_tolerances(case, 1e-5, 1e-6)
    return operators, missing


def size(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def is_known(model, operators):
    """Whether all operators and types of elements are among those that are run here."""
    graph = model.graph
    types = {info.type.tensor_type.elem_type for info in [*graph.input, *graph.output]}
    return bool(graph.input) and types <= TYPES and {node.op_type for node in graph.node} <= operators


def own_cases(folder, operators):
    """The small ones of ONNX's backend tests; what drops at random has no values, and a case
    expanded to its definition is of other operators."""
    return [
        case for case in sorted(pathlib.Path(folder, "node").iterdir())
        if "_expanded" not in case.name and "training_dropout" not in case.name and size(case) <= LARGEST
        and is_known(onnx.load(case / "model.onnx"), operators)
    ]


def pack(cases, file):
    """The same bytes for the same cases."""
    with open(file, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for case in cases:
                for path in sorted(p for p in case.rglob("*") if p.is_file()):
                    info = tarfile.TarInfo(str(path.relative_to(case.parent)))
                    content = path.read_bytes()
                    info.size = len(content)
                    archive.addfile(info, io.BytesIO(content))


def main():
    if len(sys.argv) != 1:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        generate.write_nodes(folder)
        corpus = pathlib.Path(folder, "corpus")
        corpus.mkdir()
        operators, missing = write_corpus(corpus)
        cases = own_cases(folder, operators) + sorted(corpus.iterdir())
        pack(cases, TESTS / "Recordings/operators.tar.gz")
    for name, error in missing.items():
        print(f"not recorded: {name}: {error[:150]}")
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main()
