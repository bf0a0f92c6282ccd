import Tensors

/// What the first layer with weights, or the first Fourier transform, behind a value goes over.
enum FirstLayer: Hashable {
  /// One axis.
  case ofSignals
  /// Rows and columns of so many channels.
  case ofPlanes(channels: Int)
}

extension Graph {
  /// The most values behind an input that are looked at.
  private static let mostValues = 256

  /// What the first layer behind a value goes over; nil where that is a product with a matrix, or there is none near.
  func firstLayer(behind value: String) -> FirstLayer? {
    let readers = readers
    var (values, seen) = ([value], Set([value]))
    var next = 0
    while next < values.count, next < Self.mostValues {
      for node in readers[values[next]] ?? [] {
        switch role(of: node) {
        case _ where ["STFT", "DFT"].contains(node.type): return .ofSignals
        case .linear(.convolution):
          let weights = node.input(1).flatMap { constants[$0]?.shape }
          if weights?.rank == 3 { return .ofSignals }
          if let weights, weights.rank == 4 {
            return .ofPlanes(channels: weights[1] * max(1, node.int("group", default: 1)))
          }
        // Where one picture is put into its place in a batch, it goes on.
        case .other where node.type != "ScatterND": continue
        case .linear, .constant, .index: continue
        default: values += node.outputs.filter { seen.insert($0).inserted }
        }
      }
      next += 1
    }
    return nil
  }

  /// The first node that changes where the numbers of a value lie; what goes over each number by itself, or pads, does not.
  func firstShaping(of value: String) -> Node? {
    let readers = readers
    var (value, steps) = (value, 0)
    while steps < Self.mostValues,
      let node = readers[value]?.first(where: { !["Shape", "Size"].contains($0.type) })
    {
      guard keepsPlaces(node), let output = node.outputs.first else { return node }
      value = output
      steps += 1
    }
    return nil
  }

  /// The axes of extent 1 that are put into a value before anything else is done with its places, by where they are in the
  /// end.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - rank: How many axes it has.
  /// - Returns: Places of axes in order; nothing where none are put in.
  func axesAdded(to value: String, rank: Int) -> [Int] {
    var isNew = [Bool](repeating: false, count: rank)
    let own = value
    let first = inputs.first { $0.name == own }?.dimensions.first
    var value = own
    while isNew.count < 4, let node = firstShaping(of: value), let output = node.outputs.first {
      switch node.type {
      case "Unsqueeze":
        let axes = integers("axes", at: 1, of: node) ?? []
        let count = isNew.count + axes.count
        guard !axes.isEmpty, axes.allSatisfy({ (-count..<count).contains($0) }) else { return [] }
        for axis in axes.map({ $0 < 0 ? $0 + count : $0 }).sorted() where axis <= isNew.count {
          isNew.insert(true, at: axis)
        }
      case "Reshape":
        let extents = integers("shape", at: 1, of: node)
        // Behind other nodes, one picture's rows of sound may get their channel so.
        let isOfPicture = node.input(0) == own || first != 1 && extents?.dropFirst().first != 1
        if rank == 3, extents?.count == 4, extents?.first == 1, isOfPicture { return [0] }
        if rank == 2, let extents, let height = first ?? nil, height > 1, extents.count == 4,
          extents.prefix(3) == [1, 1, height]
        {
          return [0, 1]
        }
        return isNew.indices.filter { isNew[$0] }
      default:
        // A mean of four axes makes four of three.
        let isWider = node.inputs.contains { constants[$0]?.shape.rank == 4 }
        if isWider, case .arithmetic = role(of: node) { return Array(0..<4 - rank) }
        return isNew.indices.filter { isNew[$0] }
      }
      value = output
    }
    return isNew.indices.filter { isNew[$0] }
  }

  /// The picture that a row of numbers becomes first, where planes of as many channels are gone over next; nil where it
  /// becomes none.
  ///
  /// - Parameters:
  ///   - value: The row, N×P.
  ///   - count: How many numbers it has.
  /// - Returns: The picture's extents, and whether the channels of each pixel follow each other.
  func pictureOfRow(
    _ value: String, count: Int
  ) -> (channels: Int, height: Int, width: Int, hasChannelsLast: Bool)? {
    guard let node = firstShaping(of: value), node.type == "Reshape",
      var extents = extents(ofReshape: node, makers), extents.count == 4,
      case .ofPlanes(let channels)? = firstLayer(behind: value)
    else { return nil }
    extents.removeFirst()
    var rest = count
    for extent in extents where extent != -1 {
      guard extent > 0, rest % extent == 0 else { return nil }
      rest /= extent
    }
    if let open = extents.firstIndex(of: -1) {
      extents[open] = rest
    } else if rest != 1 {
      return nil
    }
    guard !extents.contains(-1) else { return nil }
    if extents[0] == channels { return (channels, extents[1], extents[2], false) }
    return extents[2] == channels ? (channels, extents[0], extents[1], true) : nil
  }

  /// Whether a node leaves the numbers of its first input where they are.
  private func keepsPlaces(_ node: Node) -> Bool {
    switch role(of: node) {
    case .renaming, .elementwise, .clamp, .step: true
    case .arithmetic: !node.inputs.contains { constants[$0].map { $0.shape.rank > 3 } ?? false }
    case .selection:
      node.type == "Pad"
        || node.type == "Gather" && node.int("axis", default: 0) == 0
          && node.input(1).flatMap { constants[$0]?.shape.rank } == 1
    default: false
    }
  }
}
