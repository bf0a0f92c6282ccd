import Blocks

/// A network's operations in an order in which they can run, and the constants they read.
public struct Graph: Sendable {
  /// A value that is fed from outside.
  public struct Input: Sendable {
    /// The value's name.
    public var name: String
    /// The extents; `nil` where the file leaves one open.
    public var dimensions: [Int?]
    /// The element type.
    package var type: ElementType
    /// Whether the element type is an integer (or Boolean).
    public var isInteger: Bool { type.isInteger }

    /// Creates an input.
    public init(name: String, dimensions: [Int?], isInteger: Bool = false) {
      self.name = name
      self.dimensions = dimensions
      type = isInteger ? .int64 : .float
    }
  }

  /// The values fed from outside, without those that have a constant.
  public var inputs: [Input]
  /// The names of the network's results.
  public var outputs: [String]
  /// Every operation, each after those it depends on.
  public var nodes: [Node]
  /// Weights and other tensors stored in the file.
  public var constants: [String: Constant]
  /// The name of the input that is the picture, where somebody said it.
  public var picture: String?
  /// The names of values as N×C×H×W by those that the file gives the same as N×H×W×C: all who read these read
  /// those, and so it is those that the whole gradient comes back to.
  package private(set) var turned: [String: String] = [:]

  /// The names of values that lie within what one node does in place of several of the file, by that node's result:
  /// they can be looked at, and nothing depends on them any more.
  package private(set) var wholes: [String: String] = [:]

  /// Creates a graph.
  public init(
    inputs: [Input], outputs: [String], nodes: [Node], constants: [String: Constant] = [:]
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.nodes = nodes
    self.constants = constants
  }

  /// The place of the input that is the picture: the one that was said to be, else the first with four extents, or
  /// the first.
  package var picturePlace: Int {
    inputs.firstIndex { $0.name == picture } ?? inputs.firstIndex { $0.dimensions.count == 4 } ?? 0
  }

  /// Takes note that a value is another's, turned.
  mutating func note(_ name: String, isTurned source: String) { turned[name] = source }

  /// Takes note of values that another graph needs for its results, and this, which does the same, no longer.
  mutating func noteParts(of file: Graph) {
    let live = Set(needed(for: outputs).flatMap(\.outputs))
    let made = Set(nodes.flatMap(\.outputs))
    // The result of the first node that reads each value.
    var readers: [String: String] = [:]
    for node in file.needed(for: outputs).reversed() {
      for output in node.outputs where made.contains(output) && !live.contains(output) {
        guard let next = readers[output] else { continue }
        wholes[output] = live.contains(next) ? next : wholes[next]
      }
      guard let result = node.outputs.first else { continue }
      for input in node.inputs { readers[input] = result }
    }
  }

  /// The node that makes each value.
  package struct Producers {
    fileprivate let nodes: [Node]
    fileprivate let makers: [String: Int]

    /// The node that makes a value; `nil` for what is fed or constant.
    package subscript(value: String) -> Node? { makers[value].map { nodes[$0] } }
  }

  /// The node that makes each value.
  package var producers: Producers { Producers(nodes: nodes, makers: makers) }

  /// The place of the node that makes each value; outputs that are left out, without a name, are none.
  package var makers: [String: Int] {
    var makers = [String: Int](minimumCapacity: nodes.count)
    for (place, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty && makers[output] == nil {
        makers[output] = place
      }
    }
    return makers
  }

  /// The nodes, in order, that the named values need.
  package func needed(for values: some Sequence<String>) -> [Node] {
    var wanted = Set(values)
    var kept: [Node] = []
    for node in nodes.reversed() where node.outputs.contains(where: wanted.contains) {
      kept.append(node)
      for name in node.inputs { wanted.insert(name) }
      for condition in node.conditions { wanted.insert(condition.value) }
    }
    return kept.reversed()
  }
}
