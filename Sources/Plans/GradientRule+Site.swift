public import Autodiff
import Blocks
public import Graphs

extension GradientRule {
  /// A node as a rule sees it when a plan is made.
  public struct Site: Sendable {
    /// The operator's type and attributes.
    public let node: Node
    /// What is known of its inputs before the network runs, by position: weights and other constants.
    public let constants: [Constant?]
    /// Which of the node's outputs is meant.
    public let output: Int
    /// The types of inputs that are no constants, where they are no plain floats.
    let kinds: [String: ElementType]

    /// What the operator does with its inputs.
    package var role: Role {
      var known: [String: Constant] = [:]
      for (name, constant) in zip(node.inputs, constants) { known[name] = constant }
      return Operator.table[node.type]?.role(TapeCall(node: node, constants: known)) ?? .other
    }

    /// The operation as a function of all its inputs, whose derivative is the operator's own.
    ///
    /// A rule that changes what goes in, as those of layer-wise relevance propagation change weights, takes
    /// `valueWithPullback(at:of:)` of it. It runs on tensors, without the kernels of whole plans.
    ///
    /// - Parameter inputs: One a position, constants included; what is put for one that is left out is not read.
    /// - Returns: The output.
    /// - Throws: `NetworkError` where the inputs do not fit.
    public func callAsFunction(_ inputs: [Variable]) throws -> Variable {
      guard let run = Operator.table[node.type]?.run else {
        throw NetworkError.unsupported([node.title])
      }
      var known: [String: Constant] = [:]
      for (name, constant) in zip(node.inputs, constants) { known[name] = constant }
      return try run(
        TapeCall(node: node, constants: known, kinds: kinds)
          .with(output: output).with(inputs: inputs))
    }
  }
}
