import Graphs
package import Tensors

/// Which axes of a graph's values the rows and columns of the picture lie along, as far as that can be followed.
///
/// Transpositions, changes of shape, what cuts, pads, mirrors or rolls, and what stands before and behind lists of places
/// are followed; rows and columns that are cut into pieces, as for windows, until they are put together again.
package struct PictureAxes {
  /// A list of places, one after the other, among other things.
  package struct Places: Hashable, Sendable {
    /// The number of the first place in the list.
    package var first = 0
    /// How many lines of places there are, and how many places each has.
    package let height, width: Int
    /// Whether the lines are the picture's columns.
    let isTurned: Bool
    /// Where in the picture the lines lie, and the places of each.
    let lines, entries: AxisPlaces

    var count: Int { height * width }
  }

  /// What lies along an axis.
  private enum Content: Hashable {
    /// Slices, rows or columns.
    case entries(PictureAxis, AxisPlaces)
    case places(Places)
    /// Pieces of several axes or of one, and of channels among them, each faster than the one before.
    case pieces([PicturePiece])

    /// Of slices, rows or columns.
    var axis: PictureAxis? { if case .entries(let axis, _) = self { axis } else { nil } }
    var along: AxisPlaces? { if case .entries(_, let places) = self { places } else { nil } }

    /// Rows, of which each stands for several that are told apart along another axis, as behind a pixel unshuffle.
    var coarse: Content? {
      guard case .pieces(let pieces) = self, pieces.count == 1, pieces[0].isCoarse else {
        return nil
      }
      return .entries(pieces[0].axis, pieces[0].all.stretched(to: pieces[0].extent))
    }

    /// A list of places, or one of patches: pieces of rows and columns that are whole but for the rows and columns within.
    var places: Places? {
      switch self {
      case .places(let places): return places
      case .pieces(let pieces):
        guard PictureAxes.isPlane(pieces), pieces.allSatisfy(\.isCoarse) else { return nil }
        let along = pieces.map { $0.all.stretched(to: $0.extent) }
        return Places(
          height: along[0].count, width: along[1].count, isTurned: pieces[0].axis == .columns,
          lines: along[0], entries: along[1])
      case .entries: return nil
      }
    }

    /// Whether channels lie among rows and columns, as in a group norm that is written out.
    var isMixed: Bool {
      if case .pieces(let all) = self { all.contains { $0.axis == .channels } } else { false }
    }

    /// The same rows or columns at other places.
    func at(_ places: AxisPlaces?) -> Content? {
      axis.flatMap { axis in places.map { .entries(axis, $0) } }
    }
  }

  private var contents: [String: [Content?]] = [:]

  /// Follows the axes.
  ///
  /// - Parameters:
  ///   - network: The network, whose input's last axes are rows and columns.
  ///   - operands: What is known of its graph's values.
  init(of network: Network, _ operands: Operands) {
    let input = network.input.name
    guard let shape = operands.shapes[input], (2...4).contains(shape.rank) else { return }
    var known =
      [Content?](repeating: nil, count: shape.rank - 2)
      + [
        .entries(.rows, AxisPlaces(count: shape[-2])),
        .entries(.columns, AxisPlaces(count: shape[-1])),
      ]
    if case .volume(let volume) = network.form, known.count == 4,
      shape[1] == volume.channels * volume.depth
    {
      let pieces = [
        PicturePiece(axis: .channels, all: AxisPlaces(count: volume.channels)),
        PicturePiece(axis: .slices, all: AxisPlaces(count: volume.depth)),
      ]
      known[1] = Self.content(volume.isSliceBySlice ? pieces.reversed() : pieces)
    }
    contents[input] = known
    for node in operands.graph.nodes {
      for output in node.outputs {
        guard let shape = operands.shapes[output] else { continue }
        let found = contents(of: output, shape, by: node, operands)
        if let found, found.contains(where: { $0 != nil }) { contents[output] = found }
      }
    }
  }

  /// Whether rows and columns lie along the last two axes of a value, in either order.
  package func isPlane(_ value: String) -> Bool {
    Self.turning(of: Array(contents[value]?.suffix(2) ?? [])) != nil
  }

  /// Whether a value has all places, along one axis or two.
  package func hasPlaces(_ value: String) -> Bool {
    let known = contents[value] ?? []
    return known.indices.contains { places(value, along: $0) != nil }
      || known.contains { $0?.axis == .rows } && known.contains { $0?.axis == .columns }
  }

  /// How the map of a layer lies in the picture; nil where it lies over all of it, row by row, or nothing says how.
  func placement(of value: String, _ layout: LayerLayout) -> MapPlacement? {
    guard let known = contents[value], let grid = layout.grid else { return nil }
    // What lies along the slices, rows and columns of the grid.
    var found: [Content?]
    switch layout.form {
    case .channelsFirst where known.count > 2 && known[1]?.isMixed ?? true:
      found = Array(known.dropFirst(2).suffix(grid.depth > 1 ? 3 : 2))
    case .channelsLast where known[3]?.isMixed ?? true: found = Array(known[1...2])
    case .tokens:
      if let places = places(value, along: 1) {
        let axes: [PictureAxis] = places.isTurned ? [.columns, .rows] : [.rows, .columns]
        found = [.entries(axes[0], places.lines), .entries(axes[1], places.entries)]
      } else if grid.isLine {
        let line = known[1]?.along?.selecting(Array(layout.tokensWithPlaces))
        found = [known[1]?.at(line)]
      } else {
        found = grid.height > 1 ? [known[1], nil] : [nil, known[1]]
      }
    default: return nil
    }
    // A signal is a row.
    if grid.isLine { found = [nil] + found }
    return MapPlacement(
      found.map { ($0?.coarse ?? $0)?.axis }, found.map { ($0?.coarse ?? $0)?.along }, grid)
  }

  /// Which part of a list along an axis is the places of the picture.
  package func places(_ value: String, along axis: Int) -> Places? {
    contents[value]?[axis]?.places
  }

  /// Whether places, or pieces of rows and columns, lie along an axis in another order than line by line.
  func isScattered(_ value: String, along axis: Int) -> Bool {
    guard case .pieces? = contents[value]?[axis], contents[value]?[axis]?.isMixed == false else {
      return false
    }
    return places(value, along: axis) == nil
  }

  /// Whether a list of places lies along one of a value's axes, so that no two of them are rows and columns.
  func hasList(_ value: String) -> Bool {
    contents[value]?.contains { if case .places? = $0 { true } else { false } } ?? false
  }

  /// Whether places of the picture lie along some axis of a value that are neither rows nor columns alone: a list of them,
  /// or pieces of both.
  func hasBlocks(_ value: String) -> Bool {
    contents[value]?.contains {
      switch $0 {
      case .places?: true
      // Of rows alone it is a coarser grid.
      case .pieces(let pieces)?: Set(pieces.map(\.axis)).isSuperset(of: [.rows, .columns])
      case .entries?, nil: false
      }
    } ?? false
  }

  // MARK: Following

  /// Whether two axes are columns and rows, rather than rows and columns; nil where they are neither.
  private static func turning(of axes: [Content?]) -> Bool? {
    guard axes.count == 2, let first = axes[0], let second = axes[1] else { return nil }
    return switch (first.axis, second.axis) {
    case (.rows, .columns): false
    case (.columns, .rows): true
    default: nil
    }
  }

  private func contents(
    of output: String, _ shape: Shape, by node: Node, _ operands: Operands
  ) -> [Content?]? {
    let sources = node.inputs.compactMap {
      name -> (name: String, known: [Content?], shape: Shape)? in
      guard let known = contents[name], let shape = operands.shapes[name] else { return nil }
      return (name, known, shape)
    }
    guard let first = sources.first else { return nil }
    if node.type == "Transpose" {
      let order = node.ints("perm") ?? first.known.indices.reversed()
      return order.map { first.known[$0] }
    }
    let role = operands.graph.role(of: node)
    // One of what lies along an axis is left.
    if node.type == "Gather", first.name == node.inputs[0], shape.rank == first.shape.rank - 1 {
      var known = first.known
      let axis = node.int("axis", default: 0)
      let place = axis < 0 ? axis + known.count : axis
      guard known.indices.contains(place) else { return nil }
      known.remove(at: place)
      return known
    }
    if role == .reshaping { return Self.regrouped(first.known, from: first.shape, to: shape) }
    let isProduct = node.type == "MatMul"
    let source = isProduct ? first : sources.first { $0.shape == shape } ?? first
    guard source.shape.rank == shape.rank, node.type != "Einsum" else { return nil }
    return shape.dimensions.indices.map { axis in
      guard shape[axis] > 1 else { return nil }
      // The rows of a product are those of its first factor, the columns those of its second.
      if isProduct, axis == shape.rank - (source.name == node.inputs[0] ? 1 : 2) { return nil }
      guard var content = source.known[axis] else { return nil }
      if content.isMixed, !Self.keepsMixtures(role) { return nil }
      if let coarse = content.coarse,
        shape[axis] != source.shape[axis] || node.window(along: axis - 2, operands) != nil
          || role == .selection && node.takesInOtherOrder(axis, of: source.shape, operands)
      {
        content = coarse
      }
      if content.along != nil {
        // Of what is put together at different places, what lies where the picture does.
        let alike = sources.compactMap { other -> Content? in
          guard other.shape.rank == shape.rank, other.shape[axis] == source.shape[axis],
            let known = other.known[axis], known.axis == content.axis
          else { return nil }
          return known
        }
        content = alike.first { $0.along?.isWhole == true } ?? content
        return content.at(
          moved(
            content, along: axis, of: source.shape, to: shape[axis], as: output, by: node, operands)
        )
      }
      if role == .selection, node.takesInOtherOrder(axis, of: source.shape, operands) { return nil }
      if shape[axis] == source.shape[axis] { return content }
      guard var places = content.places else { return nil }
      // Of two lists neither is the picture's alone.
      if role == .concatenation, sources.count > 1,
        sources.count(where: { self.places($0.name, along: axis) != nil }) > 1
      {
        return nil
      }
      let start: Int?
      switch node.selection(along: axis, of: source.shape, as: output, operands) {
      case _ where role == .concatenation:
        start = extent(before: source.name, in: node, along: axis, operands)
      case .steps(let first, 1)? where node.type == "Slice": start = -first
      case .padding(let before, _)? where role == .selection: start = before
      default: start = nil
      }
      guard let start else { return nil }
      places.first += start
      return places.first >= 0 && places.first + places.count <= shape[axis] ? .places(places) : nil
    }
  }

  /// Whether what lies along an axis, channels among it, does so behind a node too.
  private static func keepsMixtures(_ role: Role) -> Bool {
    switch role {
    case .elementwise, .gate, .clamp, .step, .arithmetic, .combination, .renaming, .normalization:
      true
    default: false
    }
  }

  /// Where the rows or columns along an axis lie behind a node.
  private func moved(
    _ content: Content, along axis: Int, of shape: Shape, to count: Int, as output: String,
    by node: Node, _ operands: Operands
  ) -> AxisPlaces? {
    guard let places = content.along else { return nil }
    if let window = node.window(along: axis - 2, operands) {
      return places.windowed(
        reach: window.reach, stride: window.stride, pads: window.pads, count: count)
    }
    switch operands.graph.role(of: node) {
    case .concatenation
    where node.int("axis", default: 1) == axis
      || node.int("axis", default: 1) == axis - shape.rank:
      var parts: [(AxisPlaces?, Int)] = []
      for name in node.inputs {
        guard let part = operands.shape(name), part.rank > axis else { return nil }
        let own = contents[name]?[checked: axis] ?? nil
        parts.append((own?.axis == content.axis ? own?.along : nil, part[axis]))
      }
      return .joined(parts)
    case .selection:
      return node.selection(along: axis, of: shape, as: output, operands).map {
        switch $0 {
        case .all: places.stretched(to: count)
        case .steps(let start, let step): places.stepping(from: start, by: step, count: count)
        case .indices(let indices): places.selecting(indices)
        case .padding(let before, let after): places.padded(before, after)
        }
      } ?? nil
    default: return places.stretched(to: count)
    }
  }

  /// How much stands before an input in a concatenation.
  private func extent(
    before name: String, in node: Node, along axis: Int, _ operands: Operands
  ) -> Int? {
    var sum = 0
    for input in node.inputs.prefix(while: { $0 != name }) {
      guard let shape = operands.shape(input), shape.rank > axis else { return nil }
      sum += shape[axis]
    }
    return sum
  }

  /// What lies along the axes of a shape that holds the same elements in the same order.
  private static func regrouped(
    _ known: [Content?], from old: Shape, to new: Shape
  ) -> [Content?] {
    var result = [Content?](repeating: nil, count: new.rank)
    let sources = old.dimensions.indices.filter { old[$0] > 1 }
    let targets = new.dimensions.indices.filter { new[$0] > 1 }
    var (i, j) = (0, 0)
    while i < sources.count, j < targets.count {
      // The fewest axes of each that hold as many elements.
      var (ends, product) = ((i + 1, j + 1), (old[sources[i]], new[targets[j]]))
      while product.0 != product.1 {
        if product.0 < product.1, ends.0 < sources.count {
          product.0 &*= old[sources[ends.0]]
          ends.0 += 1
        } else if product.1 < product.0, ends.1 < targets.count {
          product.1 &*= new[targets[ends.1]]
          ends.1 += 1
        } else {
          return result
        }
      }
      let (from, to) = (sources[i..<ends.0], targets[j..<ends.1])
      let moved = regrouped(
        from.map { known[$0] }, from.map { old[$0] }, to: to.map { new[$0] })
      for (target, content) in zip(to, moved) { result[target] = content }
      (i, j) = ends
    }
    return result
  }

  private static func regrouped(
    _ known: [Content?], _ old: [Int], to new: [Int]
  ) -> [Content?] {
    if known.count == 1, new.count == 1 { return known }
    let found = zip(known, old).compactMap { pieces(of: $0, extent: $1) }
    guard found.count == known.count,
      let split = PicturePiece.split(found.flatMap { $0 }, into: new)
    else { return [Content?](repeating: nil, count: new.count) }
    return split.map(content)
  }

  /// What lies along an axis, in pieces; nil where it is a part of a list.
  private static func pieces(of content: Content?, extent: Int) -> [PicturePiece]? {
    switch content {
    case .entries(let axis, let places)? where places.count == extent:
      [PicturePiece(axis: axis, all: places)]
    case .places(let places)? where places.count == extent:
      [
        PicturePiece(axis: places.isTurned ? .columns : .rows, all: places.lines),
        PicturePiece(axis: places.isTurned ? .rows : .columns, all: places.entries),
      ]
    case .pieces(let pieces)?: pieces
    case nil: [PicturePiece(axis: .channels, all: AxisPlaces(count: extent))]
    case .entries?, .places?: nil
    }
  }

  /// Pieces as what they are together; nil where none is of slices, rows or columns.
  private static func content(_ pieces: [PicturePiece]) -> Content? {
    let joined = PicturePiece.joined(pieces.filter { $0.extent > 1 })
    guard joined.contains(where: { $0.axis != .channels }) else { return nil }
    guard joined.allSatisfy(\.isWhole) else { return .pieces(joined) }
    if joined.count == 1 { return .entries(joined[0].axis, joined[0].all) }
    guard isPlane(joined) else { return .pieces(joined) }
    return .places(
      Places(
        height: joined[0].extent, width: joined[1].extent, isTurned: joined[0].axis == .columns,
        lines: joined[0].all, entries: joined[1].all))
  }

  /// Whether pieces are one of rows and one of columns.
  private static func isPlane(_ pieces: [PicturePiece]) -> Bool {
    pieces.count == 2 && Set(pieces.map(\.axis)) == [.rows, .columns]
  }
}

extension Network {
  /// Which axes the rows and columns of the picture lie along, of shapes that `shapes(inputShape:)` returned.
  package func pictureAxes(in shapes: [String: Shape]) -> PictureAxes {
    PictureAxes(of: self, Operands(of: self, in: shapes))
  }
}
