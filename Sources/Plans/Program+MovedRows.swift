import Autodiff
import Blocks
import Graphs
import Tensors

extension Program {
  /// Moves rows of features, which graphs turn, shift and cut into windows on their way from one product to the next, in
  /// channel blocks, without a tensor in between.
  ///
  /// - Parameter kept: Values that somebody reads or observes and that must therefore exist.
  package mutating func moveRowsInBlocks(keeping kept: Set<Value>) {
    let makers = makers()
    var same: [Value: Value] = [:]
    for place in instructions.indices {
      guard case .rowsToBlocks = instructions[place].operation,
        let (source, rows) = movedRows(into: instructions[place].output, makers, kept)
      else { continue }
      let output = instructions[place].output
      if forms[source] == forms[output], !kept.contains(output),
        rows.elementsEqual(0..<Int32(rows.count))
      {
        same[output] = source
      } else {
        instructions[place].operation = .gatherRows(rows)
        instructions[place].inputs = [source]
      }
    }
    func one(_ value: Value) -> Value {
      var value = value
      while let next = same[value] { value = next }
      return value
    }
    instructions.removeAll { same[$0.output] != nil }
    for place in instructions.indices {
      instructions[place].inputs = instructions[place].inputs.map(one)
      instructions[place].addend = instructions[place].addend.map(one)
    }
    prune(to: kept)
  }

  /// The channel blocks whose rows, moved but whole, are those of others.
  ///
  /// - Returns: Their value, and for each row which of its rows it is.
  private func movedRows(
    into blocks: Value, _ makers: [Value: Int], _ kept: Set<Value>
  ) -> (source: Value, rows: [Int32])? {
    guard let maker = makers[blocks], let last = instructions[maker].inputs.first,
      case .blocks(_, let channels, _, _) = forms[blocks],
      let (root, places) = movements(to: last, makers, kept),
      case .blocks(_, channels, _, _) = forms[instructions[root].inputs[0]],
      case .tensor(let shape) = forms[instructions[root].output],
      // Numbers up to here are exact.
      shape.count < 1 << 24
    else { return nil }
    // Each element is marked with its number, and the marks are moved as elements are.
    var marks: [Value: Tensor] = [
      instructions[root].output: Tensor(shape, (0..<shape.count).map { Float($0) })
    ]
    for place in places {
      let instruction = instructions[place]
      let inputs = instruction.inputs.compactMap { marks[$0] }
      guard inputs.count == instruction.inputs.count,
        case .tensor(let shape) = forms[instruction.output]
      else { return nil }
      if let call = instruction.call {
        let moved = try? Operator.table[call.node.type]?.run(call.with(inputs.map { Variable($0) }))
        guard let moved else { return nil }
        marks[instruction.output] = moved.value
      } else {
        marks[instruction.output] = inputs[0].reshaped(shape)
      }
    }
    guard let rows = marks[last]?.rows(of: channels) else { return nil }
    return (instructions[root].inputs[0], rows)
  }

  /// The instructions that a value is made by, in order, where they only move what one other instruction has brought out of
  /// channel blocks as rows.
  private func movements(
    to value: Value, _ makers: [Value: Int], _ kept: Set<Value>
  ) -> (root: Int, places: [Int])? {
    var (open, seen, places) = ([value], Set([value]), [Int]())
    var root: Int?
    while let value = open.popLast() {
      guard !kept.contains(value), let place = makers[value], places.count < 32 else { return nil }
      if case .blocksToRows = instructions[place].operation {
        guard root == nil || root == place, instructions[place].inputs[0] != 0 else { return nil }
        root = place
        continue
      }
      guard instructions[place].movesElements else { return nil }
      places.append(place)
      open += instructions[place].inputs.filter { seen.insert($0).inserted }
    }
    return root.map { ($0, places.sorted()) }
  }
}

extension Instruction {
  /// Whether each element of the result, a tensor, is one of the inputs' by its place.
  fileprivate var movesElements: Bool {
    switch operation {
    case .toTensor: return true
    case .tape(let call):
      switch call.node.type {
      case "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Gather", "Slice",
        "Split":
        return call.variableNames == [call.node.inputs[0]]
      case "Concat": return call.constants.isEmpty
      case "Pad":
        let widths =
          call.node.ints("pads") ?? call.node.input(1).flatMap { call.constants[$0]?.integers }
        return call.variableNames == [call.node.inputs[0]]
          && widths?.allSatisfy { $0 == 0 } ?? false
      default: return false
      }
    default: return false
    }
  }
}

extension Tensor {
  /// Of marks of elements, which of the rows they came from, of so many elements, each row is; `nil` where one is no whole row.
  fileprivate func rows(of channels: Int) -> [Int32]? {
    guard count.isMultiple(of: channels) else { return nil }
    return withUnsafeBufferPointer { marks in
      var rows: [Int32] = []
      rows.reserveCapacity(count / channels)
      for first in stride(from: 0, to: marks.count, by: channels) {
        let start = Int(marks[first])
        guard start.isMultiple(of: channels) else { return nil }
        for channel in 0..<channels where Int(marks[first + channel]) != start + channel {
          return nil
        }
        rows.append(Int32(start / channels))
      }
      return rows
    }
  }
}
