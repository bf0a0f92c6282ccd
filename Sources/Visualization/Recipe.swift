public import Objectives
import Optimizers
public import Tensors

/// Everything that decides how the picture of a unit comes out, but the network.
public struct Recipe: Sendable, Hashable, Codable {
  /// How a picture is written as parameters.
  public enum ParameterizationName: String, Sendable, Codable, CaseIterable {
    case fourier, pixel
  }

  /// The rule of ascent.
  public enum OptimizerName: String, Sendable, Codable, CaseIterable {
    case gradientDescent = "gradient-descent"
    case momentum
    case momentumPyTorch = "momentum-pytorch"
    case rmsProp = "rmsprop"
    case adam
    case nadam
  }

  /// What a good picture should survive.
  public enum TransformsName: String, Sendable, Codable, CaseIterable {
    /// Lucid's pad, jitter, scale, rotate, jitter in one sampling; on small pictures, less of each.
    case robust
    /// Lucid's, one after the other.
    case standard
    case none
  }

  /// The steps for which rectifiers that are off let through what would turn them on, as in lucid.
  public static let warmUp = 16

  /// Updates.
  public var steps = 256
  /// The length of an update.
  public var learningRate: Float = 0.05
  /// What all that is random follows from.
  public var seed: UInt64 = 0
  /// How a picture is written as parameters.
  public var parameterization = ParameterizationName.fourier
  /// The rule of ascent.
  public var optimizer = OptimizerName.adam
  /// What a good picture should survive.
  public var transforms = TransformsName.robust
  /// Pixels by which the picture is shifted at random; `nil`: what `transforms` has.
  public var jitter: Int?
  /// Weight of the L1 distance from grey.
  public var l1: Float = 0
  /// Weight of the L2 distance from grey.
  public var l2: Float = 0
  /// Weight of the total variation.
  public var tv: Float = 0
  /// Weight of the distance from the blurred picture.
  public var blur: Float = 0

  /// Creates a recipe with the defaults.
  public init() {}

  // MARK: What the names stand for

  /// An objective less the penalties.
  func penalized(_ objective: Objective) -> Objective {
    var objective = objective
    if l1 != 0 { objective = objective - l1 * .l1() }
    if l2 != 0 { objective = objective - l2 * .l2() }
    if tv != 0 { objective = objective - tv * .totalVariation() }
    if blur != 0 { objective = objective - blur * .blur() }
    return objective
  }

  func parameterization(_ shape: Shape) -> any Parameterization {
    switch parameterization {
    case .fourier:
      FourierImage(height: shape[2], width: shape[3], channels: shape[1], batch: shape[0])
    case .pixel:
      PixelImage(height: shape[2], width: shape[3], channels: shape[1], batch: shape[0])
    }
  }

  func ascent() -> any Optimizer {
    switch optimizer {
    case .gradientDescent: GradientDescent(learningRate: learningRate)
    case .momentum: Momentum(learningRate: learningRate, momentum: 0.9, form: .average)
    case .momentumPyTorch: Momentum(learningRate: learningRate, momentum: 0.9, form: .sum)
    case .rmsProp: RMSProp(learningRate: learningRate)
    case .adam: Adam(learningRate: learningRate)
    case .nadam: NAdam(learningRate: learningRate)
    }
  }

  func transforms(side: Int) -> [any Transform] {
    switch transforms {
    case .robust: .robust(side: side, jitter: jitter)
    case .standard: .standard
    case .none: jitter.map { [Combined([Pad($0), Jitter(2 * $0)])] } ?? []
    }
  }

  /// The picture that an ascent starts from.
  ///
  /// - Parameter shape: The picture's shape, 1×C×H×W.
  /// - Returns: The same shape, in 0…1.
  public func firstPicture(shape: Shape) -> Tensor {
    let parameterization = parameterization(shape)
    var random = SplitMix64(seed: seed)
    return parameterization.picture(parameterization.initialParameters(using: &random))
  }

  /// Makes the picture of a unit.
  ///
  /// - Parameters:
  ///   - objective: What to maximize, without penalties.
  ///   - network: The network.
  ///   - shape: The picture's shape, 1×C×H×W.
  ///   - start: A picture to start from, of that shape, in 0…1; `nil`: a random one.
  ///   - progress: Called before every update; what it throws ends the ascent.
  /// - Returns: The picture and what was reached; the values are without penalties.
  /// - Throws: `VisualizationError`, `NetworkError`, and what `progress` throws.
  public func render(
    _ objective: Objective, in network: any VisualizableNetwork, shape: Shape,
    startingFrom start: Tensor? = nil, progress: (Step) throws -> Void = { _ in }
  ) throws -> Rendering {
    let parameterization = parameterization(shape)
    let rendering = try visualize(
      penalized(objective), in: network, parameterization: parameterization,
      startingAt: start.map { parameterization.parameters(fitting: $0) },
      transforms: transforms(side: min(shape[2], shape[3])), optimizer: ascent(), steps: steps,
      seed: seed, warmUp: Self.warmUp, reporting: objective, progress: progress)
    return rendering
  }
}
