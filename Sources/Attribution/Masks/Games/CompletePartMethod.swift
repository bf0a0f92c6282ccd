import Networks
public import Tensors

/// A method whose numbers of a picture's parts add up to `f(picture) − f(baseline)` (efficiency).
///
/// A part counts once, however many pixels it has.
public protocol CompletePartMethod: PartMethod, CompleteMethod {}

extension CompletePartMethod {
  /// The objective's rise from the baseline to the pictures.
  public func total(at pictures: Tensor, of explained: Explained) throws -> [Float] {
    try baseline.rise(to: pictures, of: explained)
  }

  /// The sum of the parts' numbers.
  ///
  /// - Throws: `AttributionError.partsOfOtherSize` where given parts do not fit the picture.
  public func sum(of map: Tensor, at picture: Tensor, in explained: Explained) throws -> Double {
    let partition = try parts.partition(of: picture, form: explained.network.form)
    var numbers = [Double](repeating: 0, count: partition.count)
    for (part, number) in zip(partition.labels, map.scalars) { numbers[part] = Double(number) }
    return numbers.reduce(0, +)
  }
}
