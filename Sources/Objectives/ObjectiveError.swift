public import Tensors

/// Why a layer has no such scalar.
public enum ObjectiveError: Error, Hashable, CustomStringConvertible {
  /// A layer that has no positions, where they are needed.
  case noPositions(layer: String)
  /// A layer that holds several maps of one input, such as of its frames or crops, where one is needed.
  case severalMaps(layer: String, count: Int)
  /// A direction that has not one number a channel.
  case direction(layer: String, count: Int, channels: Int)
  /// A picture to compare with, where the network is shown nothing but the pictures themselves.
  case noReference(String)
  /// Sorted activations of a layer of another size.
  case statistics(layer: String, known: Shape, shape: Shape)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .noPositions(let layer): "layer \(layer) has no positions, only channels"
    case .severalMaps(let layer, let count):
      "layer \(layer) holds \(count) maps of one input, such as of its frames, of crops, or of the picture turned round, and "
        + "where they lie in it is not known; methods that explain pixels, such as integrated-gradients, need no layer"
    case .direction(let layer, let count, let channels):
      "a direction in layer \(layer) has \(channels) numbers, one a channel, not \(count)"
    case .statistics(let layer, let known, let shape):
      "layer \(layer) is \(shape), but its sorted activations are of \(known) channels and positions"
    case .noReference(let name):
      "this cannot be compared with \(name): pictures are compared in an ascent, where the network sees both"
    }
  }
}
