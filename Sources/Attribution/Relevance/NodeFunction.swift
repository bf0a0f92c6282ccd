import Networks
import Tensors

/// One node of a graph as a function of one of its inputs, everything else being constant.
struct NodeFunction {
  private let plan: Plan

  /// Compiles the node.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - input: The input that varies.
  ///   - output: The output that is wanted.
  ///   - graph: Where the node's other inputs come from.
  ///   - shape: The input's shape.
  ///   - constants: What takes the place of some of the graph's constants.
  ///   - threads: How many threads share the work.
  /// - Throws: `NetworkError` where the node cannot be run.
  init(
    _ node: Node, of input: String, to output: String, in graph: Graph, shape: Shape,
    replacing constants: [String: Constant] = [:], threads: Int
  ) throws {
    let others = node.inputs.filter { $0 != input && !$0.isEmpty }
    let part = Graph(
      inputs: [.init(name: input, dimensions: [])], outputs: [output],
      nodes: graph.needed(for: others) + [node],
      constants: graph.constants.filter { $0.key != input }.merging(constants) { $1 })
    plan = try Network(graph: part).plan(
      inputShape: shape, readings: [Reading(output)], threads: threads)
  }

  /// The node's output.
  func callAsFunction(_ x: Tensor) throws -> Tensor { try plan.forward(x)[0] }

  /// The product of a cotangent of the output and the derivative at the last input.
  func pullback(_ cotangent: Tensor) throws -> Tensor { try plan.backward([cotangent]) }
}
