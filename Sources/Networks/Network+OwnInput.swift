import Graphs
public import Tensors

extension Network {
  /// How the file has its input.
  public var inputAxes: InputAxes {
    if let shapedAxes { return shapedAxes }
    let d = input.dimensions
    return isChannelsLast && d.count == 4
      ? InputAxes(extents: [d[0], d[2], d[3], d[1]], order: [0, 2, 3, 1])
      : InputAxes(extents: d)
  }

  /// Numbers as the file takes them as what is fed, N×C×H×W.
  ///
  /// - Parameter numbers: The extents of `inputAxes`; those that the file leaves open are any.
  /// - Returns: N×C×H×W: of a signal N×C×1×L, of a volume N×(C·D)×H×W.
  /// - Throws: `NetworkError.inputValue` for any other shape.
  public func fed(_ numbers: Tensor) throws -> Tensor {
    let shape = try fedShape(ofNumbers: numbers.shape)
    return ordered(numbers).reshaped(shape)
  }

  /// Numbers as the file takes them, their axes in the order of what is fed.
  package func ordered(_ numbers: Tensor) -> Tensor {
    guard let order = inputAxes.order else { return numbers }
    let extents = input.dimensions.dropFirst().compactMap(\.self)
    guard form == .row, extents.count == 3 else { return numbers.transposed(order.inverse) }
    // A row that ends each pixel with its last channel.
    return numbers.reshaped([numbers.shape[0], extents[1], extents[2], extents[0]])
      .transposed(order.inverse)
  }

  /// The shape of what is fed, of numbers as the file takes them.
  ///
  /// - Parameter shape: The extents of `inputAxes`; those that the file leaves open are any.
  /// - Returns: N×C×H×W.
  /// - Throws: `NetworkError.inputValue` for any other shape.
  package func fedShape(ofNumbers shape: Shape) throws -> Shape {
    let axes = inputAxes
    guard shape.rank == axes.extents.count,
      zip(shape.dimensions, axes.extents).enumerated().allSatisfy({ axis, extents in
        extents.1 == nil || extents.0 == extents.1 || mayDiffer(axis, among: axes)
      }),
      case let order = (form == .row ? nil : axes.order)?.inverse
        ?? Array(shape.dimensions.indices),
      let fed = fedShape(of: Shape(order.map { shape[$0] }))
    else {
      throw NetworkError.inputValue(
        input.name, reason: "is \(inputAxesInWords), and what is given is \(shape)")
    }
    return fed
  }

  /// Whether an axis is the batch or one of positions, whose declared extent is its default only: the graph says
  /// whether it takes another.
  private func mayDiffer(_ axis: Int, among axes: InputAxes) -> Bool {
    let place = axes.order.map { $0[axis] } ?? axis
    switch form {
    case .picture: return place != 1
    case .signal: return place == axes.extents.count - 1 || place == 0
    case .spectrogram: return true
    case .volume: return place > 2 || place == 0
    case .row: return place == 0
    case .unbatched: return false
    }
  }

  /// N×C×H×W of what has the file's extents in the order of what is fed.
  private func fedShape(of shape: Shape) -> Shape? {
    let d = shape.dimensions
    switch form {
    case .picture: return d.count == 4 ? shape : nil
    case .row:
      let extents = input.dimensions.dropFirst().compactMap(\.self)
      guard extents.count == 3, d.count == 2, d[1] == extents.reduce(1, *) else { return nil }
      return Shape([d[0]] + extents)
    case .unbatched: return Shape([Int](repeating: 1, count: 4 - d.count) + d)
    case .signal:
      switch d.count {
      case 1: return [1, 1, 1, d[0]]
      case 2: return [d[0], 1, 1, d[1]]
      default: return d.count == 3 ? [d[0], d[1], 1, d[2]] : nil
      }
    case .spectrogram: return d.count == 3 ? [d[0], 1, d[1], d[2]] : nil
    case .volume(let volume):
      guard d.count == 5, [d[1], d[2]] == volume.bandAxes else { return nil }
      return [d[0], d[1] * d[2], d[3], d[4]]
    }
  }

  /// The file's extents in words, `any×2×96`; of the axes of a volume's slices and channels what they are read as.
  public var inputAxesInWords: String {
    let axes = inputAxes
    var words = axes.extents.map { $0.map(String.init) ?? "any" }
    if case .volume(let volume) = form, let slices = sliceAxis {
      let places = axes.order.map { $0.inverse } ?? [0, 1, 2, 3, 4]
      words[places[volume.isSliceBySlice ? 2 : 1]] = "\(volume.channels)"
      if !leavesSlicesOpen { words[slices] = "\(volume.depth)" }
    }
    return words.joined(separator: "×")
  }
}

extension InputAxes {
  /// What is fed, or a map of its extents, as the file has it.
  ///
  /// - Parameters:
  ///   - fed: N×C×H×W as `Network.fed(_:)` returns it.
  ///   - form: What the file takes.
  /// - Returns: The file's own axes.
  public func asInFile(_ fed: Tensor, _ form: InputForm) -> Tensor {
    let shape = fed.shape
    if form == .row {
      return (order.map { fed.transposed($0) } ?? fed)
        .reshaped([shape[0], shape.count / max(1, shape[0])])
    }
    let cut: Shape =
      switch form {
      case .picture, .row: shape
      case .unbatched: Shape(Array(shape.dimensions.suffix(extents.count)))
      case .signal:
        // N×C×L, N×L or L.
        Shape(
          Array(
            [shape[0], shape[1], shape[3]].enumerated().filter { place, _ in
              extents.count == 3 || place == 2 || extents.count == 2 && place == 0
            }.map(\.element)))
      case .spectrogram: [shape[0], shape[2], shape[3]]
      case .volume(let volume): Shape([shape[0]] + volume.bandAxes + [shape[2], shape[3]])
      }
    let ordered = fed.reshaped(cut)
    return order.map { ordered.transposed($0) } ?? ordered
  }
}
