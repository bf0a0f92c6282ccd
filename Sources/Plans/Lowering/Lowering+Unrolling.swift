import Blocks
import Graphs
import Memory
import Tensors

// What loops, scans and maps over lists are written out with.
extension Lowering {
  /// The most nodes that all loops of a network are written out into.
  static let mostUnrolled = 100_000

  /// What a plan takes for a node that is written out, measured on 95,000 of small pictures.
  private static let bytesOfUnrolled = 2048

  /// Lowers a body once.
  ///
  /// - Parameters:
  ///   - body: The body.
  ///   - node: The node that runs it.
  ///   - values: The names of what goes in this time; what it reads of the outside follows by itself.
  /// - Returns: The names of what comes out.
  /// - Throws: What its nodes throw, `NetworkError` where all that has been written out is too much, and `MemoryError`
  ///   where it is too much for the memory.
  mutating func run(
    _ body: Node.Body, of node: Node, over values: [String]
  ) throws -> [String] {
    unrolled += body.nodes.count + 1
    guard unrolled <= Self.mostUnrolled else {
      throw NetworkError.invalidModel(
        "\(node.title) runs so often that the network would have over \(Self.mostUnrolled) nodes; "
          + "is its end ever reached?")
    }
    try MemoryLimit.check(bytes: unrolled * Self.bytesOfUnrolled, of: "\(node.title), written out,")
    var names = ["": ""]
    let outside = node.inputs.suffix(body.inputs.count - body.ownCount)
    for (name, value) in zip(body.inputs, values + outside) { names[name] = value }
    for inner in body.nodes {
      var copy = inner
      copy.name = inner.name.isEmpty ? inner.outputs.first ?? "" : inner.name
      copy.inputs = inner.inputs.map { names[$0] ?? $0 }
      copy.conditions = inner.conditions.map {
        .init(value: names[$0.value] ?? $0.value, holds: $0.holds)
      }
      guard !isSkipped(copy) else { continue }
      copy.outputs = inner.outputs.map { $0.isEmpty ? "" : fresh() }
      for (name, own) in zip(inner.outputs, copy.outputs) where !name.isEmpty { names[name] = own }
      try lower(copy)
    }
    return body.outputs.map { names[$0] ?? $0 }
  }

  /// A name that no file has: names in files have no control characters left.
  mutating func fresh() -> String {
    freshCount += 1
    return "\u{0}\(freshCount)"
  }

  /// The name of a constant.
  mutating func stored(_ constant: Constant) -> String {
    let name = fresh()
    operands[name] = .constant(constant)
    return name
  }

  /// The name of what an operator makes of some values.
  mutating func emitted(
    _ type: String, _ inputs: [String], attributes: [String: Attribute] = [:], for node: Node
  ) throws -> String {
    let output = fresh()
    try emit(
      Node(type, name: node.title, inputs: inputs, outputs: [output], attributes: attributes))
    return output
  }

  /// One slice of an axis, without the axis.
  mutating func slice(
    _ name: String, at place: Int, along axis: Int, for node: Node
  ) throws -> String {
    let index = stored(Constant(Tensor(Float(place)), of: .int64))
    return try emitted("Gather", [name, index], attributes: ["axis": .int(axis)], for: node)
  }

  /// Makes a result of a node of values of one shape, along a new axis.
  mutating func stack(
    _ names: [String], along axis: Int, as output: String, of node: Node
  ) throws {
    guard !names.isEmpty else {
      throw NetworkError.invalidNode(
        node.title, reason: "it never runs, and nothing tells the shape of what it collects")
    }
    let axes = stored(Constant(Tensor([1], [Float(axis)]), of: .int64))
    let parts = try names.map { try emitted("Unsqueeze", [$0, axes], for: node) }
    try emit(
      Node(
        "Concat", name: node.title, inputs: parts, outputs: [output],
        attributes: ["axis": .int(axis)]))
  }

  /// Makes a value a result of a node.
  mutating func hand(_ name: String, to output: String, of node: Node) throws {
    try emit(Node("Identity", name: node.title, inputs: [name], outputs: [output]))
  }

  /// An axis counted from the first.
  func axis(_ axis: Int, rank: Int, of node: Node) throws -> Int {
    let place = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(place) else {
      throw NetworkError.invalidNode(node.title, reason: "axis \(axis) of \(rank)")
    }
    return place
  }
}
