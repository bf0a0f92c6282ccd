package import Graphs
package import Tensors

/// Which axes of a graph's values the rows and columns of the picture lie along, as far as that can be followed.
///
/// Transpositions, changes of shape and what stands before and behind lists of places are followed; what cuts rows or
/// columns into pieces ends it.
package struct PictureAxes {
  /// A list of places, one after the other, among other things.
  package struct Places: Hashable, Sendable {
    /// The number of the first place in the list.
    package var first = 0
    /// How many lines of places there are, and how many places each has.
    package let height, width: Int
    /// Whether the lines are the picture's columns.
    let isTurned: Bool

    var count: Int { height * width }
  }

  /// What lies along an axis.
  private enum Content: Hashable {
    case rows
    case columns
    case places(Places)
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
    contents[input] = [Content?](repeating: nil, count: shape.rank - 2) + [.rows, .columns]
    for node in nodes {
      for output in node.outputs {
        guard let shape = shapes[output] else { continue }
        let found = contents(of: shape, by: node, graph, shapes)
        if let found, found.contains(where: { $0 != nil }) { contents[output] = found }
      }
    }
  }

  /// Whether rows and columns lie along the last two axes of a value, in either order.
  package func isPlane(_ value: String) -> Bool {
    let last = contents[value]?.suffix(2) ?? []
    return last == [.rows, .columns] || last == [.columns, .rows]
  }

  /// Whether a value has all places, along one axis or two.
  package func hasPlaces(_ value: String) -> Bool {
    let known = contents[value] ?? []
    return known.indices.contains { places(value, along: $0) != nil }
      || known.contains(.rows) && known.contains(.columns)
  }

  /// Whether the rows of a layer's grid are the picture's columns.
  func isTurned(_ value: String, _ layout: LayerLayout) -> Bool {
    guard let known = contents[value], let grid = layout.grid else { return false }
    switch layout.form {
    case .channelsFirst where known.count == 4 && known[1] == nil:
      return known[2] == .columns || known[3] == .rows
    case .channelsLast where known[3] == nil: return known[1] == .columns || known[2] == .rows
    case .tokens:
      if let places = places(value, along: 1) { return places.isTurned }
      return known[1] == .columns && grid.height > 1 || known[1] == .rows && grid.width > 1
    default: return false
    }
  }

  /// Which part of a list along an axis is the places of the picture.
  package func places(_ value: String, along axis: Int) -> Places? {
    guard case .places(let places)? = contents[value]?[axis] else { return nil }
    return places
  }

  // MARK: Following

  private func contents(
    of shape: Shape, by node: Node, _ graph: Graph, _ shapes: [String: Shape]
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
    if role == .reshaping { return Self.regrouped(first.known, from: first.shape, to: shape) }
    let isProduct = node.type == "MatMul"
    let source = isProduct ? first : sources.first { $0.shape == shape } ?? first
    guard source.shape.rank == shape.rank, node.type != "Einsum" else { return nil }
    return shape.dimensions.indices.map { axis in
      guard shape[axis] > 1 else { return nil }
      // The rows of a product are those of its first factor, the columns those of its second.
      if isProduct, axis == shape.rank - (source.name == node.inputs[0] ? 1 : 2) { return nil }
      if role == .selection, isReordered(axis, of: source.shape, by: node, graph) { return nil }
      guard case .places(var places)? = source.known[axis] else { return source.known[axis] }
      if shape[axis] == source.shape[axis] { return .places(places) }
      // Of two lists neither is the picture's alone.
      if role == .concatenation, sources.count > 1,
        sources.count(where: { self.places($0.name, along: axis) != nil }) > 1
      {
        return nil
      }
      guard
        let start = role == .concatenation
          ? extent(before: source.name, in: node, along: axis, graph, shapes)
          : slice(of: node, along: axis, source.shape, graph).flatMap({
            $0.step == 1 ? -$0.start : nil
          })
      else { return nil }
      places.first += start
      return places.first >= 0 && places.first + places.count <= shape[axis] ? .places(places) : nil
    }
  }

  /// Whether a selection takes what lies along an axis in another order.
  private func isReordered(_ axis: Int, of shape: Shape, by node: Node, _ graph: Graph) -> Bool {
    switch node.type {
    case "Slice": (slice(of: node, along: axis, shape, graph)?.step ?? 1) < 0
    case "Gather":
      node.int("axis", default: 0) == axis || node.int("axis", default: 0) == axis - shape.rank
    default: node.type.hasPrefix("Gather")
    }
  }

  /// How much stands before an input in a concatenation.
  private func extent(
    before name: String, in node: Node, along axis: Int, _ graph: Graph, _ shapes: [String: Shape]
  ) -> Int? {
    var sum = 0
    for input in node.inputs.prefix(while: { $0 != name }) {
      guard let shape = shapes[input] ?? graph.constants[input]?.tensor.shape, shape.rank > axis
      else { return nil }
      sum += shape[axis]
    }
    return sum
  }

  /// Where a slice begins along an axis, and its step; nil where it takes all of it, or nothing says what.
  private func slice(
    of node: Node, along axis: Int, _ shape: Shape, _ graph: Graph
  ) -> (start: Int, step: Int)? {
    guard node.type == "Slice" else { return nil }
    func numbers(_ attribute: String, _ position: Int) -> [Int]? {
      let most = 1 << 30
      return node.ints(attribute)?.map { min(max($0, -most), most) }
        ?? node.input(position).flatMap { graph.constants[$0]?.tensor.scalars }?.map {
          $0.isFinite ? Int(min(max($0, Float(-most)), Float(most))) : 0
        }
    }
    guard let starts = numbers("starts", 1) else { return nil }
    guard let axes = numbers("axes", 3) ?? (node.input(3) == nil ? Array(starts.indices) : nil)
    else { return nil }
    guard let place = axes.firstIndex(where: { $0 == axis || $0 == axis - shape.rank }),
      let start = starts[checked: place]
    else { return nil }
    let step = numbers("steps", 4)?[checked: place] ?? 1
    return (min(max(start < 0 ? start + shape[axis] : start, 0), shape[axis]), step)
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
    if known.count == 1, case .places(let places)? = known[0], new == [places.height, places.width]
    {
      return places.isTurned ? [.columns, .rows] : [.rows, .columns]
    }
    if new.count == 1, known == [.rows, .columns] || known == [.columns, .rows] {
      return [.places(Places(height: old[0], width: old[1], isTurned: known[0] == .columns))]
    }
    return [Content?](repeating: nil, count: new.count)
  }
}

extension Network {
  /// The values whose rows are the picture's columns.
  ///
  /// - Parameter shapes: What `shapes(inputShape:)` returned.
  /// - Returns: Names of the graph's values; none of signals and volumes.
  package func turnedValues(in shapes: [String: Shape]) -> Set<String> {
    guard positionAxes == 2 else { return [] }
    let axes = PictureAxes(graph.nodes, of: graph, input: input.name, shapes: shapes)
    return Set(layouts(in: shapes).filter { axes.isTurned($0.key, $0.value) }.keys)
  }
}
