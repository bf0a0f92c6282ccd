import Graphs
import Networks
public import Plans
import Tensors

/// A layer that has channels to look at.
public struct MicroscopeLayer: Sendable {
  /// Its name.
  public let name: String
  /// The operator, or `block`.
  public let type: String
  /// What its page is called, without an extension.
  public let address: String
  /// How many channels it has.
  public let channels: Int
  /// Its columns and rows; nil: it has none.
  public let grid: LayerLayout.Grid?
  /// `384 channels, 14×14 tokens + class`.
  public let inWords: String
  /// The numbers stored for it.
  public let parameters: Int
  /// Multiplications that are added up for one picture.
  public let multiplyAdds: Int

  /// Whether it stands within another layer of the list.
  public let isInner: Bool
  /// Whether nothing but activations and normalizations read it: its channels are those of the layer that they make.
  public let isBeforeActivation: Bool

  /// Whether it has several columns and rows.
  var isMap: Bool { grid.map { $0.isPlane && $0.width > 1 && $0.height > 1 } ?? false }

  /// The layers of a network that have channels, each value once, by its outermost name; without those that only
  /// reshape what another has, and without the list of classes, which has pages of its own.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - summary: What is known of it.
  /// - Returns: The layers in the order in which they run.
  static func all(_ network: Network, _ summary: Network.Summary) -> [MicroscopeLayer] {
    let graph = network.graph
    let layers = summary.distinctLayers.filter { layer in
      guard let layout = layer.layout, layout.channels > 0,
        layer.shape.map({ $0.count > 0 }) == true,
        summary.classCount == 0 || layer.layer.value != summary.logits?.value
      else { return false }
      let maker = network.makers[layer.layer.value].map { graph.nodes[$0] }
      switch maker.map({ graph.role(of: $0) }) {
      case .renaming?, .reshaping?: return layer.isBlock
      default: return true
      }
    }
    let outer = Set(summary.outermost(layers, fitting: room).map(\.layer.name))
    let readers = readers(in: graph)
    var taken = Set<String>()
    return layers.enumerated().map { place, layer in
      // Some file systems do not tell capitals from small letters.
      var address = PageAddress.encoded(layer.layer.name)
      if address.utf8.count > 120 { address = "\(address.prefix(100))~\(place)" }
      while !taken.insert(address.lowercased()).inserted { address += "~\(place)" }
      return MicroscopeLayer(
        name: layer.layer.name, type: layer.isBlock ? "block" : layer.layer.type, address: address,
        channels: layer.layout?.channels ?? 0, grid: layer.layout?.grid,
        inWords: layer.layout?.inWords ?? "",
        parameters: layer.parameters, multiplyAdds: layer.multiplyAdds,
        isInner: !outer.contains(layer.layer.name),
        isBeforeActivation: readers[layer.layer.value]?.allSatisfy(\.keepsElements) ?? false)
    }
  }

  /// What the nodes that read each value do with it.
  private static func readers(in graph: Graph) -> [String: [Role]] {
    var readers: [String: [Role]] = [:]
    for node in graph.nodes {
      let role = graph.role(of: node)
      for input in node.inputs { readers[input, default: []].append(role) }
    }
    for output in graph.outputs { readers[output, default: []].append(.other) }
    return readers
  }

  /// How many layers the first page shows with pictures.
  private static let room = 48
}

extension Role {
  /// Whether each element, or each channel by itself, becomes one of the result.
  fileprivate var keepsElements: Bool {
    switch self {
    case .elementwise, .gate, .clamp, .normalization: true
    default: false
    }
  }
}
