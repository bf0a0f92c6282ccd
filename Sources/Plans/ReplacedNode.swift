import Blocks
import Graphs
import Tensors

/// A node whose derivative a gradient rule replaces.
package struct ReplacedNode {
  /// The rule's name, for messages.
  let rule: String
  let site: GradientRule.Site
  let pullback: GradientRule.Pullback
  /// The result's shape.
  let shape: Shape
  /// Whether the rule reads what the node yields.
  let readsOutput: Bool
  /// For each position of the node its place among the variable inputs; nil for constants and what is left out.
  let places: [Int?]

  /// The cotangents of the variable inputs.
  ///
  /// - Parameters:
  ///   - variables: Their values.
  ///   - output: The node's result, of no scalars where the rule does not read it.
  ///   - cotangent: The result's cotangent.
  /// - Returns: One a variable; nil for zero.
  /// - Throws: What the rule throws; `NetworkError` where it gives not what it should.
  func cotangents(
    _ variables: [Tensor], output: Tensor, cotangent: Tensor
  ) throws -> [Tensor?] {
    let inputs = places.enumerated().map { position, place in
      place.map { variables[$0] } ?? site.constants[position]?.tensor ?? Tensor([0])
    }
    let parts = try pullback(inputs, output, cotangent.reshaped(shape))
    guard parts.count == inputs.count else {
      throw mistake("\(parts.count) cotangents for \(inputs.count) inputs")
    }
    var sums = [Tensor?](repeating: nil, count: variables.count)
    for (position, place) in places.enumerated() {
      guard let place, let part = parts[position] else { continue }
      guard part.shape == variables[place].shape else {
        throw mistake(
          "a cotangent of \(part.shape) for input \(position) of \(variables[place].shape)")
      }
      sums[place] = sums[place].map { $0 + part } ?? part
    }
    return sums
  }

  private func mistake(_ what: String) -> NetworkError {
    .invalidNode(site.node.title, reason: "the gradient rule '\(rule)' gives \(what)")
  }
}
