public import Networks

/// One picture of a gallery, to be made or made already.
public struct GalleryItem: Hashable, Sendable {
  /// What it shows.
  public let unit: NetworkUnit
  /// How it is made; seed and size are settled.
  public let settings: PictureSettings
  /// The file's name in the gallery's folder, with the extension; no other item has it.
  public let fileName: String
  /// What tells it from other pictures of the same unit: `seed 2`, `l2 0.5`; empty if it is the only one.
  public let variant: String

  /// The part of the network that it belongs to.
  public var group: Group { Group(of: unit) }

  /// What stands under the picture.
  public var title: String { variant.isEmpty ? unit.title : "\(unit.title), \(variant)" }

  /// A part of a network.
  public enum Group: Hashable, Sendable {
    /// The numbers at the end.
    case logits
    /// A layer, by its name.
    case layer(String)
    /// Layers as wholes.
    case wholeLayers

    init(of unit: NetworkUnit) {
      switch unit.kind {
      case .logit: self = .logits
      case .channel(let layer, _), .neuron(let layer, _, _, _), .classToken(let layer, _):
        self = .layer(layer)
      case .layer: self = .wholeLayers
      }
    }
  }
}

extension NetworkUnit {
  /// The unit in the same words whatever the labels say: what its picture's recipe calls it.
  var identity: String {
    switch kind {
    case .logit(let index): "logit \(index)"
    case .channel(let layer, let channel): "channel \(layer):\(channel)"
    case .classToken(let layer, let channel): "channel \(layer):\(channel)@class"
    case .neuron(let layer, let channel, let x, let y): "neuron \(layer):\(channel)@\(x),\(y)"
    case .layer(let layer): "layer \(layer)"
    }
  }

  /// The unit as an option of the command line, which never means two things: a label where it is the
  /// only one of its kind, a number otherwise.
  func argument(in network: Network) -> String {
    guard case .logit(let index) = kind else { return title }
    let label = title.lowercased()
    let isUnique =
      network.labels.count { $0.lowercased() == label } == 1
      && !title.contains(":") && !network.layers.contains { $0.name == title }
    return isUnique ? title : String(index)
  }
}
