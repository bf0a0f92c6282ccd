/// Why a layer has no such scalar.
public enum ObjectiveError: Error, Hashable, CustomStringConvertible {
  /// A neuron beyond the borders of its layer.
  case neuronOutOfRange(layer: String, x: Int, y: Int, width: Int, height: Int)
  /// A neuron of a layer that has no positions.
  case noPositions(layer: String)
  /// A direction that has not one number a channel.
  case direction(layer: String, count: Int, channels: Int)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .neuronOutOfRange(let layer, let x, let y, let width, let height):
      "layer \(layer) has \(width)×\(height) positions; there is none at x \(x), y \(y)"
    case .noPositions(let layer): "layer \(layer) has no positions, only channels"
    case .direction(let layer, let count, let channels):
      "a direction in layer \(layer) has \(channels) numbers, one a channel, not \(count)"
    }
  }
}
