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

  /// Whether the pictures of a batch go through it one after the other, as they do where the file is for one picture.
  public let isOneByOne: Bool

  /// How many threads share its work.
  public let threads: Int

  /// Creates a network that is shown pictures.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - preprocessing: What it expects; nil: the network's `preparation`.
  ///   - isOneByOne: Whether the pictures of a batch go through it one after the other: of a network that does not
  ///     keep them apart. Where the file is for one picture, they do in any case.
  ///   - threads: How many threads share its work.
  public init(
    _ network: Network, preprocessing: Preprocessing? = nil, isOneByOne: Bool = false,
    threads: Int = processorCount
  ) {
    (self.network, self.isOneByOne) = (network, isOneByOne)
    self.preprocessing = preprocessing ?? network.preparation
    self.threads = threads
  }

  /// Compiles what the readings need.
  public func compile(
    readings: [Reading], inputShape: Shape, redirecting: Bool
  ) throws -> any DifferentiableModel {
    func plan(_ shape: Shape) throws -> Plan {
      try network.plan(
        inputShape: shape, readings: readings, feed: .picture(preprocessing),
        rule: redirecting ? .redirected : .standard, threads: threads)
    }
    if !isOneByOne || inputShape[0] == 1 {
      do {
        return try plan(inputShape)
      } catch let error as NetworkError where inputShape[0] > 1 {
        guard case .batch = error else { throw error }
      }
    }
    let one = try plan(inputShape.ofOnePicture)
    guard one.outputShapes.allSatisfy({ $0.dimensions.first == 1 }) else {
      throw NetworkError.mixesPictures(inputShape[0])
    }
    return PicturesOneByOne(plan: one)
  }
}

/// A plan for one picture that is shown those of a batch one after the other.
private final class PicturesOneByOne: DifferentiableModel {
  private let plan: Plan

  init(plan: Plan) { self.plan = plan }

  func activations(_ input: Variable) throws -> [Variable] {
    let results = try (0..<input.shape[0]).map {
      try plan(input.sliced($0..<$0 + 1, alongAxis: 0))
    }
    return plan.outputShapes.indices.map { reading in concatenate(results.map { $0[reading] }) }
  }
}

extension Shape {
  /// The same of the first picture alone, of N×C×H×W.
  package var ofOnePicture: Shape { Shape([1] + dimensions.dropFirst()) }
}
