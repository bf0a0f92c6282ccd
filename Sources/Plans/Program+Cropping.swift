import Blocks

extension Program {
  /// Leaves out what lies beyond the receptive field of the results: what shows a few positions of a map reads no more
  /// of the picture than these see.
  ///
  /// Every map is cropped with the picture, which begins where the strides up to the results would have it begin: each
  /// number that the results depend on is made of the same numbers as before. Where paddings at the new edges make
  /// others, nobody sees them.
  ///
  /// - Parameter results: The values that are read.
  /// - Returns: What is left of the picture; `nil` where that is nearly all, or where it is not known what an operation sees.
  package mutating func crop(keeping results: Set<Value>) -> PictureArea? {
    guard let rows = part(along: .rows, results), let columns = part(along: .columns, results),
      case let share = rows.share * columns.share, share < Self.largestShare
    else { return nil }
    for value in forms.indices {
      guard case .blocks(let batch, let channels, _, _) = forms[value],
        let height = rows.extents[value], let width = columns.extents[value]
      else { continue }
      forms[value] = .blocks(batch: batch, channels: channels, height: height, width: width)
    }
    for place in instructions.indices {
      guard case .gatherRows(let places) = instructions[place].operation else { continue }
      let source = instructions[place].inputs[0]
      instructions[place].operation = .gatherRows(
        places.map { rows.moved($0, source, beside: columns) })
    }
    return PictureArea(rows: rows.picture, columns: columns.picture)
  }

  /// Of how much of the picture a copy is not worth it.
  private static let largestShare = 0.9

  private enum Axis { case rows, columns }

  /// What is left along an axis.
  private struct Part {
    /// Of the picture.
    let picture: Range<Int>
    /// Where what is left of each value begins, how long it is, and how long the value was.
    let starts: [Value: Int]
    let extents: [Value: Int]
    let wholes: [Value: Int]

    /// How much is left of the picture.
    var share: Double { Double(picture.count) / Double(wholes[0] ?? 1) }

    /// The number of a row of pixels after the cropping.
    func moved(_ place: Int32, _ value: Value, beside columns: Part) -> Int32 {
      let (height, width) = (wholes[value] ?? 1, columns.wholes[value] ?? 1)
      let (line, x) = Int(place).quotientAndRemainder(dividingBy: width)
      let (image, y) = line.quotientAndRemainder(dividingBy: height)
      let row = image * (extents[value] ?? 1) + y - (starts[value] ?? 0)
      return Int32(row * (columns.extents[value] ?? 1) + x - (columns.starts[value] ?? 0))
    }
  }

  private func extent(_ value: Value, _ axis: Axis) -> Int? {
    guard case .blocks(_, _, let height, let width) = forms[value] else { return nil }
    return axis == .rows ? height : width
  }

  private func part(along axis: Axis, _ results: Set<Value>) -> Part? {
    guard let whole = extent(0, axis), let needed = needed(axis, results), let seen = needed[0]
    else { return nil }
    // The last place to begin from which all strides lead to whole positions, and the first to end at which ways that
    // join are alike.
    for start in (0...seen.lowerBound).reversed() {
      guard let starts = starts(axis, from: start) else { continue }
      for end in seen.upperBound...whole {
        guard let extents = extents(axis, of: end - start) else { continue }
        let holds = needed.allSatisfy { value, range in
          guard let start = starts[value], let extent = extents[value] else { return false }
          return start <= range.lowerBound && range.upperBound <= start + extent
        }
        guard holds else { return nil }
        var wholes: [Value: Int] = [0: whole]
        for value in needed.keys { wholes[value] = extent(value, axis) }
        return Part(picture: start..<end, starts: starts, extents: extents, wholes: wholes)
      }
    }
    return nil
  }

  /// The positions of each value that the results are made of.
  private func needed(_ axis: Axis, _ results: Set<Value>) -> [Value: Range<Int>]? {
    var needed: [Value: Range<Int>] = [:]
    func need(_ value: Value, _ range: Range<Int>) {
      let known = needed[value] ?? range
      needed[value] =
        min(known.lowerBound, range.lowerBound)..<max(known.upperBound, range.upperBound)
    }
    for value in results {
      guard let extent = extent(value, axis) else { return nil }
      need(value, 0..<extent)
    }
    for instruction in instructions.reversed() {
      guard let wanted = needed[instruction.output] else { continue }
      if let addend = instruction.addend { need(addend, wanted) }
      for value in instruction.inputs {
        guard let extent = extent(value, axis), let whole = self.extent(instruction.output, axis)
        else { return nil }
        switch instruction.sight(axis == .rows) {
        case .same?: need(value, extent == whole ? wanted : 0..<extent)
        case .through(let window)?:
          let seen = window.sources(of: wanted).clamped(to: 0..<extent)
          need(value, seen.isEmpty ? 0..<extent : seen)
        case .places(let places)?:
          guard let width = self.extent(value, .columns), let height = self.extent(value, .rows)
          else { return nil }
          let seen = places.map {
            axis == .rows ? Int($0) / width % height : Int($0) % width
          }
          guard let first = seen.min(), let last = seen.max() else { return nil }
          need(value, first..<last + 1)
        case nil: return nil
        }
      }
    }
    return needed
  }

  /// Where each value begins, if the picture begins somewhere; `nil` where that is between two positions.
  private func starts(_ axis: Axis, from start: Int) -> [Value: Int]? {
    var starts = [0: start]
    for instruction in instructions {
      guard let sight = instruction.sight(axis == .rows), let first = starts[instruction.inputs[0]]
      else { return nil }
      var own = first
      switch sight {
      case .through(let window):
        guard first.isMultiple(of: window.stride) else { return nil }
        own = first / window.stride
      case .places: own = 0
      case .same: break
      }
      // What has one position for all is whole, and begins where it did.
      for value in instruction.reads.dropFirst() {
        let isAlike = extent(value, axis) == extent(instruction.output, axis)
        guard starts[value] == (isAlike ? own : 0) else { return nil }
      }
      starts[instruction.output] = own
    }
    return starts
  }

  /// How long each value is, if the picture is so long; `nil` where what belongs together is not.
  private func extents(_ axis: Axis, of picture: Int) -> [Value: Int]? {
    var extents = [0: picture]
    for instruction in instructions {
      guard let sight = instruction.sight(axis == .rows),
        let first = extents[instruction.inputs[0]]
      else { return nil }
      let own: Int
      switch sight {
      case .through(let window): own = window.outputCount(for: first)
      case .places: own = extent(instruction.output, axis) ?? 1
      case .same: own = first
      }
      for value in instruction.reads.dropFirst() {
        guard let other = extents[value],
          other == own || other == 1 && extent(value, axis) == 1
        else { return nil }
      }
      guard own > 0 else { return nil }
      extents[instruction.output] = own
    }
    return extents
  }
}

/// What a position of an instruction's result sees of what the instruction reads, along one axis.
private enum Sight {
  /// The same position, or the only one.
  case same
  case through(Window)
  /// Pixels by their numbers.
  case places([Int32])
}

extension Instruction {
  /// `nil` where that is all, or not known.
  fileprivate func sight(_ isVertical: Bool) -> Sight? {
    switch operation {
    case .convolution(let convolution):
      .through(isVertical ? convolution.vertical : convolution.horizontal)
    case .maxPool(let vertical, let horizontal), .averagePool(let vertical, let horizontal, _):
      .through(isVertical ? vertical : horizontal)
    case .lrn, .layerNormalization, .scaleShift, .add, .multiply, .activation, .concatenate, .copy:
      .same
    case .gatherRows(let places): .places(places)
    case .transposedConvolution, .attention, .tape, .replaced, .toBlocks, .toTensor, .rowsToBlocks,
      .blocksToRows:
      nil
    }
  }
}
