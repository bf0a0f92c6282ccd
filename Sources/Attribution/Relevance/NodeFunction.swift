import Networks
import Tensors

/// One node of a graph as a function of one of its inputs, everything else being constant.
struct NodeFunction {
  private let plan: Plan

  /// Scalars that the function keeps: its weights, packed for both passes, and what it computes.
  let size: Int

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
    func constant(_ name: String) -> Constant? { constants[name] ?? graph.constants[name] }
    let computed = others.filter { constant($0) == nil }
    let nodes = (computed.isEmpty ? [] : graph.needed(for: computed)) + [node]
    let names = Set(nodes.flatMap(\.reads)).subtracting([input])
    let part = Graph(
      inputs: [.init(name: input, dimensions: [])], outputs: [output], nodes: nodes,
      constants: Dictionary(
        uniqueKeysWithValues: names.compactMap { name in constant(name).map { (name, $0) } }))
    plan = try Network(graph: part).plan(
      inputShape: shape, readings: [Reading(.value(output))], feed: .raw, threads: threads)
    let weights = others.reduce(0) { $0 + (graph.constants[$1]?.count ?? 0) }
    size = 2 * weights + plan.arenaBytes / MemoryLayout<Float>.stride
  }

  /// The node's output.
  func callAsFunction(_ x: Tensor) throws -> Tensor { try plan.forward(x)[0] }

  /// The product of a cotangent of the output and the derivative at the last input.
  func pullback(_ cotangent: Tensor) throws -> Tensor { try plan.backward([cotangent]) }
}

/// The functions of a graph's nodes, kept from one picture to the next as far as there is room.
final class NodeFunctions {
  /// A node's output and what was changed of its weights.
  struct Key: Hashable {
    var output: String
    var change = ""
  }

  /// Scalars that are kept, 16 MB; what is beyond is compiled anew for each picture.
  private static let room = 4 << 20

  private var functions: [Key: NodeFunction] = [:]
  private var size = 0

  /// The function for a key, made where there is none.
  func function(_ key: Key, _ make: () throws -> NodeFunction) rethrows -> NodeFunction {
    if let function = functions[key] { return function }
    let function = try make()
    if size + function.size <= Self.room {
      functions[key] = function
      size += function.size
    }
    return function
  }
}
