import Tensors

/// Finds what a node rectifies.
struct RectifierSearch {
  /// A rectified value.
  struct Found {
    let source: String
    var slopeAtZero: Float = 0
    /// Zeros that may stretch it.
    var stretching: String?
  }

  /// What a truth about `x` says.
  private struct Sign {
    /// Whether it holds above 0, and not below.
    var isAbove: Bool
    /// Whether 0 counts as above.
    let countsZero: Bool
  }

  /// How many nodes deep a condition or zeros are followed.
  private static let depth = 6

  let graph: Graph
  let producers: [String: Node]

  /// The value that a node rectifies; `nil` where it is no rectifier.
  func rectified(by node: Node) -> Found? {
    let inputs = node.inputs
    switch (node.type, inputs.count) {
    case ("Where", 3): return chosen(by: inputs[0], inputs[1], inputs[2])
    case ("Mul", 2):
      return masked(inputs[0], by: inputs[1]) ?? masked(inputs[1], by: inputs[0]) ?? half(node)
    case ("Div", 2), ("Add", 2): return half(node)
    case ("Max", 2): return larger(inputs[0], inputs[1]) ?? larger(inputs[1], inputs[0])
    case ("PRelu", 2):
      return zeros(inputs[1], like: inputs[0]) == nil ? nil : Found(source: inputs[0])
    case ("Sub", 2): return withoutNegative(inputs[0], inputs[1])
    case ("LeakyRelu", 1):
      return node.float("alpha", default: 0.01) == 0 ? Found(source: inputs[0]) : nil
    case ("Elu", 1), ("ThresholdedRelu", 1):
      return node.float("alpha", default: 1) == 0 ? Found(source: inputs[0]) : nil
    default: return nil
    }
  }

  /// `where(x > 0, x, 0)` and `where(x < 0, 0, x)`.
  private func chosen(by condition: String, _ a: String, _ b: String) -> Found? {
    for (x, other, isAbove) in [(a, b, true), (b, a, false)] {
      guard let zeros = zeros(other, like: x), let sign = sign(of: x, by: condition),
        sign.isAbove == isAbove
      else { continue }
      return Found(
        source: x, slopeAtZero: sign.countsZero ? 1 : 0,
        stretching: zeros == .stretching ? other : nil)
    }
    return nil
  }

  /// `x · (x > 0)`.
  private func masked(_ x: String, by mask: String) -> Found? {
    guard let sign = sign(of: x, by: mask), sign.isAbove else { return nil }
    return Found(source: x, slopeAtZero: sign.countsZero ? 1 : 0)
  }

  /// `max(x, zeros)`; with one number, it is a clamp with a limit.
  private func larger(_ x: String, _ other: String) -> Found? {
    guard graph.constants[x] == nil, let zeros = zeros(other, like: x),
      graph.constants[other] == nil || zeros == .stretching
    else { return nil }
    return Found(source: x, stretching: zeros == .stretching ? other : nil)
  }

  /// `x − min(x, 0)`.
  private func withoutNegative(_ x: String, _ negative: String) -> Found? {
    guard let node = producers[negative] else { return nil }
    let isNegative =
      switch (node.type, node.inputs.count) {
      case ("Min", 2):
        zip(node.inputs, node.inputs.reversed()).contains { $0 == x && isNumber($1, 0) }
      case ("Clip", 3): node.inputs[0] == x && node.inputs[1].isEmpty && isNumber(node.inputs[2], 0)
      default: false
      }
    return isNegative ? Found(source: x, slopeAtZero: 1) : nil
  }

  /// `(x + |x|) / 2`, the half taken before or after.
  private func half(_ node: Node) -> Found? {
    let sum: [String]
    if node.type == "Add" {
      sum = node.inputs.compactMap { producers[$0].flatMap(halved) }
    } else {
      guard let whole = halved(node), let added = producers[whole], added.type == "Add" else {
        return nil
      }
      sum = added.inputs
    }
    guard sum.count == 2 else { return nil }
    for (x, size) in [(sum[0], sum[1]), (sum[1], sum[0])] {
      if let absolute = producers[size], absolute.type == "Abs", absolute.inputs == [x] {
        return Found(source: x, slopeAtZero: 0.5)
      }
    }
    return nil
  }

  /// The value of which a node makes the half.
  private func halved(_ node: Node) -> String? {
    guard node.inputs.count == 2 else { return nil }
    let (a, b) = (node.inputs[0], node.inputs[1])
    switch node.type {
    case "Div": return isNumber(b, 2) ? a : nil
    case "Mul": return isNumber(b, 0.5) ? a : isNumber(a, 0.5) ? b : nil
    default: return nil
    }
  }

  // MARK: Comparisons

  /// What a value says of the sign of `x`, as truth or as 1 and 0.
  private func sign(of x: String, by value: String, depth: Int = depth) -> Sign? {
    guard depth > 0, let node = producers[value], let first = node.input(0) else { return nil }
    switch (node.type, node.inputs.count) {
    case ("Cast", _): return sign(of: x, by: first, depth: depth - 1)
    case ("Not", _):
      guard var sign = sign(of: x, by: first, depth: depth - 1) else { return nil }
      sign.isAbove.toggle()
      return sign
    case ("Where", 3):
      // 1 and 0 by a truth, or 0 and 1.
      let (a, b) = (node.inputs[1], node.inputs[2])
      guard var sign = sign(of: x, by: first, depth: depth - 1) else { return nil }
      if isNumber(a, 1), isNumber(b, 0) { return sign }
      sign.isAbove.toggle()
      return isNumber(a, 0) && isNumber(b, 1) ? sign : nil
    case (let type, 2):
      let second = node.inputs[1]
      if first == x, zeros(second, like: x) == .fitting { return Self.signs[type] }
      guard second == x, zeros(first, like: x) == .fitting, var sign = Self.signs[type] else {
        return nil
      }
      // 0 < x holds above, and where `x` is 0 as 0 > x.
      sign = Sign(isAbove: !sign.isAbove, countsZero: !sign.countsZero)
      return sign
    default: return nil
    }
  }

  /// Comparisons of `x` with 0.
  private static let signs = [
    "Greater": Sign(isAbove: true, countsZero: false),
    "GreaterOrEqual": Sign(isAbove: true, countsZero: true),
    "Less": Sign(isAbove: false, countsZero: true),
    "LessOrEqual": Sign(isAbove: false, countsZero: false),
  ]

  // MARK: Zeros

  private enum Zeros {
    /// One number, or as many as there are beside it.
    case fitting
    /// They may have more axes, or longer ones.
    case stretching
  }

  /// Whether a value is zeros, and how they fit another; `nil` where it is none.
  private func zeros(_ name: String, like x: String, depth: Int = depth) -> Zeros? {
    if let tensor = graph.constants[name]?.tensor {
      guard tensor.count > 0, tensor.isZero else { return nil }
      return tensor.count == 1 && tensor.shape.rank <= 1 ? .fitting : .stretching
    }
    guard depth > 0, let node = producers[name] else { return nil }
    let inner = node.input(0).flatMap { zeros($0, like: x, depth: depth - 1) }
    let isLike = node.inputs.last.flatMap { producers[$0] }.map {
      $0.type == "Shape" && $0.inputs == [x]
    }
    switch node.type {
    case "Cast", "CastLike", "Identity": return inner
    case "Unsqueeze", "Squeeze", "Reshape": return inner == nil ? nil : .stretching
    case "Expand":
      guard inner != nil else { return nil }
      return isLike == true ? .fitting : .stretching
    case "ConstantOfShape":
      if case .constant(let value)? = node.attributes["value"], !value.tensor.isZero { return nil }
      return isLike == true ? .fitting : .stretching
    default: return nil
    }
  }

  private func isNumber(_ name: String, _ value: Float) -> Bool {
    // A constant of more axes could give the result more axes than x has.
    guard let tensor = graph.constants[name]?.tensor else { return false }
    return tensor.count == 1 && tensor.shape.rank <= 1 && tensor.scalars[0] == value
  }
}

extension Tensor {
  fileprivate var isZero: Bool { scalars.allSatisfy { $0 == 0 } }
}
