"""Records which elements ONNX Runtime's Resize takes in its mode `nearest`, where rounding decides:

    python3 -m venv VENV && VENV/bin/pip install onnx onnxruntime
    VENV/bin/python Tests/Conformance/resizing.py [CASES]

Ten cases (or CASES) of each way to lay points and each way to round, a line a case in
`Tests/Recordings/resizing.txt`: the coordinates, the rounding, the old and the new extent, the factor where one
is given (else `sizes`), the part of the axis that is shown, and the element that stands at each new place, counted from 0.
Extents are drawn until some point lies on an element or in the middle between two, but for rounding.
"""

import fractions
import pathlib
import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

FILE = pathlib.Path(__file__).parents[1] / "Recordings" / "resizing.txt"
COORDINATES = ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
               "tf_crop_and_resize"]
ROUNDINGS = ["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"]


def elements(coordinates, rounding, old, new, factor, part):
    """What ONNX Runtime makes of 0, 1, 2, …"""
    constants = [numpy_helper.from_array(np.array(part, np.float32), "roi")]
    if factor is None:
        constants.append(numpy_helper.from_array(np.array([new], np.int64), "sizes"))
    else:
        constants.append(numpy_helper.from_array(np.array([factor], np.float32), "scales"))
    node = helper.make_node(
        "Resize", ["x", "roi", "scales" if factor else "", "" if factor else "sizes"], ["y"], mode="nearest",
        coordinate_transformation_mode=coordinates, nearest_mode=rounding, extrapolation_value=-1.0)
    graph = helper.make_graph(
        [node], "resize", [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [old])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [int(x) for x in session.run(None, {"x": np.arange(old, dtype=np.float32)})[0]]


def is_close(coordinates, old, new, factor, part):
    """Whether a point lies on an element or between two, exactly reckoned."""
    scale = fractions.Fraction(new, old) if factor is None else fractions.Fraction(str(factor))
    half = fractions.Fraction(1, 2)
    for i in range(new):
        if coordinates == "align_corners":
            point = i * fractions.Fraction(old - 1, new - 1) if new > 1 else fractions.Fraction(0)
        elif coordinates == "asymmetric":
            point = i / scale
        elif coordinates == "tf_crop_and_resize":
            first, last = (fractions.Fraction(str(x)) for x in part)
            point = (first * (old - 1) + i * (last - first) * (old - 1) / (new - 1) if new > 1
                     else half * (first + last) * (old - 1))
        else:
            point = (i + half) / scale - half
            if coordinates == "half_pixel_symmetric":
                point += fractions.Fraction(old, 2) * (1 - new / (scale * old))
        if (2 * point).denominator == 1 and 0 < point < old - 1 and old % new:
            return True
    return False


def main():
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    draw = random.Random(0)
    lines = []
    for coordinates in COORDINATES:
        for rounding in ROUNDINGS:
            count = 0
            while count < cases:
                old, factor, part = draw.randint(2, 32), None, [0.0, 1.0]
                new = draw.randint(1, 40)
                if draw.random() < 0.4 and coordinates != "tf_crop_and_resize":
                    factor = draw.randint(3, 29) / 10
                    new = int(np.float32(factor) * np.float32(old))
                if coordinates == "tf_crop_and_resize":
                    part = [draw.randint(-2, 4) / 10, draw.randint(6, 12) / 10]
                if new < 1 or not is_close(coordinates, old, new, factor, part):
                    continue
                found = elements(coordinates, rounding, old, new, factor, part)
                lines.append(" ".join(map(str, [
                    coordinates, rounding, old, len(found), "sizes" if factor is None else factor, *part, *found])))
                count += 1
    FILE.write_text("\n".join(lines) + "\n")
    print(len(lines), "cases in", FILE)


if __name__ == "__main__":
    main()
