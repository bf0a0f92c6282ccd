import Autodiff
import Blocks
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Operator {
  /// Arithmetic, element by element, with NumPy's broadcasting.
  static let arithmetic: [Operator] = [
    Operator("Add", .arithmetic(.addition)) { call in
      let (a, b, _) = try operands(call)
      return a + b
    },
    Operator("Sub", .arithmetic(.subtraction)) { call in
      let (a, b, _) = try operands(call)
      return a - b
    },
    Operator("Mul", .arithmetic(.multiplication)) { call in
      let (a, b, _) = try operands(call)
      return a * b
    },
    Operator("Div", .arithmetic(.division)) { call in
      let (a, b, shape) = try operands(call)
      guard call.isInteger(0) else { return a / b }
      return Variable(combined(a.value, b.value, shape) { ($0 / $1).rounded(.towardZero) })
    },
    Operator("Pow", .combination) { call in
      let (a, b, shape) = try operands(call)
      if call.isInteger(0) {
        return Variable(combined(a.value, b.value, shape) { pow($0, $1).rounded(.towardZero) })
      }
      if b.value.count == 1, !b.isTraced {
        return pow(a.broadcast(to: shape), b.value.reshaped([]).scalar)
      }
      return power(a, b, shape)
    }
    .role { call in
      call.node.input(1).map { call.constants[$0] != nil } ?? false ? .elementwise : .combination
    },
    Operator("Mod", .combination, modulo),
    Operator("Max", .combination) { try combinedAll($0) { max($0, $1) } },
    Operator("Min", .combination) { try combinedAll($0) { -max(-$0, -$1) } },
    Operator("Sum", .arithmetic(.addition)) { try combinedAll($0) { $0 + $1 } },
    Operator("Mean", .combination) { call in
      try combinedAll(call) { $0 + $1 } / Float(call.node.inputs.count)
    },
  ]

  /// The two inputs, whose shapes have been found to fit, and the shape of their combination.
  static func operands(_ call: TapeCall) throws -> (Variable, Variable, Shape) {
    let a = try call.input(0)
    var b = try call.input(1)
    // Before operator set 7, the second was aligned with the first from an axis on.
    if call.node.opset < 7, call.node.int("broadcast", default: 0) != 0,
      case .int(let start)? = call.node.attributes["axis"]
    {
      let axis = try call.axis(start, rank: a.shape.rank)
      let behind = a.shape.rank - axis - b.shape.rank
      try call.require(behind >= 0, "axis \(start) for \(a.shape) and \(b.shape)")
      b = b.reshaped(to: Shape(b.shape.dimensions + [Int](repeating: 1, count: behind)))
    }
    return (a, b, try call.broadcast(a.shape, b.shape))
  }

  private static func combinedAll(
    _ call: TapeCall, _ combine: (Variable, Variable) -> Variable
  ) throws -> Variable {
    let inputs = try call.inputs()
    _ = try call.broadcast(inputs.map(\.shape))
    return inputs.dropFirst().reduce(inputs[0], combine)
  }

  /// `a` to the power of `b`; the gradient by `b` is 0 where it has none, at a ≤ 0.
  private static func power(_ a: Variable, _ b: Variable, _ shape: Shape) -> Variable {
    let value = combined(a.value, b.value, shape) { pow($0, $1) }
    return Variable(value, operation: "pow", inputs: [a, b]) { g, y in
      let slope = { combined(a.value, b.value, shape) { $1 == 0 ? 0 : $1 * pow($0, $1 - 1) } }
      let logarithm = { a.value.map { $0 > 0 ? log($0) : 0 } }
      return [
        a.isTraced ? times(g, slope()).summed(to: a.shape) : nil,
        b.isTraced ? (g * y * Variable(logarithm())).summed(to: b.shape) : nil,
      ]
    }
  }

  /// A cotangent times slopes, some of which may be infinite: 0 where the cotangent is 0.
  private static func times(_ g: Variable, _ slopes: Tensor) -> Variable {
    let finite = combined(g.value, slopes, g.shape) { $0 == 0 ? 0 : $1 }
    return g * Variable(finite)
  }

  /// The remainder of the division, with the sign of the divisor or, with `fmod`, of the dividend.
  private static func modulo(_ call: TapeCall) throws -> Variable {
    let (a, b, shape) = try operands(call)
    let truncating = call.node.int("fmod", default: 0) != 0
    let value = combined(a.value, b.value, shape) { a, b in
      let rest = fmod(a, b)
      return !truncating && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }
    return Variable(value, operation: "mod", inputs: [a, b]) { g in
      let quotient = combined(a.value, b.value, shape) {
        ($0 / $1).rounded(truncating ? .towardZero : .down)
      }
      return [g.summed(to: a.shape), -(g * Variable(quotient)).summed(to: b.shape)]
    }
  }
}
