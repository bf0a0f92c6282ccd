import Networks
public import Tensors

extension Baseline {
  /// The baseline of some pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W, in 0…1 or as the network's input, as `explained` has it.
  ///   - explained: What is explained.
  /// - Returns: The shape of `pictures`.
  /// - Precondition: It is a single one; see `each`.
  public func tensor(for pictures: Tensor, of explained: Explained) -> Tensor {
    let shape = pictures.shape
    switch self {
    case .constant(let value): return Tensor(shape, repeating: value)
    case .input(let tensor): return tensor.broadcast(to: shape)
    case .black: return explained.level(0, shape)
    case .white: return explained.level(1, shape)
    case .grey: return explained.level(0.5, shape)
    case .mean: return pictures.meanOfEachChannel.broadcast(to: shape)
    case .zero: return explained.unitLevel(shape)
    case .blur(let sigma):
      // A signal has one row.
      let side = Float(shape[-2] == 1 ? shape[-1] : min(shape[-1], shape[-2]))
      return pictures.blurred(deviation: Double(sigma ?? side / 10), beyond: .edge)
    case .noise(let seed):
      var random = SplitMix64(seed: seed)
      let (black, white) = (explained.level(0, shape), explained.level(1, shape))
      return black + (white - black) * Tensor.uniform(shape, using: &random)
    case .several: preconditionFailure("Baseline: one at a time of several")
    }
  }

  /// The baselines of some pictures, each single one.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  /// - Returns: At least one, of the shape of `pictures`.
  public func tensors(for pictures: Tensor, of explained: Explained) -> [Tensor] {
    let each = each
    precondition(!each.isEmpty, "Baseline: none of several")
    return each.map { $0.tensor(for: pictures, of: explained) }
  }

  /// The objective's rise from the baseline to the pictures; from several, from their mean.
  ///
  /// - Returns: One number a picture.
  /// - Throws: `NetworkError`, and what the objective throws.
  func rise(to pictures: Tensor, of explained: Explained) throws -> [Float] {
    let starts = try tensors(for: pictures, of: explained).map { try explained.values(at: $0) }
    return try explained.values(at: pictures).enumerated().map { index, value in
      let start = starts.reduce(0) { $0 + Double($1[index]) } / Double(starts.count)
      return Float(Double(value) - start)
    }
  }
}

extension Explained {
  /// Pictures of one brightness, 0 for black and 1 for white, as they are fed.
  fileprivate func level(_ brightness: Float, _ shape: Shape) -> Tensor {
    let picture = Tensor(shape, repeating: brightness)
    guard case .raw = feed else { return picture }
    return network.received(picture, as: .picture())
  }

  /// Pictures that the network receives as 0, as they are fed.
  fileprivate func unitLevel(_ shape: Shape) -> Tensor {
    guard case .picture = feed else { return Tensor(shape) }
    let black = network.received(Tensor(shape), as: feed)
    let white = network.received(Tensor(shape, repeating: 1), as: feed)
    return network.inFedOrder(-black / (white - black), as: feed)
  }
}

extension Tensor {
  /// The mean over rows and columns, N×C×1×1.
  fileprivate var meanOfEachChannel: Tensor {
    sum(alongAxes: [2, 3], keepingAxes: true) / Float(shape[2] * shape[3])
  }
}
