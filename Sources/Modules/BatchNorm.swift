public import Tensors

/// Batch normalization: each channel with mean 0 and variance 1 over the batch, then scaled and shifted.
///
/// `x̂ = (x − μ) / √(σ² + ε)`, `x_out = γ x̂ + β`. In training μ and σ² are the batch's, and
/// `∂L/∂x_in = γ / √(σ² + ε) · (g − mean g − x̂ mean(g x̂))`; else they are running means of them, and
/// constant. Source: Ioffe and Szegedy, "Batch Normalization", ICML 2015; the running means are PyTorch's.
public struct BatchNorm: Module {
  /// The scale γ, one a channel.
  public var scale: Tensor

  /// The shift β, one a channel.
  public var shift: Tensor

  /// The running mean, one a channel.
  public private(set) var runningMean: Tensor

  /// The running variance, one a channel.
  public private(set) var runningVariance: Tensor

  /// How much of the running means a batch replaces.
  public let momentum: Float

  /// What keeps the division finite, ε.
  public let epsilon: Float

  private var (normalized, inverseDeviation) = (Tensor(0), Tensor(0))
  private var usedBatch = true

  /// Creates the module with γ = 1 and β = 0.
  public init(channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    (scale, shift) = (Tensor([channels], repeating: 1), Tensor([channels]))
    (runningMean, runningVariance) = (shift, scale)
    (self.momentum, self.epsilon) = (momentum, epsilon)
  }

  /// The scale and the shift.
  public var weights: [Tensor] {
    get { [scale, shift] }
    set { (scale, shift) = (newValue[0], newValue[1]) }
  }

  /// `γ x̂ + β`, in the shape of the input: (batch, channels, …).
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    let x = inputs[0]
    let count = Float(x.count / x.shape[1])
    var (mean, variance) = (runningMean, runningVariance)
    if training {
      mean = x.summedToChannels() / count
      let centred = x - mean.alongChannels(of: x.shape)
      variance = (centred * centred).summedToChannels() / count
      runningMean = (1 - momentum) * runningMean + momentum * mean
      let unbiased = variance * (count / max(count - 1, 1))
      runningVariance = (1 - momentum) * runningVariance + momentum * unbiased
    }
    usedBatch = training
    inverseDeviation = 1 / (variance + epsilon).squareRoot()
    normalized =
      (x - mean.alongChannels(of: x.shape)) * inverseDeviation.alongChannels(of: x.shape)
    return normalized * scale.alongChannels(of: x.shape) + shift.alongChannels(of: x.shape)
  }

  /// `γ / √(σ² + ε) · (g − mean g − x̂ mean(g x̂))`; without the means where the batch's were not used.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    let shape = upstream.shape
    let factor = (scale * inverseDeviation).alongChannels(of: shape)
    guard usedBatch else { return [upstream * factor] }
    let count = Float(upstream.count / shape[1])
    let mean = (upstream.summedToChannels() / count).alongChannels(of: shape)
    let overlap = (upstream * normalized).summedToChannels() / count
    return [(upstream - mean - normalized * overlap.alongChannels(of: shape)) * factor]
  }

  /// `Σ g x̂` and `Σ g`.
  public func backpropToWeights(_ upstream: Tensor) -> [Tensor] {
    [(upstream * normalized).summedToChannels(), upstream.summedToChannels()]
  }
}
