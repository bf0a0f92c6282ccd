import Blocks
import Foundation
import Graphs
import Tensors

extension LinkSearch {
  /// Whether a value lies in 0…1 whatever the picture is.
  ///
  /// - Parameter value: The value.
  /// - Returns: False where that is not known.
  func isProbability(_ value: String) -> Bool {
    var known: [String: ClosedRange<Float>?] = [:]
    guard let bounds = bounds(of: value, &known) else { return false }
    // 1 / 6 · 6 need not be 1.
    return bounds.lowerBound >= -1e-6 && bounds.upperBound <= 1 + 1e-6
  }

  /// The range that a value lies in whatever the picture is, going back through some nodes; `nil` where none is
  /// known.
  private func bounds(
    of value: String, _ known: inout [String: ClosedRange<Float>?], depth: Int = 8
  ) -> ClosedRange<Float>? {
    if let done = known[value] { return done }
    let found = computedBounds(of: value, &known, depth: depth)
    known.updateValue(found, forKey: value)
    return found
  }

  private func computedBounds(
    of value: String, _ known: inout [String: ClosedRange<Float>?], depth: Int
  ) -> ClosedRange<Float>? {
    if let constant = graph.constants[value]?.tensor {
      guard let lower = constant.scalars.min(), let upper = constant.scalars.max(), lower <= upper
      else { return nil }
      return lower...upper
    }
    guard depth > 0, let node = producer(of: value) else { return nil }
    if node.type == "Sigmoid" || writtenSigmoid(node) != nil || writtenSoftmax(node) != nil {
      return 0...1
    }
    func operand(_ place: Int) -> ClosedRange<Float>? {
      node.input(place).flatMap { bounds(of: $0, &known, depth: depth - 1) }
    }
    switch graph.role(of: node) {
    case .gate: return 0...1
    case .softmax: return node.type == "LogSoftmax" ? nil : 0...1
    case .clamp(let clamp):
      // Its ends are the file's, and may be no numbers.
      guard !clamp.lower.isNaN, !clamp.upper.isNaN else { return nil }
      let inner = operand(0) ?? -.infinity ... .infinity
      return inner.clamped(to: clamp.lower...max(clamp.lower, clamp.upper))
    case .renaming, .reshaping: return operand(0)
    case .average where Self.means.contains(node.type): return operand(0)
    case .selection where Self.choosing.contains(node.type): return operand(0)
    case .arithmetic(.division) where isShare(node):
      return operand(0).flatMap { $0.lowerBound >= 0 ? 0...1 : nil }
    case .concatenation:
      let parts = node.inputs.indices.map { operand($0) }
      guard parts.allSatisfy({ $0 != nil }) else { return nil }
      return parts.compactMap(\.self).reduce(ClosedRange<Float>?.none) { all, part in
        all.map { min($0.lowerBound, part.lowerBound)...max($0.upperBound, part.upperBound) }
          ?? part
      }
    case .arithmetic(let operation):
      guard node.inputs.count == 2, let a = operand(0), let b = operand(1) else { return nil }
      return operation.bounds(a, b)
    case _ where node.type == "Tanh": return -1...1
    case _ where node.type == "Pow":
      guard let base = operand(0), base.lowerBound >= 0,
        let power = node.input(1).flatMap({ graph.constants[$0]?.tensor }), power.count == 1,
        power.scalars[0] > 0
      else { return nil }
      let ends = [base.lowerBound, base.upperBound].map { pow($0, power.scalars[0]) }
      return ends.allSatisfy(\.isFinite) ? ends[0]...ends[1] : nil
    default: return nil
    }
  }

  private static let means: Set = ["ReduceMean", "AveragePool", "GlobalAveragePool"]
  /// What chooses or moves numbers and makes none.
  private static let choosing: Set = [
    "Slice", "Split", "Gather", "Transpose", "Expand", "Tile", "ReduceMax", "ReduceMin", "MaxPool",
    "GlobalMaxPool",
  ]

  /// Whether a node divides numbers by their own sum.
  private func isShare(_ node: Node) -> Bool {
    guard let whole = node.input(0), let sum = node.input(1) else { return false }
    let end = end(of: sum) { graph.role(of: $0).keepsNumbers || $0.type == "Expand" }
    return end?.type == "ReduceSum" && end?.input(0) == whole
  }
}

extension Role.Arithmetic {
  /// The range of what two ranges' numbers make; `nil` where it has no ends.
  fileprivate func bounds(
    _ a: ClosedRange<Float>, _ b: ClosedRange<Float>
  ) -> ClosedRange<Float>? {
    if self == .division, b.contains(0) { return nil }
    var ends: [Float] = []
    for x in [a.lowerBound, a.upperBound] {
      for y in [b.lowerBound, b.upperBound] {
        switch self {
        case .addition: ends.append(x + y)
        case .subtraction: ends.append(x - y)
        case .multiplication: ends.append(x * y)
        case .division: ends.append(x / y)
        }
      }
    }
    guard ends.allSatisfy(\.isFinite), let lower = ends.min(), let upper = ends.max() else {
      return nil
    }
    return lower...upper
  }
}
