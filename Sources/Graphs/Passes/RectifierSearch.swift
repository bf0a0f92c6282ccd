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
  struct Sign {
    /// Whether it holds above 0, and not below.
    var isAbove: Bool
    /// Whether 0 counts as above.
    let countsZero: Bool
    /// What it is at 0 where it is a number in between.
    var atZero: Float?

    /// How much of `x` stays where it is 0.
    var slopeAtZero: Float { atZero ?? (countsZero ? 1 : 0) }
  }

  /// How many nodes deep a condition or zeros are followed.
  static let depth = 6

  let graph: Graph
  let producers: Graph.Producers
  /// The place of the node that makes each value.
  let makers: [String: Int]

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
    case ("ReduceMax", _): return largestOfStack(node)
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
        source: x, slopeAtZero: sign.slopeAtZero,
        stretching: zeros == .stretching ? other : nil)
    }
    return nil
  }

  /// `x · (x > 0)`.
  private func masked(_ x: String, by mask: String) -> Found? {
    guard let sign = sign(of: x, by: mask), sign.isAbove else { return nil }
    return Found(source: x, slopeAtZero: sign.slopeAtZero)
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
      guard let whole = halved(node), let added = producers[whole] else { return nil }
      if let found = timesSign(added) { return found }
      guard added.type == "Add" else { return nil }
      sum = added.inputs
    }
    guard sum.count == 2 else { return nil }
    for (x, size) in [(sum[0], sum[1]), (sum[1], sum[0])] {
      if isAbsolute(size, of: x) { return Found(source: x, slopeAtZero: 0.5) }
    }
    return nil
  }

  /// Whether a value is `|x|` or `√x²`.
  private func isAbsolute(_ value: String, of x: String) -> Bool {
    guard let node = producers[value] else { return false }
    if node.type == "Abs" { return node.inputs == [x] }
    guard node.type == "Sqrt", let square = node.input(0).flatMap({ producers[$0] }) else {
      return false
    }
    return square.type == "Mul" && square.inputs == [x, x]
      || square.type == "Pow" && square.inputs.first == x && square.inputs.count == 2
        && isNumber(square.inputs[1], 2)
  }

  /// The largest of `x` and zeros that are stacked along an axis of their own, for which both have one shape.
  private func largestOfStack(_ node: Node) -> Found? {
    guard let axes = graph.integers("axes", at: 1, of: node), axes.count == 1,
      node.int("keepdims", default: 1) == 0,
      let stack = node.input(0).flatMap({ producers[$0] }), stack.type == "Concat",
      stack.int("axis", default: 0) == axes[0], stack.inputs.count == 2
    else { return nil }
    for (layer, other) in [(stack.inputs[0], stack.inputs[1]), (stack.inputs[1], stack.inputs[0])] {
      guard graph.constants[layer] == nil, let added = producers[layer],
        added.type == "Unsqueeze", let x = added.input(0),
        graph.integers("axes", at: 1, of: added) == axes,
        zeros(other, like: x) != nil
      else { continue }
      // Where both are 0, each gets half, as of PyTorch's `amax`.
      return Found(source: x, slopeAtZero: 0.5)
    }
    return nil
  }

  /// The value of which a node makes the half.
  func halved(_ node: Node) -> String? {
    guard node.inputs.count == 2 else { return nil }
    let (a, b) = (node.inputs[0], node.inputs[1])
    switch node.type {
    case "Div": return isNumber(b, 2) ? a : nil
    case "Mul": return isNumber(b, 0.5) ? a : isNumber(a, 0.5) ? b : nil
    default: return nil
    }
  }

  // MARK: Zeros

  enum Zeros {
    /// One number, or as many as there are beside it.
    case fitting
    /// They may have more axes, or longer ones.
    case stretching
  }

  /// Whether a value is zeros, and how they fit another; `nil` where it is none.
  func zeros(_ name: String, like x: String, depth: Int = depth) -> Zeros? {
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

  func isNumber(_ name: String, _ value: Float) -> Bool {
    // A constant of more axes could give the result more axes than x has.
    guard let constant = graph.constants[name], constant.count == 1 else { return false }
    let tensor = constant.tensor
    return tensor.shape.rank <= 1 && tensor.scalars[0] == value
  }
}

extension Tensor {
  fileprivate var isZero: Bool { scalars.allSatisfy { $0 == 0 } }
}
