import Tensors

extension RectifierSearch {
  /// What a value says of the sign of `x`, as truth or as 1 and 0.
  func sign(of x: String, by value: String, depth: Int = depth) -> Sign? {
    guard depth > 0, let node = producers[value], let first = node.input(0) else { return nil }
    if let sign = rectifiedSign(of: x, by: node) ?? halfSign(of: x, by: node) { return sign }
    switch (node.type, node.inputs.count) {
    case ("Cast", _): return sign(of: x, by: first, depth: depth - 1)
    case ("Not", _):
      guard var sign = sign(of: x, by: first, depth: depth - 1) else { return nil }
      sign.isAbove.toggle()
      return sign
    case ("Where", 3):
      // 1 and 0 by a truth, or 0 and 1.
      let (a, b) = (node.inputs[1], node.inputs[2])
      if let step = step(of: x, by: node, depth: depth) { return step }
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

  /// The sign of `x` as 1, 0 and −1, without what is below 0.
  private func rectifiedSign(of x: String, by node: Node) -> Sign? {
    let isRectified =
      switch (node.type, node.inputs.count) {
      case ("Relu", 1): isSign(node.inputs[0], of: x)
      case ("Clip", 2...): isSign(node.inputs[0], of: x) && isNumber(node.inputs[1], 0)
      case ("Max", 2):
        zip(node.inputs, node.inputs.reversed()).contains {
          isSign($0, of: x) && zeros($1, like: x) == .fitting
        }
      default: false
      }
    return isRectified ? Sign(isAbove: true, countsZero: false) : nil
  }

  /// `(sign x + 1) / 2`, the half taken before or after.
  private func halfSign(of x: String, by node: Node) -> Sign? {
    let isAfter = isSum(halved(node).flatMap { producers[$0] }, with: 1) { isSign($0, of: x) }
    let isBefore = isSum(node, with: 0.5) { term in
      producers[term].flatMap(halved).map { isSign($0, of: x) } ?? false
    }
    return isAfter || isBefore ? Sign(isAbove: true, countsZero: false, atZero: 0.5) : nil
  }

  /// `x · (sign x + 1)`, of which the half is taken.
  func timesSign(_ node: Node) -> Found? {
    guard node.type == "Mul", node.inputs.count == 2 else { return nil }
    for (x, sum) in zip(node.inputs, node.inputs.reversed())
    where isSum(producers[sum], with: 1, { isSign($0, of: x) }) {
      return Found(source: x, slopeAtZero: 0.5)
    }
    return nil
  }

  /// Whether a node adds a number to some term.
  private func isSum(
    _ node: Node?, with number: Float, _ isTerm: (String) -> Bool
  ) -> Bool {
    guard let node, node.type == "Add", node.inputs.count == 2 else { return false }
    return zip(node.inputs, node.inputs.reversed()).contains {
      isTerm($0) && isNumber($1, number)
    }
  }

  /// Heaviside's step: a sign with a number of its own where `x` is 0.
  private func step(of x: String, by node: Node, depth: Int) -> Sign? {
    guard let equal = producers[node.inputs[0]], equal.type == "Equal", equal.inputs.count == 2,
      zip(equal.inputs, equal.inputs.reversed()).contains(where: {
        $0 == x && zeros($1, like: x) == .fitting
      }),
      let value = graph.constants[node.inputs[1]]?.tensor, value.count == 1, value.shape.rank <= 1,
      (0...1).contains(value.scalars[0]),
      var sign = sign(of: x, by: node.inputs[2], depth: depth - 1), sign.isAbove
    else { return nil }
    sign.atZero = value.scalars[0]
    return sign
  }

  private func isSign(_ value: String, of x: String) -> Bool {
    producers[value].map { $0.type == "Sign" && $0.inputs == [x] } ?? false
  }
}
