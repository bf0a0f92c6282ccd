public import Tensors

/// Dropout: in training each number is 0 with some probability, and the others grow to keep the mean.
///
/// `x_out = m ⊙ x_in` with `m` 0 or `1 / (1 − rate)`, drawn anew at each forward pass;
/// `∂L/∂x_in = m ⊙ ∂L/∂x_out`. Source: Srivastava et al., "Dropout", JMLR 2014.
public struct Dropout: Module {
  /// The probability that a number is dropped.
  public let rate: Float

  private var random: SplitMix64
  private var mask = Tensor(1)

  /// Creates the module; equal seeds drop the same numbers.
  public init(rate: Float = 0.5, seed: UInt64 = 0) {
    precondition((0..<1).contains(rate), "Dropout: rate \(rate)")
    (self.rate, random) = (rate, SplitMix64(seed: seed))
  }

  /// `m ⊙ x`; outside training the input itself.
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    let kept = 1 / (1 - rate)
    mask =
      training
      ? Tensor.uniform(inputs[0].shape, using: &random).map { $0 < rate ? 0 : kept } : Tensor(1)
    return inputs[0] * mask
  }

  /// `m ⊙ g`.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] { [upstream * mask] }
}
