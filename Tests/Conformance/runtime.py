#!/usr/bin/env python3
"""Records single operators that ONNX's reference evaluator lacks or cuts short, by ONNX Runtime:

    python3 -m venv VENV && VENV/bin/pip install onnx onnxruntime
    VENV/bin/python Tests/Conformance/runtime.py

Recurrent layers in all their forms, and operators on quantized numbers; a folder a case in Tests/Recordings/operators,
as the README there has it. Random numbers follow from the case's name.
"""

import json
import pathlib
import zlib

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parents[1] / "Recordings" / "operators"


def record(name, node, x, constants, domains=(), kind=TensorProto.FLOAT, tolerance=None):
    """Writes a case of one node: its first input `x` is the network's, the others are stored."""
    graph = helper.make_graph(
        [node], name,
        [helper.make_tensor_value_info("x", helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)],
        [helper.make_empty_tensor_value_info(output) for output in node.output],
        [numpy_helper.from_array(array, key) for key, array in constants.items()])
    sets = [helper.make_opsetid("", 17)] + [helper.make_opsetid(domain, 1) for domain in domains]
    model = helper.make_model(graph, opset_imports=sets, ir_version=8)
    inferred = {value.name: value for value in onnx.shape_inference.infer_shapes(model).graph.output}
    for output in model.graph.output:
        # Of Microsoft's operators, ONNX knows no types.
        known = inferred[output.name].type.tensor_type.elem_type or kind
        output.CopyFrom(helper.make_tensor_value_info(output.name, known, None))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    results = session.run(None, {"x": x})
    folder = FOLDER / name
    (folder / "test_data_set_0").mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    (folder / "case.json").write_text(json.dumps(tolerance or {"rtol": 1e-4, "atol": 1e-6}))
    for side, arrays in (("input", [x]), ("output", results)):
        for i, array in enumerate(arrays):
            path = folder / "test_data_set_0" / f"{side}_{i}.pb"
            path.write_bytes(numpy_helper.from_array(numpy.asarray(array), "").SerializeToString())


def random(name):
    return numpy.random.default_rng(zlib.crc32(name.encode()))


def recurrent(name, kind, gates, directions=1, lengths=None, state=False, peepholes=False, bias=True, **attributes):
    rng = random(name)
    steps, batch, features, size = 4, 2, 3, 5
    draw = lambda *shape: rng.normal(0, 0.6, shape).astype(numpy.float32)
    constants = {"w": draw(directions, gates * size, features), "r": draw(directions, gates * size, size)}
    inputs = ["x", "w", "r"]

    def more(key, value):
        if value is None:
            inputs.append("")
        else:
            constants[key] = value
            inputs.append(key)

    more("b", draw(directions, 2 * gates * size) if bias else None)
    more("lengths", None if lengths is None else numpy.array(lengths, numpy.int32))
    more("h", draw(directions, batch, size) if state else None)
    outputs = ["y", "y_h"]
    if kind == "LSTM":
        more("c", draw(directions, batch, size) if state else None)
        more("p", draw(directions, 3 * size) if peepholes else None)
        outputs.append("y_c")
    node = helper.make_node(kind, inputs, outputs, hidden_size=size, **attributes)
    record(name, node, draw(steps, batch, features), constants)


def main():
    for kind, gates in (("RNN", 1), ("GRU", 3), ("LSTM", 4)):
        low = kind.lower()
        recurrent(f"runtime_{low}", kind, gates)
        recurrent(f"runtime_{low}_reverse_state", kind, gates, state=True, direction="reverse")
        recurrent(f"runtime_{low}_both", kind, gates, directions=2, state=True, direction="bidirectional")
        recurrent(f"runtime_{low}_lengths", kind, gates, directions=2, lengths=[4, 2], direction="bidirectional")
        recurrent(f"runtime_{low}_clip_plain", kind, gates, bias=False, clip=0.5)
    recurrent("runtime_gru_before_reset", "GRU", 3, linear_before_reset=1)
    recurrent("runtime_lstm_peepholes", "LSTM", 4, peepholes=True, state=True)
    recurrent("runtime_lstm_functions", "LSTM", 4, activations=["HardSigmoid", "Softsign", "Relu"],
              activation_alpha=[0.3], activation_beta=[0.4])
    recurrent("runtime_rnn_functions", "RNN", 1, directions=2, direction="bidirectional",
              activations=["LeakyRelu", "ScaledTanh"], activation_alpha=[0.2, 0.9], activation_beta=[0.7])
    quantized()
    packed()
    channels_last()


def scaled(rng, shape, kind):
    info = numpy.iinfo(kind)
    return rng.integers(info.min, info.max + 1, shape).astype(kind)


def quantized():
    f = lambda v: numpy.array(v, numpy.float32)
    u8, i8 = numpy.uint8, numpy.int8
    # A step of the scale may go either way where a sum lies between two.
    one = {"rtol": 0, "atol": 1.001}
    rng = random("quantized")
    x = scaled(rng, (1, 4, 6, 5), u8)
    node = helper.make_node(
        "QLinearConv", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"], ["y"], kernel_shape=[3, 3], group=2,
        strides=[2, 1], pads=[1, 1, 1, 1])
    record("runtime_qlinear_conv", node, x, {
        "xs": f(0.02), "xz": u8(120), "w": scaled(rng, (6, 2, 3, 3), i8), "wz": numpy.zeros(6, i8),
        "ws": rng.uniform(0.01, 0.03, 6).astype(numpy.float32), "ys": f(0.05), "yz": u8(128),
        "b": rng.integers(-2000, 2000, 6).astype(numpy.int32)}, tolerance=one)
    a = scaled(rng, (3, 7), u8)
    node = helper.make_node("QLinearMatMul", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["y"])
    record("runtime_qlinear_matmul", node, a, {
        "xs": f(0.02), "xz": u8(100), "w": scaled(rng, (7, 5), i8), "ws": f(0.013), "wz": i8(3), "ys": f(0.05),
        "yz": u8(128)}, tolerance=one)
    for kind in ("QLinearAdd", "QLinearMul"):
        node = helper.make_node(
            kind, ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["y"], domain="com.microsoft")
        record(f"runtime_{kind.lower()}", node, a, {
            "xs": f(0.02), "xz": u8(100), "w": scaled(rng, (3, 7), u8), "ws": f(0.03), "wz": u8(90), "ys": f(0.04),
            "yz": u8(120)}, domains=["com.microsoft"], kind=TensorProto.UINT8, tolerance=one)
    for kind, attributes in (("QLinearGlobalAveragePool", {}), ("QLinearSigmoid", {}),
                             ("QLinearLeakyRelu", {"alpha": 0.2}),
                             ("QLinearAveragePool", {"kernel_shape": [2, 2], "strides": [2, 2]})):
        node = helper.make_node(kind, ["x", "xs", "xz", "ys", "yz"], ["y"], domain="com.microsoft", **attributes)
        scale = 1 / 255 if kind == "QLinearSigmoid" else 0.02
        record(f"runtime_{kind.lower()}", node, x, {
            "xs": f(0.02), "xz": u8(100), "ys": f(scale), "yz": u8(0 if kind == "QLinearSigmoid" else 90)},
            domains=["com.microsoft"], kind=TensorProto.UINT8, tolerance=one)
    node = helper.make_node(
        "QLinearConcat", ["ys", "yz", "x", "xs", "xz", "w", "ws", "wz"], ["y"], domain="com.microsoft", axis=1)
    record("runtime_qlinearconcat", node, a, {
        "xs": f(0.02), "xz": u8(100), "w": scaled(rng, (3, 4), u8), "ws": f(0.03), "wz": u8(90), "ys": f(0.04),
        "yz": u8(120)}, domains=["com.microsoft"], kind=TensorProto.UINT8, tolerance=one)
    node = helper.make_node(
        "QGemm", ["x", "xs", "xz", "w", "ws", "wz", "b", "ys", "yz"], ["y"], domain="com.microsoft", transB=1)
    record("runtime_qgemm", node, a, {
        "xs": f(0.02), "xz": u8(100), "w": scaled(rng, (5, 7), i8), "ws": f(0.013), "wz": i8(0),
        "b": rng.integers(-2000, 2000, 5).astype(numpy.int32), "ys": f(0.05), "yz": u8(128)},
        domains=["com.microsoft"], kind=TensorProto.UINT8, tolerance=one)
    node = helper.make_node("ConvInteger", ["x", "w", "xz", "wz"], ["y"], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    record("runtime_conv_integer", node, x, {
        "w": scaled(rng, (3, 4, 3, 3), u8), "xz": u8(120), "wz": u8(110)}, tolerance={"rtol": 0, "atol": 0.001})
    node = helper.make_node("MatMulInteger", ["x", "w", "xz", "wz"], ["y"])
    record("runtime_matmul_integer", node, a, {
        "w": scaled(rng, (7, 5), i8), "xz": u8(120), "wz": i8(-4)}, tolerance={"rtol": 0, "atol": 0.001})
    # Numbers and states that bytes hold exactly, since ONNX Runtime rounds them to bytes of their own range.
    for name, directions, per_channel, kind, zeros in (
            ("", 1, False, i8, None), ("_both", 2, True, i8, None), ("_zeros", 1, False, i8, (-11, 23)),
            ("_zeros_both", 2, False, u8, (120, 101)), ("_zeros_channels", 2, True, u8, (97, 131))):
        own = random(f"runtime_dynamic_quantize_lstm{name}")
        batch, features, size = 2, 6, 5
        whole = own.integers(0, 256, (1, batch, features))
        whole[0, :, 0], whole[0, :, 1] = 0, 255
        state = own.integers(0, 256, (directions, batch, size))
        state[:, :, 0], state[:, :, 1] = 0, 255
        parameters = (directions, 4 * size) if per_channel else (directions,)
        scales = lambda: own.uniform(0.004, 0.008, parameters).astype(numpy.float32)
        node = helper.make_node(
            "DynamicQuantizeLSTM", ["x", "w", "r", "b", "", "h", "", "", "ws", "wz", "rs", "rz"],
            ["y", "y_h", "y_c"], domain="com.microsoft", hidden_size=size,
            direction="bidirectional" if directions == 2 else "forward")
        # From one direction to the next they differ; those of channels must not, says ONNX Runtime.
        zero = lambda place: (numpy.zeros(parameters, kind) if zeros is None else
                              (zeros[place] + numpy.arange(numpy.prod(parameters)) * (not per_channel)).reshape(parameters).astype(kind))
        record(f"runtime_dynamic_quantize_lstm{name}", node, (whole / 255).astype(numpy.float32), {
            "w": scaled(own, (directions, features, 4 * size), kind),
            "r": scaled(own, (directions, size, 4 * size), kind),
            "b": own.normal(0, 0.5, (directions, 8 * size)).astype(numpy.float32),
            "h": (state / 255).astype(numpy.float32), "ws": scales(), "wz": zero(0),
            "rs": scales(), "rz": zero(1)},
            domains=["com.microsoft"], tolerance={"rtol": 1e-4, "atol": 1e-5})
    node = helper.make_node("DynamicQuantizeLinear", ["x"], ["y", "y_scale", "y_zero_point"])
    record("runtime_dynamic_quantize", node, rng.normal(0.3, 1, (3, 4)).astype(numpy.float32), {},
           tolerance={"rtol": 1e-6, "atol": 1.001})


def packed():
    """Products with matrices of few bits a number, in blocks; the last block is not full."""
    for name, bits, block, zeros, more in (
            ("plain", 4, 16, None, {}), ("zeros", 4, 16, "packed", {}), ("floats", 4, 32, "floats", {}),
            ("bias", 4, 16, None, {"bias": True}), ("eight", 8, 16, "packed", {}),
            # With zero points, ONNX Runtime 1.32 takes groups' zero points for 8.
            ("groups", 4, 16, None, {"groups": True})):
        rng = random(f"runtime_matmul_bits_{name}")
        inputs, outputs = 40, 6
        blocks = -(-inputs // block)
        shape = (outputs, blocks, block * bits // 8)
        constants = {
            "w": rng.integers(0, 256, shape).astype(numpy.uint8),
            "s": rng.uniform(0.01, 0.05, outputs * blocks).astype(numpy.float32)}
        if zeros == "packed":
            constants["z"] = rng.integers(0, 256, (outputs * -(-blocks * bits // 8))).astype(numpy.uint8)
        elif zeros == "floats":
            constants["z"] = rng.uniform(5, 11, outputs * blocks).astype(numpy.float32)
        names = ["x", "w", "s"] + (["z"] if zeros else [])
        if more.get("groups"):
            # Whose scale each row has.
            constants["g"] = rng.permutation(numpy.arange(blocks * block) // block).astype(numpy.int32)
            names += ["", "g"]
        if more.get("bias"):
            constants["b"] = rng.normal(0, 1, outputs).astype(numpy.float32)
            names += ["", "", "b"]
        node = helper.make_node(
            "MatMulNBits", names, ["y"], domain="com.microsoft", K=inputs, N=outputs, bits=bits, block_size=block)
        record(f"runtime_matmul_bits_{name}", node, rng.normal(0, 1, (2, 3, inputs)).astype(numpy.float32), constants,
               domains=["com.microsoft"])


def channels_last():
    """What ONNX Runtime makes of quantized networks for pictures N×H×W×C."""
    rng = random("channels last")
    u8, i8 = numpy.uint8, numpy.int8
    x = scaled(rng, (1, 7, 6, 4), u8)
    node = helper.make_node(
        "NhwcMaxPool", ["x"], ["y"], domain="com.microsoft", kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 1, 1],
        ceil_mode=1)
    record("runtime_nhwc_max_pool", node, x, {}, domains=["com.microsoft"], kind=TensorProto.UINT8,
           tolerance={"rtol": 0, "atol": 0})
    node = helper.make_node(
        "NhwcMaxPool", ["x"], ["y"], domain="com.microsoft", kernel_shape=[2, 2], dilations=[2, 2])
    record("runtime_nhwc_max_pool_dilated", node, x, {}, domains=["com.microsoft"], kind=TensorProto.UINT8,
           tolerance={"rtol": 0, "atol": 0})
    node = helper.make_node(
        "QLinearConv", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"], ["y"], domain="com.microsoft",
        kernel_shape=[3, 3], group=2, strides=[2, 1], pads=[1, 1, 1, 1], channels_last=1)
    record("runtime_qlinear_conv_channels_last", node, x, {
        "xs": numpy.float32(0.02), "xz": u8(120), "w": scaled(rng, (6, 2, 3, 3), i8), "wz": numpy.zeros(6, i8),
        "ws": rng.uniform(0.01, 0.03, 6).astype(numpy.float32), "ys": numpy.float32(0.05), "yz": u8(128),
        "b": rng.integers(-2000, 2000, 6).astype(numpy.int32)}, domains=["com.microsoft"], kind=TensorProto.UINT8,
        tolerance={"rtol": 0, "atol": 1.001})


main()
