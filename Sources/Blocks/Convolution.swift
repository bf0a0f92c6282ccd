package import Tensors

/// The weights and geometry of a convolution, independent of any input.
package struct Convolution {
  /// (output channels, input channels / groups, window height, window width).
  package var weights: Tensor
  /// One an output channel.
  package var bias: [Float]
  package var groups: Int
  package var vertical: Window
  package var horizontal: Window
  /// Whether the weights are the network's own tensor, which other plans read as well.
  package var sharesWeights: Bool

  package init(
    weights: Tensor, bias: [Float], groups: Int, vertical: Window, horizontal: Window,
    sharesWeights: Bool = false
  ) {
    self.weights = weights
    self.bias = bias
    self.groups = groups
    self.vertical = vertical
    self.horizontal = horizontal
    self.sharesWeights = sharesWeights
  }

  package var outputChannels: Int { weights.shape[0] }
  package var inputChannels: Int { weights.shape[1] * groups }

  /// Multiply-adds of a pass in either direction, over the map of the convolution's outputs.
  package func multiplyAdds(output: FeatureMap) -> Int {
    output.batch * output.height * output.width * weights.count
  }

  /// One input channel an output channel.
  package var isDepthwise: Bool {
    groups > 1 && weights.shape[1] == 1 && weights.shape[0] == groups
  }

  /// The same with the weights and bias of some output channels only, in the order given.
  ///
  /// Possible without groups.
  package func keeping(_ channels: [Int]) -> Convolution? {
    guard groups == 1 else { return nil }
    let each = weights.count / outputChannels
    var kept = self
    kept.sharesWeights = false
    kept.weights = Tensor(
      [channels.count, weights.shape[1], weights.shape[2], weights.shape[3]]
    ) { kept in
      weights.withUnsafeBufferPointer { weights in
        for (i, channel) in channels.enumerated() {
          for j in 0..<each { kept[i * each + j] = weights[channel * each + j] }
        }
      }
    }
    kept.bias = channels.map { bias[$0] }
    return kept
  }

  /// The same followed by `scale[c] · y + shift[c]`.
  package func followed(scale: [Float], shift: [Float]) -> Convolution {
    var scaled = self
    scaled.sharesWeights = false
    let each = weights.count / outputChannels
    scaled.weights.withUnsafeMutableBufferPointer { weights in
      for channel in scale.indices {
        for j in 0..<each { weights[channel * each + j] *= scale[channel] }
      }
    }
    scaled.bias = bias.indices.map { bias[$0] * scale[$0] + shift[$0] }
    return scaled
  }

  /// The same with groups merged and filled up with zeros.
  ///
  /// As many as make whole channel blocks on both sides, or all. Depthwise convolutions have a kernel of their own and stay.
  package func merged(lanes: Int) -> Convolution {
    guard groups > 1, !isDepthwise else { return self }
    let (outputs, inputs) = (outputChannels / groups, weights.shape[1])
    let merge =
      (1...groups).first {
        groups.isMultiple(of: $0) && (outputs * $0).isMultiple(of: lanes)
          && (inputs * $0).isMultiple(of: lanes)
      } ?? groups
    guard merge > 1 else { return self }
    let taps = weights.shape[2] * weights.shape[3]
    var merged = self
    merged.sharesWeights = false
    merged.groups = groups / merge
    merged.weights = Tensor(
      [outputChannels, inputs * merge, weights.shape[2], weights.shape[3]]
    ) { wide in
      wide.initialize(repeating: 0)
      weights.withUnsafeBufferPointer { narrow in
        for output in 0..<outputChannels {
          let first = (output / outputs) % merge * inputs
          for j in 0..<inputs * taps {
            wide[(output * inputs * merge + first) * taps + j] = narrow[output * inputs * taps + j]
          }
        }
      }
    }
    return merged
  }
}
