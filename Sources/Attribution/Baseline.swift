public import Tensors

/// The input that stands for "nothing there".
///
/// Names of colours mean the same whatever is fed: black is 0 of a picture in 0…1, and where the network's
/// own input is fed, what its preprocessing makes of that.
public indirect enum Baseline: Sendable, Equatable, ExpressibleByFloatLiteral {
  /// The same value everywhere, in the units of what is fed.
  case constant(Float)
  /// An input of its own, of a shape that broadcasts to the explained one.
  case input(Tensor)
  /// Black.
  case black
  /// White.
  case white
  /// Half way from black to white.
  case grey
  /// The mean colour of each picture.
  case mean
  /// What the network receives as 0: the mean colour of its training, where preprocessing subtracts that.
  case zero
  /// The picture blurred by a Gaussian, its edges held.
  ///
  /// The deviation is in pixels; `nil` for a tenth of the shorter side.
  case blur(sigma: Float? = nil)
  /// Every number drawn evenly between black and white.
  case noise(seed: UInt64 = 0)
  /// Each of several; what a method makes of them is averaged.
  case several([Baseline])

  /// Creates a constant baseline.
  public init(floatLiteral value: Float) { self = .constant(value) }

  /// The single baselines that it is made of.
  public var each: [Baseline] {
    if case .several(let baselines) = self { baselines.flatMap(\.each) } else { [self] }
  }

  /// The same with all that is random drawn from other seeds.
  ///
  /// - Parameter seed: What the first follows from; each further one follows from the next number.
  /// - Returns: The baseline.
  public func seeded(_ seed: UInt64) -> Baseline {
    switch self {
    case .noise: .noise(seed: seed)
    case .several(let baselines):
      .several(baselines.enumerated().map { $1.seeded(seed &+ UInt64($0)) })
    default: self
    }
  }
}
