import Graphs
import Networks
import Tensors

/// Which channels a channel is wired to most strongly: by the weights between them, the root of the sum of their
/// squares over a window, with the sign of their sum.
///
/// What keeps channels apart (rectifiers, pooling, normalization, sums, concatenations) is walked through. Weights say what
/// could flow, not what does.
struct Wiring {
  /// A channel at the other end.
  struct Link: Hashable {
    let layer: String
    let channel: Int
    /// The weight between the two.
    let weight: Float
  }

  /// A channel of a value of the graph.
  private struct Wire: Hashable {
    let value: String
    let channel: Int
  }

  private let graph: Graph
  private let makers: [String: Int]
  private let layers: [String: MicroscopeLayer]
  private let values: [String: String]
  private let channels: [String: Int]

  /// How many channels are named at either end.
  private static let count = 8
  /// How many values are walked through at most.
  private static let reach = 64

  init(_ microscope: Microscope) {
    let network = microscope.network
    graph = network.graph
    makers = network.makers
    let named = microscope.layers.compactMap { layer in
      // A layer of the list has a value.
      (try? network.value(ofLayer: layer.name)).map { ($0, layer) }
    }
    layers = Dictionary(named, uniquingKeysWith: { first, _ in first })
    values = Dictionary(named.map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    channels = network.layouts(in: microscope.shapes).mapValues(\.channels)
  }

  /// The strongest links of a channel.
  func of(layer: String, channel: Int) -> (before: [Link], after: [Link]) {
    guard let value = values[layer] else { return ([], []) }
    let wire = Wire(value: value, channel: channel)
    return (strongest(before(wire), besides: layer), strongest(after(wire), besides: layer))
  }

  private func strongest(_ wires: [(Wire, Float)], besides layer: String) -> [Link] {
    let links = wires.compactMap { wire, weight -> Link? in
      guard let other = layers[wire.value], other.name != layer,
        (0..<other.channels).contains(wire.channel)
      else { return nil }
      return Link(layer: other.name, channel: wire.channel, weight: weight)
    }
    return Array(links.sorted { abs($0.weight) > abs($1.weight) }.prefix(Self.count))
  }

  // MARK: Before

  /// The channels that sums within a channel are of, at the nearest such sums.
  private func before(_ wire: Wire) -> [(Wire, Float)] {
    var found: [(Wire, Float)] = []
    var waiting = [wire]
    var steps = 0
    while let wire = waiting.popLast(), steps < Self.reach {
      steps += 1
      guard let maker = makers[wire.value] else { continue }
      let node = graph.nodes[maker]
      if let weights = ChannelWeights(node, in: graph) {
        found += weights.inputs(of: wire.channel).compactMap { channel, weight in
          named(Wire(value: node.inputs[0], channel: channel)).map { ($0, weight) }
        }
      } else {
        waiting += sources(of: wire, node)
      }
    }
    return found
  }

  /// The same channel under the nearest name before it.
  private func named(_ wire: Wire) -> Wire? {
    var wire = wire
    for _ in 0..<Self.reach {
      if layers[wire.value] != nil { return wire }
      guard let maker = makers[wire.value],
        let source = sources(of: wire, graph.nodes[maker]).first
      else { return nil }
      wire = source
    }
    return nil
  }

  /// The channels that a node which keeps them apart has a channel from.
  private func sources(of wire: Wire, _ node: Node) -> [Wire] {
    if case .concatenation = graph.role(of: node) {
      var channel = wire.channel
      for input in node.inputs {
        guard let count = channels[input] else { return [] }
        if channel < count { return [Wire(value: input, channel: channel)] }
        channel -= count
      }
      return []
    }
    return kept(by: node).map { Wire(value: $0, channel: wire.channel) }
  }

  /// The inputs of a node whose channels are its own.
  private func kept(by node: Node) -> [String] {
    guard let output = node.outputs.first, let count = channels[output] else { return [] }
    let inputs =
      switch graph.role(of: node) {
      case .elementwise, .gate, .clamp, .renaming, .reshaping, .average, .normalization, .selection:
        Array(node.inputs.prefix(1))
      case .arithmetic: node.inputs
      default: [String]()
      }
    return inputs.filter { channels[$0] == count && makers[$0] != nil }
  }

  // MARK: After

  /// The channels of the nearest sums that a channel goes into.
  private func after(_ wire: Wire) -> [(Wire, Float)] {
    var found: [(Wire, Float)] = []
    var waiting = [wire]
    var steps = 0
    while let wire = waiting.popLast(), steps < Self.reach {
      steps += 1
      for node in graph.nodes where node.inputs.contains(wire.value) {
        if let weights = ChannelWeights(node, in: graph) {
          guard node.inputs[0] == wire.value else { continue }
          found += weights.outputs(of: wire.channel).map { channel, weight in
            (Wire(value: node.outputs[0], channel: channel), weight)
          }
        } else if case .concatenation = graph.role(of: node) {
          var offset = 0
          for input in node.inputs {
            if input == wire.value {
              waiting.append(Wire(value: node.outputs[0], channel: offset + wire.channel))
            }
            guard let count = channels[input] else { break }
            offset += count
          }
        } else if kept(by: node).contains(wire.value) {
          waiting.append(Wire(value: node.outputs[0], channel: wire.channel))
        }
      }
    }
    return found
  }
}
