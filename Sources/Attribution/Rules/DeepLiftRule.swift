import Autodiff
import Networks
import Synchronization
import Tensors

/// DeepLift's rules for one network, and the values at the baseline that they need.
final class DeepLiftRule {
  /// The rule.
  let rule: GradientRule
  /// The values at the baseline, which are set before each way back.
  let reference: Reference
  private let rules: DeepLift.Rules
  private let graph: Graph

  /// Values of a network at a baseline, by their names in the graph.
  final class Reference: Sendable {
    private let values = Mutex<[String: Tensor]>([:])

    /// Takes the values of a baseline.
    func set(_ new: [String: Tensor]) { values.withLock { $0 = new } }

    /// One of the values.
    func callAsFunction(_ name: String) throws -> Tensor {
      guard let value = values.withLock({ $0[name] }) else {
        throw NetworkError.missingValue(name)
      }
      return value
    }
  }

  init(_ rules: DeepLift.Rules, in graph: Graph) {
    let reference = Reference()
    (self.rules, self.graph, self.reference) = (rules, graph, reference)
    rule = GradientRule("deep-lift \(rules)") { site in
      guard let step = DeepLiftStep(site.node, in: graph, rules, isKnown: { site.isConstant($0) })
      else { return nil }
      return { inputs, output, cotangent in
        var starts = inputs
        for (place, name) in site.node.inputs.enumerated() where !site.isConstant(place) {
          starts[place] = try reference(name)
        }
        return try step.cotangents(
          site, at: inputs, from: starts, output: output, cotangent: cotangent)
      }
    }
  }

  /// The values that the rule reads of a node at the baseline.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - isKnown: Whether a value is known before the network runs, as `site.constants` says when a plan is made.
  /// - Returns: Their names.
  func reads(_ node: Node, isKnown: (String) -> Bool) -> [String] {
    guard DeepLiftStep(node, in: graph, rules, isKnown: { isKnown(node.inputs[$0]) }) != nil else {
      return []
    }
    return node.inputs.filter { !$0.isEmpty && !isKnown($0) }
  }
}

extension GradientRule.Site {
  /// Whether an input is a constant or left out.
  func isConstant(_ place: Int) -> Bool { node.inputs[place].isEmpty || constants[place] != nil }
}
