package import Networks
public import Tensors

extension Tensor {
  /// The sum of an attribution over its channels: what each pixel contributed.
  ///
  /// - Returns: H×W.
  /// - Precondition: The tensor is C×H×W, or N×C×H×W with one sample.
  public func summedOverChannels() -> Tensor {
    oneSample("summedOverChannels").sum(alongAxes: [0])
  }

  /// The value farthest from zero over an attribution's channels, without its sign.
  ///
  /// - Returns: H×W.
  /// - Precondition: The tensor is C×H×W, or N×C×H×W with one sample.
  public func absoluteMaximumOverChannels() -> Tensor {
    let sample = oneSample("absoluteMaximumOverChannels")
    return sample.absolute().maximum(alongAxes: [0])
      .reshaped(Shape(Array(sample.shape.dimensions.suffix(2))))
  }

  private func oneSample(_ caller: String) -> Tensor {
    let d = shape.dimensions
    precondition(
      d.count == 3 || d.count == 4 && d[0] == 1, "\(caller): \(shape) is not one sample's map")
    return reshaped(Shape(Array(d.suffix(3))))
  }
}

extension Tensor {
  /// A map of each slice of a volume, from its channels.
  ///
  /// - Parameters:
  ///   - volume: How the bands lie.
  ///   - merge: What makes H×W of a slice's 1×C×H×W.
  /// - Returns: D×H×W.
  /// - Precondition: The tensor is 1×(C·D)×H×W.
  package func slices(
    of volume: InputForm.Volume, _ merge: (Tensor) -> Tensor
  ) -> Tensor {
    Tensor.concatenate(
      (0..<volume.depth).map { slice in
        let merged = merge(gathered(volume.bands(ofSlice: slice), alongAxis: 1))
        return merged.reshaped(Shape([1] + Array(merged.shape.dimensions.suffix(2))))
      })
  }

  /// The sum over each sample, of shape (N).
  func sumOfEachSample() -> Tensor {
    reshaped([shape[0], count / shape[0]]).sum(alongAxes: [1])
  }
}

extension [Tensor] {
  /// The mean of tensors of one shape.
  ///
  /// - Precondition: There is at least one.
  var mean: Tensor { dropFirst().reduce(self[0], +) / Float(count) }
}
