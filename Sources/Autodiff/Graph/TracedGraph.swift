public import Tensors

/// What a function did, operation by operation: the graph that the gradient is computed on.
///
/// ```swift
/// let graph = TracedGraph(at: [Tensor(-2), Tensor(5), Tensor(-4)], named: ["x", "y", "z"]) { v in
///   (v[0] + v[1]) * v[2]
/// }
/// print(graph)      // one line a node: its value, its function, its parents, its gradient
/// print(graph.dot)  // the same as a drawing, for Graphviz
/// ```
public struct TracedGraph: Sendable {
  /// One value that was computed.
  public struct Node: Sendable {
    /// The name: given for an argument, a letter and the node's number for the others.
    public let name: String

    /// The function that made the value; empty for an argument and for a constant.
    public let function: String

    /// The value.
    public let value: Tensor

    /// The nodes that the function was applied to, as indices; each is less than the node's own.
    public let parents: [Int]

    /// The derivative of the result by this value; nil where the result is no scalar or does not
    /// depend on it.
    public let gradient: Tensor?

    /// Whether a gradient by this value can be taken.
    public let isTraced: Bool
  }

  /// The nodes, each after its parents; the last is the result.
  public let nodes: [Node]

  /// Runs a function and keeps what it did.
  ///
  /// - Parameters:
  ///   - xs: The arguments.
  ///   - names: Their names, as far as they have one; the others are x0, x1, ….
  ///   - f: The function.
  /// - Complexity: Quadratic in the number of nodes, for the gradient of each: for graphs that are looked
  ///   at.
  public init(
    at xs: [Tensor], named names: [String] = [], of f: ([Variable]) throws -> Variable
  ) rethrows {
    let leaves = xs.map { Variable($0, recording: .traced) }
    let output = try f(leaves)
    var given: [ObjectIdentifier: String] = [:]
    for (index, leaf) in leaves.enumerated() {
      given[ObjectIdentifier(leaf)] = index < names.count ? names[index] : "x\(index)"
    }
    self.init(of: output, startingWith: leaves, named: given)
  }

  /// The graph of everything that is recorded of a variable.
  init(
    of output: Variable, startingWith leaves: [Variable], named given: [ObjectIdentifier: String]
  ) {
    var indices: [ObjectIdentifier: Int] = [:]
    var order: [Variable] = []
    for leaf in leaves {
      indices[ObjectIdentifier(leaf)] = order.count
      order.append(leaf)
    }
    // Depth first in a loop; a variable comes back, marked, after its inputs.
    var pending = [(variable: output, isDone: false)]
    while let (variable, isDone) = pending.popLast() {
      if indices[ObjectIdentifier(variable)] != nil { continue }
      if isDone {
        indices[ObjectIdentifier(variable)] = order.count
        order.append(variable)
      } else {
        pending.append((variable, true))
        pending += variable.inputs.reversed().map { ($0, false) }
      }
    }
    let one = Variable(Tensor(output.shape, repeating: 1), recording: .sealed)
    nodes = order.enumerated().map { index, variable in
      let gradient =
        output.value.count == 1 && variable.isTraced
        ? pullBack(one, from: output, to: [variable])[0]?.value : nil
      let letter = variable.isTraced ? "v" : "c"
      return Node(
        name: given[ObjectIdentifier(variable)] ?? "\(letter)\(index)",
        function: variable.operation, value: variable.value,
        parents: variable.inputs.compactMap { indices[ObjectIdentifier($0)] },
        gradient: gradient, isTraced: variable.isTraced)
    }
  }
}

extension Variable {
  /// The graph of all that this variable was computed from, as far as it is recorded: within a function
  /// whose gradient is taken.
  public var graph: TracedGraph { TracedGraph(of: self, startingWith: [], named: [:]) }
}
