public import Autodiff
public import Networks
public import Tensors

/// A network prepared for inputs of one shape and for one set of readings.
///
/// It owns buffers and belongs to one task.
public protocol DifferentiableModel: AnyObject {
  /// Runs the network.
  ///
  /// - Parameter input: Pictures of the shape that the model was made for, RGB (or grey) in 0…1.
  /// - Returns: One variable a reading: (batch, channels, height, width), or (batch, features).
  /// - Throws: Whatever keeps the network from running.
  func activations(_ input: Variable) throws -> [Variable]
}

/// A network from which models can be made.
public protocol VisualizableNetwork {
  /// How many threads share the work, the picture's as well as the network's.
  var threads: Int { get }

  /// Prepares the network for inputs of one shape.
  ///
  /// - Parameters:
  ///   - readings: What will be read, each once.
  ///   - inputShape: (batch, channels, height, width).
  ///   - redirecting: Whether a rectifier that is off lets a gradient through that would turn it on: what
  ///     wakes a unit that the first picture leaves cold.
  /// - Returns: The model.
  /// - Throws: For a reading that the network has not, or a shape that it cannot take.
  func compile(
    readings: [Reading], inputShape: Shape, redirecting: Bool
  ) throws -> any DifferentiableModel
}

extension VisualizableNetwork {
  /// One.
  public var threads: Int { 1 }
}

extension Plan: DifferentiableModel {
  /// Runs the plan as one operation of the tape.
  public func activations(_ input: Variable) throws -> [Variable] { try self(input) }
}

/// A network that is shown pictures: RGB (or grey) in 0…1, brought into its own order and range.
public struct PictureNetwork: VisualizableNetwork {
  /// The network.
  public let network: Network

  /// What it expects of pictures.
  public let preprocessing: Preprocessing

  /// How many threads share its work.
  public let threads: Int

  /// Creates a network that is shown pictures.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - preprocessing: What it expects; nil: the network's `preparation`.
  ///   - threads: How many threads share its work.
  public init(
    _ network: Network, preprocessing: Preprocessing? = nil, threads: Int = processorCount
  ) {
    self.network = network
    self.preprocessing = preprocessing ?? network.preparation
    self.threads = threads
  }

  /// Compiles what the readings need.
  public func compile(
    readings: [Reading], inputShape: Shape, redirecting: Bool
  ) throws -> any DifferentiableModel {
    try network.plan(
      inputShape: inputShape, readings: readings, feed: .picture(preprocessing),
      rule: redirecting ? .redirected : .standard, threads: threads)
  }
}
