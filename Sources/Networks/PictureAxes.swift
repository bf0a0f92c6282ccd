package import Graphs
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
    case rows(AxisPlaces)
    case columns(AxisPlaces)
    case places(Places)
    /// Pieces of rows and columns, and of what lies there too, each faster than the one before.
    case pieces([PicturePiece])

    var isRows: Bool { if case .rows = self { true } else { false } }
    var isColumns: Bool { if case .columns = self { true } else { false } }
    /// Of rows or columns.
    var along: AxisPlaces? {
      switch self {
      case .rows(let places), .columns(let places): places
      case .places, .pieces: nil
      }
    }

    /// A list of places, or one of patches: pieces of rows and columns that are whole but for the rows and columns within.
    var places: Places? {
      switch self {
      case .places(let places): return places
      case .pieces(let pieces):
        guard pieces.count == 2, !pieces.contains(where: \.isOther),
          pieces[0].isRows != pieces[1].isRows,
          pieces.allSatisfy({ $0.stride * $0.extent == $0.all.count })
        else { return nil }
        let along = pieces.map { $0.all.stretched(to: $0.extent) }
        return Places(
          height: along[0].count, width: along[1].count, isTurned: !pieces[0].isRows,
          lines: along[0], entries: along[1])
      case .rows, .columns: return nil
      }
    }

    /// Whether something else lies among rows and columns, as channels do in a group norm that is written out.
    var isMixed: Bool {
      if case .pieces(let all) = self { all.contains(where: \.isOther) } else { false }
    }

    /// The same rows or columns at other places.
    func at(_ places: AxisPlaces?) -> Content? { places.map { isRows ? .rows($0) : .columns($0) } }
  }

  private var contents: [String: [Content?]] = [:]

  /// Follows the axes.
  ///
  /// - Parameters:
  ///   - nodes: The nodes, in the order in which they run.
  ///   - graph: Their graph.
  ///   - input: The network's input, whose last axes are rows and columns.
  ///   - shapes: The shapes of the values.
  package init(_ nodes: [Node], of graph: Graph, input: String, shapes: [String: Shape]) {
    guard let shape = shapes[input], (2...4).contains(shape.rank) else { return }
    let graph = graph.knowingLists(madeBy: nodes)
    contents[input] =
      [Content?](repeating: nil, count: shape.rank - 2)
      + [.rows(AxisPlaces(count: shape[-2])), .columns(AxisPlaces(count: shape[-1]))]
    for node in nodes {
      for output in node.outputs {
        guard let shape = shapes[output] else { continue }
        let found = contents(of: output, shape, by: node, graph, shapes)
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
      || known.contains { $0?.isRows == true } && known.contains { $0?.isColumns == true }
  }

  /// How the map of a layer lies in the picture; nil where it lies over all of it, row by row, or nothing says how.
  func placement(of value: String, _ layout: LayerLayout) -> MapPlacement? {
    guard let known = contents[value], let grid = layout.grid else { return nil }
    // What lies along the rows and the columns of the grid.
    let (down, across): (Content?, Content?)
    switch layout.form {
    case .channelsFirst where known.count == 4 && known[1] == nil:
      (down, across) = (known[2], known[3])
    case .channelsLast where known[3] == nil: (down, across) = (known[1], known[2])
    case .tokens:
      if let places = places(value, along: 1) {
        (down, across) =
          places.isTurned
          ? (.columns(places.lines), .rows(places.entries))
          : (.rows(places.lines), .columns(places.entries))
      } else {
        (down, across) = grid.height > 1 ? (known[1], nil) : (nil, known[1])
      }
    default: return nil
    }
    let isTurned = down?.isColumns == true || across?.isRows == true
    let whole = [grid.height, grid.width].map { AxisPlaces(count: $0) }
    let (lines, entries) = (down?.along ?? whole[0], across?.along ?? whole[1])
    // A grid that was guessed is not what is known here.
    guard lines.count == grid.height, entries.count == grid.width,
      isTurned || !lines.isWhole || !entries.isWhole
    else { return nil }
    return MapPlacement(
      isTurned: isTurned, rows: isTurned ? entries : lines, columns: isTurned ? lines : entries)
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
      case .pieces(let pieces)?: Set(pieces.map(\.isRows)).count > 1
      case .rows?, .columns?, nil: false
      }
    } ?? false
  }

  // MARK: Following

  /// Whether two axes are columns and rows, rather than rows and columns; nil where they are neither.
  private static func turning(of axes: [Content?]) -> Bool? {
    guard axes.count == 2, let first = axes[0], let second = axes[1] else { return nil }
    return first.isRows && second.isColumns ? false : first.isColumns && second.isRows ? true : nil
  }

  private func contents(
    of output: String, _ shape: Shape, by node: Node, _ graph: Graph, _ shapes: [String: Shape]
  ) -> [Content?]? {
    let sources = node.inputs.compactMap {
      name -> (name: String, known: [Content?], shape: Shape)? in
      guard let known = contents[name], let shape = shapes[name] else { return nil }
      return (name, known, shape)
    }
    guard let first = sources.first else { return nil }
    if node.type == "Transpose" {
      let order = node.ints("perm") ?? first.known.indices.reversed()
      return order.map { first.known[$0] }
    }
    let role = graph.role(of: node)
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
      if content.along != nil {
        // Of what is put together at different places, what lies where the picture does.
        let alike = sources.compactMap { other -> Content? in
          guard other.shape.rank == shape.rank, other.shape[axis] == source.shape[axis],
            let known = other.known[axis], known.isRows == content.isRows
          else { return nil }
          return known
        }
        content = alike.first { $0.along?.isWhole == true } ?? content
        return content.at(
          moved(
            content, along: axis, of: source.shape, to: shape[axis], as: output, by: node, graph,
            shapes))
      }
      if role == .selection, node.takesInOtherOrder(axis, of: source.shape, graph) { return nil }
      if shape[axis] == source.shape[axis] { return content }
      guard var places = content.places else { return nil }
      // Of two lists neither is the picture's alone.
      if role == .concatenation, sources.count > 1,
        sources.count(where: { self.places($0.name, along: axis) != nil }) > 1
      {
        return nil
      }
      let start: Int?
      switch node.selection(along: axis, of: source.shape, as: output, graph, shapes) {
      case _ where role == .concatenation:
        start = extents(of: node, along: axis, together: shape[axis], graph, shapes).map {
          zip(node.inputs, $0).prefix { $0.0 != source.name }.reduce(0) { $0 + $1.1 }
        }
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
    by node: Node, _ graph: Graph, _ shapes: [String: Shape]
  ) -> AxisPlaces? {
    guard let places = content.along else { return nil }
    if let window = node.window(along: axis - 2, graph) {
      return places.windowed(reach: window.reach, pads: window.pads, count: count)
    }
    switch graph.role(of: node) {
    case .concatenation
    where node.int("axis", default: 1) == axis
      || node.int("axis", default: 1) == axis - shape.rank:
      guard let extents = extents(of: node, along: axis, together: count, graph, shapes) else {
        return nil
      }
      return .joined(
        zip(node.inputs, extents).map { name, extent in
          let own = contents[name]?[checked: axis] ?? nil
          return (own?.isRows == content.isRows ? own?.along : nil, extent)
        })
    case .selection:
      return node.selection(along: axis, of: shape, as: output, graph, shapes).map {
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

  /// How much each input of a concatenation adds along an axis.
  ///
  /// One that follows from constants, as a class token that is expanded, has no shape here and is the rest.
  private func extents(
    of node: Node, along axis: Int, together all: Int, _ graph: Graph, _ shapes: [String: Shape]
  ) -> [Int]? {
    let known = node.inputs.map { name -> Int? in
      (shapes[name] ?? graph.constants[name]?.tensor.shape).flatMap {
        $0.rank > axis ? $0[axis] : nil
      }
    }
    let rest = all - known.reduce(0) { $0 + ($1 ?? 0) }
    guard known.count(where: { $0 == nil }) == (rest > 0 ? 1 : 0), rest >= 0 else { return nil }
    return known.map { $0 ?? rest }
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
    case .rows(let places)? where places.count == extent:
      [PicturePiece(isRows: true, all: places)]
    case .columns(let places)? where places.count == extent:
      [PicturePiece(isRows: false, all: places)]
    case .places(let places)? where places.count == extent:
      [
        PicturePiece(isRows: !places.isTurned, all: places.lines),
        PicturePiece(isRows: places.isTurned, all: places.entries),
      ]
    case .pieces(let pieces)?: pieces
    case nil: [PicturePiece(others: extent)]
    case .rows?, .columns?, .places?: nil
    }
  }

  /// Pieces as what they are together; nil where none is of rows or columns.
  private static func content(_ pieces: [PicturePiece]) -> Content? {
    let joined = PicturePiece.joined(pieces)
    guard !joined.contains(where: \.isOther) else {
      return joined.allSatisfy(\.isOther) ? nil : .pieces(joined)
    }
    guard joined.allSatisfy(\.isWhole) else { return .pieces(joined) }
    if joined.count == 1 {
      return joined[0].isRows ? .rows(joined[0].all) : .columns(joined[0].all)
    }
    guard joined.count == 2, joined[0].isRows != joined[1].isRows else { return .pieces(joined) }
    return .places(
      Places(
        height: joined[0].extent, width: joined[1].extent, isTurned: !joined[0].isRows,
        lines: joined[0].all, entries: joined[1].all))
  }
}

extension Network {
  /// Which axes the rows and columns of the picture lie along, of shapes that `shapes(inputShape:)` returned.
  package func pictureAxes(in shapes: [String: Shape]) -> PictureAxes {
    PictureAxes(graph.nodes, of: graph, input: input.name, shapes: shapes)
  }
}
