public import Tensors

extension Network {
  /// The same network, which rounds the factors of its convolutions and products with weights.
  ///
  /// In bfloat16 a ViT takes three fifths of the time; values and gradients are some thousandths wrong. What Winograd's
  /// method does in fewer multiplications stays in floats, as do depthwise convolutions, products of two maps, single
  /// nodes that a method looks at by themselves, and all else. Packed weights take half a float each, for each way, also
  /// where a plan is made with `packsInUse`.
  ///
  /// - Parameter precision: To what.
  /// - Returns: The same network otherwise.
  /// - Precondition: The processor has it: `Precision.isSupported`.
  public func computing(in precision: Precision) -> Network {
    precondition(precision.isSupported, "Network: this processor has no \(precision)")
    var network = self
    network.precision = precision
    return network
  }
}
