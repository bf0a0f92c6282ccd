import Blocks
import Graphs
import Tensors

// Lists of values, and values that may be left out, are known by name before the network runs: nothing of them is left
// in a plan.
extension Lowering {
  /// Lowers a node that is no function of tensors.
  ///
  /// - Returns: Whether it is one.
  mutating func lowerStructure(_ node: Node) throws -> Bool {
    switch node.type {
    case "Loop", "Scan", "SequenceMap":
      guard let body = node.body else {
        throw NetworkError.invalidNode(node.title, reason: "it has no body")
      }
      switch node.type {
      case "Loop": try lowerLoop(node, body)
      case "Scan": try lowerScan(node, body)
      default: try lowerMap(node, body)
      }
    case "SequenceEmpty": try hold([], as: node.outputs[0], of: node)
    case "SequenceConstruct": try hold(node.inputs, as: node.outputs[0], of: node)
    case "SequenceInsert", "SequenceErase": try lowerEdit(node)
    case "SequenceAt":
      let names = try list(node)
      let place = try place(node, input: 1, among: names.count)
      try hand(names[place], to: node.outputs[0], of: node)
    case "SequenceLength":
      let count = try list(node).count
      operands[node.outputs[0]] = .constant(Constant(Tensor(Float(count)), of: .int64))
    case "ConcatFromSequence": try lowerConcatenation(node)
    case "SplitToSequence": try lowerSplit(node)
    case "Optional": try handOptional(node)
    case "OptionalGetElement":
      guard let name = node.input(0), !isAbsent(name) else {
        throw NetworkError.invalidNode(node.title, reason: "the value has been left out")
      }
      try hand(name, to: node.outputs[0], of: node)
    case "OptionalHasElement":
      let has = node.input(0).map { !isAbsent($0) } ?? false
      operands[node.outputs[0]] = .constant(Constant(Tensor(has ? 1 : 0), of: .bool))
    case "Identity":
      guard let name = node.input(0), let operand = operands[name] else { return false }
      switch operand {
      case .list, .absent: operands[node.outputs[0]] = operand
      default: return false
      }
    default: return false
    }
    return true
  }

  /// The most values that all lists of a network hold together; a list that grows in a loop counts at every length.
  private static let mostListed = 4_000_000

  /// Makes a list a result of a node.
  private mutating func hold(_ names: [String], as output: String, of node: Node) throws {
    listed += names.count
    guard listed <= Self.mostListed else {
      throw NetworkError.invalidModel(
        "\(node.title): the network's lists would hold over \(Self.mostListed) values; "
          + "is the end of a loop ever reached?")
    }
    operands[output] = .list(names)
  }

  private func isAbsent(_ name: String) -> Bool {
    if case .absent? = operands[name] { true } else { false }
  }

  private mutating func handOptional(_ node: Node) throws {
    guard let name = node.input(0) else {
      operands[node.outputs[0]] = .absent
      return
    }
    try hand(name, to: node.outputs[0], of: node)
  }

  /// The values of the list that is a node's input.
  private func list(_ node: Node, input: Int = 0) throws -> [String] {
    guard let name = node.input(input), case .list(let names)? = operands[name] else {
      throw NetworkError.invalidNode(node.title, reason: "input \(input) is no list of values")
    }
    return names
  }

  /// A place in a list, negative ones from its end; where none is said, the last.
  private func place(_ node: Node, input: Int, among count: Int) throws -> Int {
    var place = -1
    if let name = node.input(input) {
      guard let said = constant(name)?.integers.first else {
        throw NetworkError.dependsOnValues(
          node.title, reason: "the place in a list ('\(name)') must be a constant")
      }
      place = said
    }
    let own = place < 0 ? place + count : place
    guard (0..<count).contains(own) else {
      throw NetworkError.invalidNode(node.title, reason: "place \(place) in a list of \(count)")
    }
    return own
  }

  private mutating func lowerEdit(_ node: Node) throws {
    var names = try list(node)
    if node.type == "SequenceErase" {
      names.remove(at: try place(node, input: 1, among: names.count))
    } else {
      guard let new = node.input(1), operands[new] != nil else {
        throw NetworkError.invalidNode(node.title, reason: "it has nothing to insert")
      }
      let end = node.input(2) == nil
      // A negative place counts from the end of what there is, and one behind the last is the end.
      let own = end ? names.count : try insertion(node, among: names.count)
      names.insert(new, at: own)
    }
    try hold(names, as: node.outputs[0], of: node)
  }

  private func insertion(_ node: Node, among count: Int) throws -> Int {
    if let place = constant(node.inputs[2])?.integers.first, place == count { return count }
    return try place(node, input: 2, among: count)
  }

  private mutating func lowerConcatenation(_ node: Node) throws {
    let names = try list(node)
    let axis = node.int("axis", default: 0)
    if node.int("new_axis", default: 0) != 0 {
      return try stack(names, along: axis, as: node.outputs[0], of: node)
    }
    try emit(
      Node(
        "Concat", name: node.title, inputs: names, outputs: node.outputs,
        attributes: ["axis": .int(axis)]))
  }

  /// Parts of an axis as a list: of given lengths, of one length as far as it goes, or slices.
  private mutating func lowerSplit(_ node: Node) throws {
    guard let name = node.input(0) else {
      throw NetworkError.invalidNode(node.title, reason: "it has nothing to split")
    }
    let shape = try shape(name)
    let axis = try axis(node.int("axis", default: 0), rank: shape.rank, of: node)
    let extent = shape[axis]
    guard let given = node.input(1) else {
      let keeps = node.int("keepdims", default: 1) != 0
      return try split(node, name, axis, [Int](repeating: 1, count: extent), keeping: keeps)
    }
    guard let lengths = constant(given) else {
      throw NetworkError.dependsOnValues(
        node.title, reason: "the lengths of the parts ('\(given)') must be a constant")
    }
    guard lengths.shape.rank == 0 else {
      return try split(node, name, axis, lengths.integers, keeping: true)
    }
    let length = lengths.integers[0]
    guard length > 0 else {
      throw NetworkError.invalidNode(node.title, reason: "parts of \(length)")
    }
    let parts = stride(from: 0, to: extent, by: length).map { min(length, extent - $0) }
    try split(node, name, axis, parts, keeping: true)
  }

  private mutating func split(
    _ node: Node, _ name: String, _ axis: Int, _ lengths: [Int], keeping: Bool
  ) throws {
    guard lengths.count <= Self.mostUnrolled else {
      throw NetworkError.invalidNode(node.title, reason: "\(lengths.count) parts")
    }
    guard keeping else {
      let slices = try lengths.indices.map { try slice(name, at: $0, along: axis, for: node) }
      return try hold(slices, as: node.outputs[0], of: node)
    }
    let parts = lengths.map { _ in fresh() }
    guard !parts.isEmpty else { return try hold([], as: node.outputs[0], of: node) }
    let sizes = stored(Constant(Tensor([lengths.count], lengths.map { Float($0) }), of: .int64))
    try emit(
      Node(
        "Split", name: node.title, inputs: [name, sizes], outputs: parts,
        attributes: ["axis": .int(axis)]))
    try hold(parts, as: node.outputs[0], of: node)
  }

  /// The body over every element of a list, and of other lists beside it.
  private mutating func lowerMap(_ node: Node, _ body: Node.Body) throws {
    let count = try list(node).count
    var results = [[String]](repeating: [], count: node.outputs.count)
    for place in 0..<count {
      let values = try node.inputs.prefix(body.ownCount).map { name -> String in
        guard case .list(let names)? = operands[name] else { return name }
        guard let value = names[checked: place] else {
          throw NetworkError.invalidNode(node.title, reason: "lists of different lengths")
        }
        return value
      }
      let made = try run(body, of: node, over: values)
      for output in results.indices { results[output].append(made[checked: output] ?? "") }
    }
    for (output, name) in node.outputs.enumerated() where !name.isEmpty {
      try hold(results[output], as: name, of: node)
    }
  }
}
