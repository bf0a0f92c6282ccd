import Graphs
public import Tensors

extension Network {
  /// The maps that go into a detector's head, one for each scale, as values of the graph.
  ///
  /// The head is the innermost module that all convolutions just before the scores belong to; what goes into it is
  /// what class activation maps of detectors are made of. Source: Ultralytics, pull request 25548. Where no module holds
  /// them all, a head begins behind the last map that something else reads, too, or that is put together of several.
  ///
  /// - Parameters:
  ///   - scores: Where the network scores classes.
  ///   - shapes: What `shapes(inputShape:)` returned.
  /// - Returns: Empty where the scores are of one convolution, or heads of several scales begin at one map.
  public func headMaps(of scores: ClassScores, in shapes: [String: Shape]) -> [String] {
    var names: [String: String] = [:]
    for layer in layers where layer.name.count > names[layer.value]?.count ?? -1 {
      names[layer.value] = layer.name
    }
    let last = reached(from: scores.heads.map(\.value)) { node in
      graph.role(of: node).isConvolution
    }
    let modules = last.compactMap { node in
      names[node.outputs[0]]?.split(separator: ".").dropLast().map(String.init)
    }
    guard last.count > 1 else { return [] }
    guard let first = modules.first, modules.count > 1 else { return forks(before: last, shapes) }
    let common = first.indices.prefix { place in
      modules.allSatisfy { $0.indices.contains(place) && $0[place] == first[place] }
    }
    guard !common.isEmpty else { return forks(before: last, shapes) }
    let head = first.prefix(common.count).joined(separator: ".") + "."
    let entries = reached(from: last.compactMap { $0.input(0) }) { node in
      !(names[node.outputs[0]] ?? "").hasPrefix(head)
    }
    return entries.map { $0.outputs[0] }.filter { shapes[$0]?.rank == 4 }
  }

  /// For each of some nodes the last map before it that has another reader or is made of several maps.
  private func forks(before nodes: [Node], _ shapes: [String: Shape]) -> [String] {
    let readers = graph.readers
    let maps = nodes.compactMap { node -> String? in
      guard var value = node.input(0) else { return nil }
      while readers[value]?.count == 1, let place = makers[value] {
        let sources = graph.nodes[place].inputs.filter { shapes[$0]?.rank == 4 }
        guard sources.count == 1 else { break }
        value = sources[0]
      }
      return shapes[value]?.rank == 4 && value != input.name ? value : nil
    }
    return Set(maps).count == nodes.count ? maps : []
  }

  /// The first nodes of a kind on all ways back from some values, in the order of the graph.
  private func reached(from values: [String], _ isWanted: (Node) -> Bool) -> [Node] {
    var found = Set<Int>()
    var seen = Set<String>()
    var pending = values
    while let value = pending.popLast() {
      guard seen.insert(value).inserted, let place = makers[value] else { continue }
      if isWanted(graph.nodes[place]) {
        found.insert(place)
      } else {
        pending += graph.nodes[place].inputs
      }
    }
    return found.sorted().map { graph.nodes[$0] }
  }
}
