import Blocks
import Graphs
public import Tensors

extension Lowering {
  /// The value of a reading and the shape that it is handed out in.
  ///
  /// - Parameters:
  ///   - reading: What is read.
  ///   - name: The value in the graph that its layer stands for.
  ///   - layout: The value's layout; `nil`: channels at axis 1.
  /// - Returns: The value, and its shape as it is handed out.
  /// - Throws: `NetworkError` where the layer has not what is read.
  package mutating func result(
    _ reading: Reading, _ name: String, layout: LayerLayout?
  ) throws -> (value: Value, shape: Shape) {
    try position(reading, in: try whole(reading, name, layout: layout))
  }

  /// The same at all positions.
  private mutating func whole(
    _ reading: Reading, _ name: String, layout: LayerLayout?
  ) throws -> (value: Value, shape: Shape) {
    if let layout, layout.form == .list, !reading.isRaw {
      try check(reading, count: layout.channels)
      let batched = try step(
        "Reshape", name, attributes: ["shape": .ints([-1, layout.channels])], for: reading)
      return try channels(of: batched, reading)
    }
    let (_, shape) = try materialized(name)
    try check(reading, count: layout?.channels ?? shape[checked: 1] ?? 0)
    if reading.arrangement == .classToken, layout?.hasClassToken != true {
      throw NetworkError.noClassToken(layer: reading.title)
    }
    guard let layout, layout.form != .channelsFirst, reading.arrangement != .stored else {
      guard let grid = layout?.grid, reading.isOfGrid, shape.rank != 4 else {
        return try channels(of: name, reading)
      }
      let flat = try step(
        "Reshape", name, attributes: ["shape": .ints([0, 0, grid.height, grid.width])],
        for: reading)
      return try channels(of: flat, reading)
    }
    return try materialized(try rearranged(name, reading, layout))
  }

  /// The position of a grid that is read, if one is.
  private mutating func position(
    _ reading: Reading, in whole: (value: Value, shape: Shape)
  ) throws -> (value: Value, shape: Shape) {
    guard case .position = reading.arrangement,
      let (row, column) = try reading.position(in: whole.shape)
    else { return whole }
    let shape: Shape = [whole.shape[0], whole.shape[1], 1, 1]
    if whole.value != 0, let form = Self.blocks(whole.shape), let one = Self.blocks(shape),
      program.forms[whole.value] == form
    {
      let (height, width) = (whole.shape[2], whole.shape[3])
      let places = (0..<shape[0]).map { Int32(($0 * height + row) * width + column) }
      let result = program.value(one)
      program.instructions.append(
        Instruction(operation: .gatherRows(places), inputs: [whole.value], outputs: [result]))
      return (result, shape)
    }
    let name = "\(reading.title) \(reading.arrangement) of \(whole.value)"
    operands[name] = .value(whole.value, whole.shape)
    let rows = try selected([row], of: name, axis: 2, for: reading)
    return try materialized(try selected([column], of: rows, axis: 3, for: reading))
  }

  private func check(_ reading: Reading, count: Int) throws {
    for channel in reading.channels ?? [] where !(0..<count).contains(channel) {
      throw NetworkError.channelOutOfRange(
        layer: reading.title, channel: channel, channels: count)
    }
  }

  /// Some channels of a value that has them at axis 1, or all.
  private mutating func channels(
    of name: String, _ reading: Reading
  ) throws -> (value: Value, shape: Shape) {
    var (value, shape) = try materialized(name)
    guard let channels = reading.channels else { return (value, shape) }
    shape[1] = channels.count
    if let blocks = asBlocks(name),
      let narrowed = program.narrow(blocks, to: channels, keeping: observed)
    {
      return (narrowed, shape)
    }
    return try materialized(try selected(channels, of: name, axis: 1, for: reading))
  }

  /// The name of a value that holds what is read of a layer with its channels at the end.
  private mutating func rearranged(
    _ name: String, _ reading: Reading, _ layout: LayerLayout
  ) throws -> String {
    var name = name
    if layout.form == .tokens, layout.grid != nil {
      let all = try shape(name)[1]
      let kept: Range<Int> =
        switch reading.arrangement {
        case .classToken: 0..<1
        case .grid, .position: layout.tokensWithPlaces
        case .stored, .channelsFirst: 0..<all
        }
      if kept.count < all {
        name = try selected(Array(kept), of: name, axis: 1, for: reading)
      }
    }
    if let channels = reading.channels {
      name = try selected(channels, of: name, axis: -1, for: reading)
    }
    let kept = try shape(name)
    name = try step(
      "Transpose", name, attributes: ["perm": .ints(kept.rank == 4 ? [0, 3, 1, 2] : [0, 2, 1])],
      for: reading)
    var shape = try self.shape(name)
    switch (reading.arrangement, layout.grid) {
    case (.classToken, _): shape = [shape[0], shape[1]]
    case (.grid, let grid?), (.position, let grid?):
      shape = [shape[0], shape[1], grid.height, grid.width]
    default: return name
    }
    return try step("Reshape", name, attributes: ["shape": .ints(shape.dimensions)], for: reading)
  }

  private mutating func selected(
    _ places: [Int], of name: String, axis: Int, for reading: Reading
  ) throws -> String {
    let list = "\(name) places \(places)"
    operands[list] = .constant(
      Constant(Tensor([places.count], places.map { Float($0) }), isInteger: true))
    return try step("Gather", name, list, attributes: ["axis": .int(axis)], for: reading)
  }

  /// Lowers a node that the graph does not have, and returns its result's name.
  private mutating func step(
    _ type: String, _ inputs: String..., attributes: [String: Attribute] = [:],
    for reading: Reading
  ) throws -> String {
    let output = "\(inputs.joined(separator: " ")) \(type) \(attributes)"
    try emit(
      Node(
        type, name: reading.title, inputs: inputs, outputs: [output], attributes: attributes))
    return output
  }
}

extension Reading {
  /// The position of a grid that is read.
  ///
  /// - Parameter shape: The grid's, N×C×H×W; any other where there is none.
  /// - Returns: The position; `nil` where all of it is read, or where there is no grid and no position is named.
  /// - Throws: `NetworkError` where there is no such position.
  public func position(in shape: Shape) throws -> (row: Int, column: Int)? {
    guard case .position(let row, let column) = arrangement else { return nil }
    guard shape.rank == 4 else {
      guard row == nil, column == nil else { throw NetworkError.noPositions(layer: title) }
      return nil
    }
    let (y, x) = (row ?? shape[2] / 2, column ?? shape[3] / 2)
    guard (0..<shape[2]).contains(y), (0..<shape[3]).contains(x) else {
      throw NetworkError.positionOutOfRange(
        layer: title, x: x, y: y, width: shape[3], height: shape[2])
    }
    return (y, x)
  }
}
