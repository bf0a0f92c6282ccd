import Autodiff
import Blocks
import CKernels
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Operator {
  /// Activations: functions of one scalar each, bent on purpose.
  static let activations: [Operator] = [
    Operator("Relu", .clamp(.relu)) { call in
      let (x, slope) = (try call.input(0), call.node.slopeAtZero)
      return slope == 0
        ? relu(x) : pointwise(x, { max($0, 0) }) { $0 > 0 ? 1 : $0 == 0 ? slope : 0 }
    },
    Operator("LeakyRelu", .elementwise, activated),
    Operator("PRelu", .elementwise, prelu),
    Operator("ThresholdedRelu", .elementwise) { call in
      let threshold = call.node.float("alpha", default: 1)
      return pointwise(try call.input(0), { $0 > threshold ? $0 : 0 }) { $0 > threshold ? 1 : 0 }
    },
    Operator("Elu", .elementwise) { call in
      exponentialUnit(try call.input(0), height: call.node.float("alpha", default: 1))
    },
    Operator("Selu", .elementwise) { call in
      // Klambauer et al., "Self-Normalizing Neural Networks", 2017.
      let height = call.node.float("alpha", default: 1.67326319217681884765625)
      let scale = call.node.float("gamma", default: 1.05070102214813232421875)
      return exponentialUnit(try call.input(0), height: height) * scale
    },
    Operator("Celu", .elementwise) { call in
      let height = call.node.float("alpha", default: 1)
      try call.require(height != 0, "alpha 0")
      return exponentialUnit(try call.input(0), height: height, width: height)
    },
    Operator("Gelu", .elementwise) { call in
      try call.word("approximate", of: ["none", "tanh"]) == "tanh"
        ? approximateGelu(try call.input(0)) : gelu(try call.input(0))
    },
    .unary("com.microsoft.Gelu", of: gelu),
    Operator("com.microsoft.BiasGelu", .elementwise) { gelu(try biased($0)) },
    Operator("com.microsoft.FastGelu", .elementwise) { approximateGelu(try biased($0)) },
    Operator("com.microsoft.QuickGelu", .elementwise) { call in
      swish(try call.input(0), slope: call.node.float("alpha", default: 1.702))
    },
    Operator("Swish", .elementwise, activated),
    Operator("SwiGLU", .combination) { call in
      let (gate, x) = (try call.input(0), try call.input(1))
      try call.require(gate.shape == x.shape, "a gate of \(gate.shape) for \(x.shape)")
      return swish(gate, slope: call.node.float("alpha", default: 1)) * x
    },
    Operator("HardSigmoid", .gate, activated),
    Operator("HardSwish", .elementwise, activated),
    Operator("Mish", .elementwise, activated),
    .unary("Softplus") { x in pointwise(x, softplus, derivative: logistic) },
    .unary("Softsign") { x in
      pointwise(x, { $0 / (1 + abs($0)) }) { 1 / ((1 + abs($0)) * (1 + abs($0))) }
    },
    Operator("Shrink", .elementwise) { call in
      let limit = call.node.float("lambd", default: 0.5)
      let bias = call.node.float("bias", default: 0)
      return pointwise(
        try call.input(0), { $0 < -limit ? $0 + bias : $0 > limit ? $0 - bias : 0 }
      ) { abs($0) > limit ? 1 : 0 }
    },
    Operator("Clip", .elementwise, clip)
      .role { call in Clamp(limitsOf: call).map { .clamp($0) } ?? .elementwise },
  ]

  /// `y = x` for x ≥ 0 and `height (exp(x / width) − 1)` below.
  private static func exponentialUnit(
    _ x: Variable, height: Float, width: Float = 1
  ) -> Variable {
    pointwise(x, { $0 < 0 ? height * expm1($0 / width) : $0 }) {
      $0 > 0 ? 1 : height / width * exp($0 / width)
    }
  }

  private static func softplus(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }

  private static func logistic(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

  /// `y = x Φ(x)`, Φ the distribution function of the normal distribution.
  private static func gelu(_ x: Variable) -> Variable { activated(x, Activation(KERNEL_GELU)) }

  /// What a kernel computes, on a tensor.
  private static func activated(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    guard let activation = Activation(call.node) else { throw call.invalid("no such function") }
    return activated(x, activation)
  }

  private static func activated(_ x: Variable, _ activation: Activation) -> Variable {
    Variable(activation(x.value), operation: "activation \(activation.name)", inputs: [x]) { g in
      [Variable(activation(x.value, gradient: g.value))]
    }
  }

  /// `y = x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`: Hendrycks and Gimpel, 2016.
  private static func approximateGelu(_ x: Variable) -> Variable {
    activated(x, Activation(KERNEL_GELU_TANH))
  }

  private static func swish(_ x: Variable, slope: Float) -> Variable {
    activated(x, Activation(KERNEL_SWISH, alpha: slope))
  }

  /// The first input plus the second where there is one.
  private static func biased(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    guard let bias = call.optionalInput(1) else { return x }
    _ = try call.broadcast(x.shape, bias.shape)
    return x + bias
  }

  private static func prelu(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    var slope = try call.input(1)
    // Before operator set 7, one slope a channel was written without the axes behind.
    if call.node.opset < 7, slope.shape.rank == 1, slope.shape.count > 1, x.shape.rank > 2 {
      slope = slope.reshaped(
        to: Shape([slope.shape.count] + [Int](repeating: 1, count: x.shape.rank - 2)))
    }
    try call.check(slope.shape, stretchesTo: x.shape)
    // At 0 the derivative is the slope, as in PyTorch.
    let isAbove = Tensor(x.shape, x.value.scalars.map { $0 > 0 ? 1 : 0 })
    return select(isAbove, x, slope * x, x.shape)
  }

  /// `y = min(max(x, lower), upper)`, the limits as attributes or, since operator set 11, as inputs; the
  /// derivative is 1 strictly between them, as in the stores of plans and in PyTorch's ReLU6.
  private static func clip(_ call: TapeCall) throws -> Variable {
    let lower = try call.scalar(1) ?? call.node.float("min", default: -.infinity)
    let upper = try call.scalar(2) ?? call.node.float("max", default: .infinity)
    return pointwise(try call.input(0), { min(max($0, lower), upper) }) {
      $0 > lower && $0 < upper ? 1 : 0
    }
  }
}

extension Clamp {
  /// The limits of a Clip, as attributes or, since operator set 11, as inputs; `nil` where one is no
  /// constant number.
  init?(limitsOf call: TapeCall) {
    func limit(_ position: Int, _ attribute: String, _ open: Float) -> Float? {
      guard let name = call.node.input(position) else {
        return call.node.float(attribute, default: open)
      }
      guard let tensor = call.constants[name]?.tensor, tensor.count == 1 else { return nil }
      return tensor.scalars[0]
    }
    guard let lower = limit(1, "min", -.infinity), let upper = limit(2, "max", .infinity) else {
      return nil
    }
    self.init(lower: lower, upper: upper)
  }
}
