import Autodiff
import Blocks
import CKernels
import Tensors

extension Operator {
  /// Normalizations: scalars brought to mean 0 and variance 1, or to length 1, over some axes.
  static let normalizations: [Operator] = [
    Operator("BatchNormalization", .normalization, channels: .first, batchNormalization),
    Operator("InstanceNormalization", .normalization, channels: .first) { call in
      let x = try call.input(0)
      try call.require(x.shape.rank >= 2, "an input of \(x.shape)")
      let plane = x.shape.dimensions.dropFirst(2).reduce(1, *)
      return try scaled(
        call, standardized(x, length: plane, epsilon: epsilon(call)), channels: x.shape[1])
    },
    Operator("GroupNormalization", .normalization, channels: .first, groupNormalization),
    overFeatures("LayerNormalization", layerNormalization),
    overFeatures("RMSNormalization", rmsNormalization),
    overFeatures("SimplifiedLayerNormalization", rmsNormalization),
    overFeatures("com.microsoft.SimplifiedLayerNormalization", rmsNormalization),
    Operator("MeanVarianceNormalization", .normalization) { call in
      let x = try call.input(0)
      let axes = try call.axes(call.node.ints("axes") ?? [0, 2, 3], rank: x.shape.rank)
      let centered = x - x.mean(alongAxes: axes, keepingAxes: true)
      // The reference adds this to the deviation.
      return centered / (sqrt(square(centered).mean(alongAxes: axes, keepingAxes: true)) + 1e-9)
    },
    Operator("LpNormalization", .normalization) { call in
      let x = try call.input(0)
      let axis = try call.axis(call.node.int("axis", default: -1), rank: x.shape.rank)
      let isFirst = call.node.int("p", default: 2) == 1
      return x.withAxisLast(axis) { x in
        let kept = Shape(x.shape.dimensions.dropLast() + [1])
        return x / (rowNorm(x, length: x.shape[-1], first: isFirst, shape: kept).orOneAtZero)
      }
    },
    Operator("LRN", .normalization, channels: .first, localResponse),
    Operator("ai.onnx.ml.Scaler", .elementwise, makes: .float, scaler),
  ]

  /// A normalization over the last axes, whose scale tells how many they are: one is the features.
  private static func overFeatures(_ type: String, _ run: @escaping Function) -> Operator {
    Operator(type, .normalization, run).channels { call in
      call.node.input(1).flatMap { call.constants[$0]?.shape.rank } == 1 ? .last : .kept
    }
  }

  /// What scikit-learn's StandardScaler becomes: less an offset and times a scale, one for all or each.
  private static func scaler(_ call: TapeCall) throws -> Variable {
    var x = try call.input(0)
    func numbers(_ name: String) throws -> Variable? {
      guard case .floats(let numbers)? = call.node.attributes[name] else { return nil }
      let shape: Shape = [numbers.count]
      try call.check(shape, stretchesTo: x.shape)
      return Variable(Tensor(shape, numbers))
    }
    if let offset = try numbers("offset") { x = x - offset }
    if let scale = try numbers("scale") { x = x * scale }
    return x
  }

  private static func epsilon(_ call: TapeCall) -> Float {
    call.node.float("epsilon", default: 1e-5)
  }

  /// Rows of mean 0 and variance 1: `y = (x − μ) / √(σ² + ε)`.
  static func standardized(_ x: Variable, length: Int, epsilon: Float) -> Variable {
    byRuns(x, length: length, shape: x.shape, width: length) { x, y, rows in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      kernel_standardize_rows(x, y, rows, length, epsilon)
    } backward: { x, y, g, result, rows in
      guard let x = x.baseAddress, let y = y.baseAddress, let g = g.baseAddress,
        let result = result.baseAddress
      else { return }
      kernel_standardize_rows_backward(x, y, g, result, rows, length, epsilon)
    }
  }

  /// `scale[c] x + shift[c]`, from the second and third input.
  private static func scaled(_ call: TapeCall, _ x: Variable, channels: Int) throws -> Variable {
    let shape = Shape([channels] + [Int](repeating: 1, count: max(0, x.shape.rank - 2)))
    let (scale, shift) = (try call.input(1), try call.input(2))
    try call.require(
      scale.shape.count == channels && shift.shape.count == channels,
      "\(scale.shape) scales and \(shift.shape) shifts for \(channels) channels")
    return x * scale.reshaped(to: shape) + shift.reshaped(to: shape)
  }

  private static func groupNormalization(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let groups = call.node.int("num_groups", default: 1)
    try call.require(
      x.shape.rank >= 2 && x.shape.count > 0 && groups > 0 && x.shape[1].isMultiple(of: groups),
      "\(groups) groups of an input of \(x.shape)")
    let length = x.shape.dimensions.dropFirst().reduce(1, *) / groups
    let normal = standardized(x, length: length, epsilon: epsilon(call))
    guard call.node.opset < 21, try call.input(1).shape.count == groups else {
      return try scaled(call, normal, channels: x.shape[1])
    }
    // Up to operator set 20 the parameters are one a group.
    let grouped = normal.reshaped(to: [x.shape[0], groups, length])
    return try scaled(call, grouped, channels: groups).reshaped(to: x.shape)
  }

  /// Over the last axes; also the mean and the inverse deviation, as second and third output.
  private static func layerNormalization(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let axis = try call.axis(call.node.int("axis", default: -1), rank: x.shape.rank)
    let axes = Array(axis..<x.shape.rank)
    if call.output > 0 {
      let mean = x.mean(alongAxes: axes, keepingAxes: true)
      if call.output == 1 { return mean }
      return 1 / sqrt(square(x - mean).mean(alongAxes: axes, keepingAxes: true) + epsilon(call))
    }
    let length = x.shape.dimensions[axis...].reduce(1, *)
    return try stretched(call, standardized(x, length: length, epsilon: epsilon(call)))
  }

  /// `x / √(mean x² + ε)` over the last axes.
  private static func rmsNormalization(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let axis = try call.axis(call.node.int("axis", default: -1), rank: x.shape.rank)
    let squares = square(x).mean(alongAxes: Array(axis..<x.shape.rank), keepingAxes: true)
    return try stretched(call, x / sqrt(squares + epsilon(call)))
  }

  /// The scale and, where there is one, the shift of a normalization, which broadcast.
  private static func stretched(_ call: TapeCall, _ x: Variable) throws -> Variable {
    let scale = try call.input(1)
    try call.check(scale.shape, stretchesTo: x.shape)
    guard let shift = call.optionalInput(2) else { return x * scale }
    try call.check(shift.shape, stretchesTo: x.shape)
    return x * scale + shift
  }

  /// With the statistics given or, in training mode, those of the batch; the running ones as outputs.
  private static func batchNormalization(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let channels = x.shape.rank > 1 ? x.shape[1] : 1
    let column = Shape([channels] + [Int](repeating: 1, count: max(0, x.shape.rank - 2)))
    if call.node.int("spatial", default: 1) == 0 { return try activationNormalization(call) }
    var (mean, variance) = (try call.input(3), try call.input(4))
    try call.require(
      mean.shape.count == channels && variance.shape.count == channels,
      "\(mean.shape) means and \(variance.shape) variances for \(channels) channels")
    (mean, variance) = (mean.reshaped(to: column), variance.reshaped(to: column))
    if call.node.int("training_mode", default: 0) != 0 {
      let axes = x.shape.dimensions.indices.filter { $0 != 1 }
      let batchMean = x.mean(alongAxes: axes, keepingAxes: true).reshaped(to: column)
      let batchVariance = square(x - batchMean).mean(alongAxes: axes).reshaped(to: column)
      if call.output > 0 {
        let momentum = call.node.float("momentum", default: 0.9)
        let (old, new) = call.output == 1 ? (mean, batchMean) : (variance, batchVariance)
        return (old * momentum + new * (1 - momentum)).reshaped(to: [channels])
      }
      (mean, variance) = (batchMean, batchVariance)
    }
    return try scaled(
      call, (x - mean) / sqrt(variance + epsilon(call)), channels: channels)
  }

  /// A batch norm whose every place has parameters of its own, C×D…, as operator sets 7 and 8 allow.
  private static func activationNormalization(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let each = Shape(Array(x.shape.dimensions.dropFirst()))
    let parameters = try (1...4).map { try call.input($0) }
    try call.require(
      x.shape.rank > 1 && parameters.allSatisfy { $0.shape.count == each.count },
      "parameters of \(parameters.map { "\($0.shape)" }.joined(separator: ", ")) for places of \(each)"
    )
    let (scale, shift) = (parameters[0].reshaped(to: each), parameters[1].reshaped(to: each))
    let (mean, variance) = (parameters[2].reshaped(to: each), parameters[3].reshaped(to: each))
    return (x - mean) / sqrt(variance + epsilon(call)) * scale + shift
  }

  /// Local response normalization over channels: `x / (k + α/n Σ x²)^β`.
  private static func localResponse(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let size = call.node.int("size", default: 0)
    try call.require(x.shape.rank >= 2 && size > 0, "size \(size) for an input of \(x.shape)")
    let channels = x.shape[1]
    let (before, after) = ((size - 1) / 2, size - 1 - (size - 1) / 2)
    let factor = call.node.float("alpha", default: 1e-4) / Float(size)
    let box = AxisMap(
      inputCount: channels,
      rows: (0..<channels).map { channel in
        (max(0, channel - before)..<min(channels, channel + after + 1)).map { .init($0, factor) }
      })
    let sums = square(x).mapped(box, alongAxis: 1) + call.node.float("bias", default: 1)
    return x * pow(sums, -call.node.float("beta", default: 0.75))
  }
}

extension Variable {
  /// The same with 1 in place of 0, for norms to divide by.
  fileprivate var orOneAtZero: Variable {
    let isZero = value.map { $0 == 0 ? 1 : 0 }
    return select(isZero, Variable(Tensor(1)), self, shape)
  }
}
