import Autodiff
import Blocks
import ONNX
import Tensors

extension Operator {
  /// Numbers on a coarse scale.
  ///
  /// The gradient passes as if nothing were rounded or cut off (straight through; Bengio et al., 2013): an
  /// ascent may leave the range that was calibrated on photographs, and has to find its way on.
  static let quantization: [Operator] = [
    Operator(
      "QuantizeLinear", .elementwise,
      makes: .by { quantized($0) }
    ) { call in
      let x = try call.input(0)
      let scale = try parameter(call, 1, for: x.shape)
      if let format = quantized(call).shortFloat {
        let saturates = call.node.int("saturate", default: 1) != 0
        return straightThrough(x / scale) { format.rounded($0, saturates: saturates) }
      }
      let zero = call.node.input(2) == nil ? nil : try parameter(call, 2, for: x.shape)
      let range = quantized(call).range ?? 0...255
      var y = straightThrough(x / scale) { $0.rounded(.toNearestOrEven) }
      if let zero { y = y + zero }
      return straightThrough(y) { min(max($0, range.lowerBound), range.upperBound) }
    },
    Operator("DynamicQuantizeLinear", .other, makes: .outputs([.of(.uint8), .float, .of(.uint8)])) {
      call in
      let x = try call.input(0)
      let (lower, upper) = x.value.scalars.reduce((Float(0), Float(0))) {
        (min($0.0, $1), max($0.1, $1))
      }
      // Of nothing but zeros any scale will do.
      let scale = upper == lower ? 1 : (upper - lower) / 255
      let zero = min(max((-lower / scale).rounded(.toNearestOrEven), 0), 255)
      switch call.output {
      case 1: return Variable(Tensor(scale))
      case 2: return Variable(Tensor(zero))
      default:
        let y = straightThrough(x / scale) { $0.rounded(.toNearestOrEven) } + zero
        return straightThrough(y) { min(max($0, 0), 255) }
      }
    },
    Operator("DequantizeLinear", .elementwise, makes: .float) { call in
      let x = try call.input(0)
      let scale = try parameter(call, 1, for: x.shape)
      guard call.node.input(2) != nil else { return x * scale }
      return (x - (try parameter(call, 2, for: x.shape))) * scale
    },
  ]

  /// The type of the result: the zero point's, the named one, or bytes.
  private static func quantized(_ call: TapeCall) -> ElementType {
    if call.node.input(2) != nil { return call.kind(2) }
    let named = ElementType(rawValue: call.node.int("output_dtype", default: 0))
    return named.rawValue == 0 ? .uint8 : named
  }

  /// A function of elements whose gradient is taken for 1.
  static func straightThrough(_ x: Variable, _ f: (Float) -> Float) -> Variable {
    Variable(x.value.map(f), operation: "straight through", inputs: [x]) { [$0] }
  }

  /// A scale or zero point in a shape that broadcasts.
  private static func parameter(
    _ call: TapeCall, _ position: Int, for shape: Shape
  ) throws -> Variable {
    let parameter = try call.input(position)
    return try QuantizationLayout(call, parameter: parameter.shape, for: shape).spread(parameter)
  }
}

/// How the scales or zero points of a quantized tensor lie beside its numbers.
enum QuantizationLayout {
  /// One for all.
  case one
  /// One for each slice of an axis, in a shape that broadcasts.
  case slices(Shape)
  /// One a block: where along an axis each number's lies.
  case blocks([Int], axis: Int)

  /// - Parameters:
  ///   - call: A QuantizeLinear or DequantizeLinear.
  ///   - parameter: The shape of its scales or zero points.
  ///   - shape: The shape of the numbers.
  /// - Throws: `NetworkError` where they do not fit.
  init(_ call: TapeCall, parameter: Shape, for shape: Shape) throws {
    if parameter.count == 1 {
      self = .one
      return
    }
    let axis = try call.axis(call.node.int("axis", default: 1), rank: shape.rank)
    let block = call.node.int("block_size", default: 0)
    if (1...1 << 30).contains(block), parameter.rank == shape.rank {
      let blocks = parameter[axis]
      try call.require(
        blocks > 0 && (blocks - 1) * block < shape[axis] && shape[axis] <= blocks * block,
        "blocks of \(block) along \(shape)")
      var whole = parameter
      whole.dimensions[axis] = shape[axis]
      try call.check(whole, stretchesTo: shape)
      self = .blocks((0..<shape[axis]).map { $0 / block }, axis: axis)
      return
    }
    try call.require(
      parameter == [shape[axis]], "parameters \(parameter) for axis \(axis) of \(shape)")
    self = .slices(
      Shape([shape[axis]] + [Int](repeating: 1, count: shape.rank - axis - 1)))
  }

  /// The parameters in a shape that broadcasts to the numbers'.
  func spread(_ parameter: Variable) -> Variable {
    switch self {
    case .one: parameter.reshaped(to: [])
    case .slices(let shape): parameter.reshaped(to: shape)
    case .blocks(let places, let axis): parameter.gathered(places, alongAxis: axis)
    }
  }
}
