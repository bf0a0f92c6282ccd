import Galleries
import Networks

/// What the search finds: classes by their labels, layers by their names.
struct SearchIndex: SearchFile {
  private struct Layer: Encodable {
    let name: String
    let address: String
    let channels: Int
  }

  private let classes: [String]
  private let layers: [Layer]

  /// Gathers names.
  ///
  /// - Parameters:
  ///   - microscope: Whose.
  ///   - layers: The layers that have pages; nil: all.
  init(_ microscope: Microscope, layers: [MicroscopeLayer]? = nil) {
    classes = (0..<microscope.classes).map { index in
      let label = index < microscope.network.labels.count ? microscope.network.labels[index] : ""
      return label.isEmpty ? "class \(index)" : label
    }
    self.layers = (layers ?? microscope.layers).map {
      Layer(name: $0.name, address: $0.address, channels: $0.channels)
    }
  }
}
