public import Autodiff
public import Tensors

/// What an objective reads: a layer, or some of its channels.
///
/// A reading that names its channels lets the network leave out the others.
public struct Reading: Hashable, Sendable {
  /// The layer's name, as the network gives it.
  public var layer: String

  /// The channels, in the order in which they are delivered; nil: all.
  public var channels: [Int]?

  /// Creates a reading.
  public init(layer: String, channels: [Int]? = nil) {
    self.layer = layer
    self.channels = channels
  }
}

/// A network prepared for inputs of one shape and for one set of readings.
///
/// It owns buffers and belongs to one task.
public protocol DifferentiableModel: AnyObject {
  /// Runs the network.
  ///
  /// - Parameter input: Pictures of the shape that the model was made for, RGB in 0…1 or whatever the
  ///   network's own preprocessing expects.
  /// - Returns: One variable a reading: (batch, channels, height, width), or (batch, features).
  /// - Throws: Whatever keeps the network from running.
  func activations(_ input: Variable) throws -> [Variable]
}

/// A network from which models can be made.
public protocol VisualizableNetwork {
  /// Prepares the network for inputs of one shape.
  ///
  /// - Parameters:
  ///   - readings: What will be read, each once.
  ///   - inputShape: (batch, channels, height, width).
  /// - Returns: The model.
  /// - Throws: For a reading that the network has not, or a shape that it cannot take.
  func compile(readings: [Reading], inputShape: Shape) throws -> any DifferentiableModel
}
