import Networks
public import Tensors

/// The target shared out among what it was computed from, layer by layer down to the input (LRP).
///
/// Convolutions and matrix products follow the composite's rules, with batch norms and constants after
/// them merged in. Activations and what else works on single elements pass relevance on as it is; sums and
/// mean pools share it in proportion to their parts; max pools give it to the winner; in a product with a
/// gate (squeeze-and-excitation, swish) the gated value gets all of it. Attention has no rule here.
///
/// Source: Bach et al., "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise
/// Relevance Propagation", PLOS ONE 2015; composites and defaults as in zennit.
public struct LayerwiseRelevance: AttributionMethod {
  /// Which rule each kind of layer follows.
  public var composite: Composite

  /// Creates the method.
  public init(_ composite: Composite) {
    self.composite = composite
  }

  /// Which rule each kind of layer follows.
  public struct Composite: Sendable, Hashable {
    /// The rule of convolutions.
    public var convolution: RelevanceRule
    /// The rule of matrix products.
    public var linear: RelevanceRule
    /// The rule of the first convolution; `nil` for that of the others.
    public var first: RelevanceRule?

    /// Creates a composite.
    public init(
      convolution: RelevanceRule, linear: RelevanceRule = .epsilon(), first: RelevanceRule? = nil
    ) {
      self.convolution = convolution
      self.linear = linear
      self.first = first
    }

    /// Only what is positive in convolutions: few details, all of them in favour of the target.
    public static let epsilonPlus = Composite(convolution: .zPlus)
    /// What is positive twice, less what is negative: what speaks for the target and what against it.
    public static let epsilonAlpha2Beta1 = Composite(convolution: .alphaBeta(alpha: 2, beta: 1))
    /// Contributions of each output's sign preferred, and the range of pixels taken into account.
    ///
    /// - Parameter range: The range of the network's input; `nil` for the one that each input spans.
    /// - Returns: The composite.
    public static func epsilonGammaBox(_ range: ClosedRange<Float>? = nil) -> Composite {
      Composite(convolution: .gamma(), first: .box(range))
    }
  }

  /// Explains one scalar at one input.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W. Every sample is explained on its own.
  ///   - subject: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `input`.
  /// - Throws: `NetworkError` or `AttributionError`.
  public func attribute(
    _ input: Tensor, of subject: Subject, progress: (Double) -> Void
  ) throws -> Tensor {
    let network = subject.network
    let reading = subject.target.reading(in: network)
    let value = try network.value(ofLayer: reading.layer)
    let walk = try RelevanceWalk(
      network.graph, input: network.input.name, inputShape: input.shape, target: value,
      composite: composite)
    let activations = try walk.activations(
      at: subject.feed.applied(to: input), threads: subject.threads)
    let start = try Self.start(activations[value], subject.target, reading)
    let relevance = try walk.run(start, activations, threads: subject.threads, progress)
    return subject.feed.inFedOrder(relevance)
  }

  /// The relevance of the layer that the target is read from: of each sample it adds up to the target.
  private static func start(
    _ activation: Tensor?, _ target: Target, _ reading: Reading
  ) throws -> Tensor {
    guard let activation else { throw NetworkError.missingValue(reading.layer) }
    guard let channels = reading.channels else {
      try target.check(activation.shape)
      return target.contributions(activation)
    }
    let count = activation.shape.rank > 1 ? activation.shape[1] : 0
    for channel in channels where !(0..<count).contains(channel) {
      throw NetworkError.channelOutOfRange(
        layer: reading.layer, channel: channel, channels: count)
    }
    let read = activation.gathered(channels, alongAxis: 1)
    try target.check(read.shape)
    return target.contributions(read).scattered(channels, alongAxis: 1, extent: count)
  }
}
