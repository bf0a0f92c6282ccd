import Blocks
import Graphs
import Tensors

extension Lowering {
  /// Writes out a loop: its body as often as it runs, each time over the values of the time before.
  ///
  /// Where it goes on or not by a value that depends on the picture, it runs as often as it may at most, and what it
  /// carries stays what it is from the time on that it would have ended.
  ///
  /// - Throws: `NetworkError` where nothing says how often, or that is too often.
  mutating func lowerLoop(_ node: Node, _ body: Node.Body) throws {
    let limit = try trips(node)
    guard body.ownCount >= 2, body.outputs.count >= body.ownCount - 1 else {
      throw NetworkError.invalidNode(node.title, reason: "its body takes or yields too little")
    }
    let count = body.ownCount - 2
    var carried = Array(node.inputs[2..<body.ownCount])
    var going = node.input(1) ?? stored(Constant(Tensor(1), of: .bool))
    var collected = [[String]](repeating: [], count: body.outputs.count - 1 - count)
    var trip = 0
    while trip < limit ?? .max {
      let known = constant(going)
      if let known {
        guard let truth = known.truth else {
          throw NetworkError.invalidNode(node.title, reason: "its condition is not one value")
        }
        if !truth { break }
      } else if limit == nil || !collected.isEmpty {
        throw NetworkError.dependsOnValues(
          node.title, reason: "it depends on the picture how often it runs")
      }
      let number = stored(Constant(Tensor(Float(trip)), of: .int64))
      let results = try run(body, of: node, over: [number, going] + carried)
      let next = Array(results[1..<1 + count])
      if known == nil {
        carried = try zip(next, carried).map { try choice(going, $0, $1, for: node) }
        going = try emitted("And", [going, results[0]], for: node)
      } else {
        (carried, going) = (next, results[0])
      }
      for place in collected.indices { collected[place].append(results[1 + count + place]) }
      trip += 1
    }
    for (output, name) in zip(node.outputs, carried) where !output.isEmpty {
      try hand(name, to: output, of: node)
    }
    for (place, parts) in collected.enumerated() {
      guard let output = node.outputs[checked: count + place], !output.isEmpty else { continue }
      try stack(parts, along: 0, as: output, of: node)
    }
  }

  /// The most times that a loop may run; nil where only its condition ends it.
  private func trips(_ node: Node) throws -> Int? {
    guard let name = node.input(0) else { return nil }
    guard let trips = constant(name)?.integers, trips.count == 1 else {
      throw NetworkError.dependsOnValues(
        node.title, reason: "it depends on the picture how often it runs")
    }
    return max(0, trips[0])
  }

  private mutating func choice(
    _ condition: String, _ first: String, _ second: String, for node: Node
  ) throws -> String {
    let (new, old) = (try shape(first), try shape(second))
    guard new == old else {
      throw NetworkError.dependsOnValues(
        node.title,
        reason: "it depends on the picture how often it runs, and \(old) becomes \(new)")
    }
    return try emitted("Where", [condition, first, second], for: node)
  }

  /// Writes out a scan: its body over the slices of its last inputs.
  mutating func lowerScan(_ node: Node, _ body: Node.Body) throws {
    guard node.opset < 9 else {
      return try lowerScan(node, body, over: Array(node.inputs.prefix(body.ownCount)), node.outputs)
    }
    // In operator set 8 all has a batch in front, whose parts are run by themselves.
    guard node.input(0) == nil, node.ints("directions")?.allSatisfy({ $0 == 0 }) ?? true else {
      throw NetworkError.invalidNode(node.title, reason: "sequences of different lengths")
    }
    let inputs = Array(node.inputs[1..<1 + body.ownCount])
    let batch = try inputs.first.flatMap { try shape($0).dimensions.first } ?? 0
    var shifted = node
    shifted.inputs.removeFirst()
    var parts = [[String]](repeating: [], count: node.outputs.count)
    for part in 0..<batch {
      let slices = try inputs.map { try slice($0, at: part, along: 0, for: node) }
      let outputs = node.outputs.map { $0.isEmpty ? "" : fresh() }
      try lowerScan(shifted, body, over: slices, outputs)
      for place in parts.indices { parts[place].append(outputs[place]) }
    }
    for (place, output) in node.outputs.enumerated() where !output.isEmpty {
      try stack(parts[place], along: 0, as: output, of: node)
    }
  }

  private mutating func lowerScan(
    _ node: Node, _ body: Node.Body, over inputs: [String], _ outputs: [String]
  ) throws {
    let scanned = node.int("num_scan_inputs", default: 0)
    guard scanned > 0, scanned <= inputs.count, body.outputs.count >= inputs.count - scanned else {
      throw NetworkError.invalidNode(node.title, reason: "\(scanned) inputs to scan")
    }
    let states = inputs.count - scanned
    let axes = node.ints("scan_input_axes") ?? []
    let directions = node.ints("scan_input_directions") ?? []
    let shapes = try inputs.suffix(scanned).map { try shape($0) }
    let places = try shapes.enumerated().map { place, shape in
      try axis(axes[checked: place] ?? 0, rank: shape.rank, of: node)
    }
    let lengths = Set(zip(shapes, places).map { $0[$1] })
    guard let length = lengths.first, lengths.count == 1 else {
      throw NetworkError.invalidNode(node.title, reason: "it scans \(lengths.sorted()) slices")
    }
    var carried = Array(inputs.prefix(states))
    var collected = [[String]](repeating: [], count: body.outputs.count - states)
    for step in 0..<length {
      let slices = try (0..<scanned).map { place in
        let at = directions[checked: place] ?? 0 == 0 ? step : length - 1 - step
        return try slice(inputs[states + place], at: at, along: places[place], for: node)
      }
      let results = try run(body, of: node, over: carried + slices)
      carried = Array(results.prefix(states))
      for place in collected.indices { collected[place].append(results[states + place]) }
    }
    for (output, name) in zip(outputs, carried) where !output.isEmpty {
      try hand(name, to: output, of: node)
    }
    let ways = node.ints("scan_output_directions") ?? []
    let ends = node.ints("scan_output_axes") ?? []
    for (place, parts) in collected.enumerated() {
      guard let output = outputs[checked: states + place], !output.isEmpty else { continue }
      let inOrder = ways[checked: place] ?? 0 == 0 ? parts : parts.reversed()
      try stack(inOrder, along: ends[checked: place] ?? 0, as: output, of: node)
    }
  }
}
