import Attribution
import Imaging
import Tensors

/// A map of a signal as the colours behind its line.
struct SignalMap {
  private let values: Tensor
  private let colors: ColorMap
  private let range: ClosedRange<Float>

  /// Takes a map, C×1×l: a row a band, or one for all.
  init(_ values: Tensor, _ colors: ColorMap, _ range: ClosedRange<Float>) {
    (self.values, self.colors, self.range) = (values, colors, range)
  }

  /// Whether all bands have the same numbers.
  var isOfAll: Bool { values.shape[0] == 1 }

  /// The numbers of a band, or of all.
  private func row(_ band: Int) -> [Float] {
    let length = values.shape[2]
    let first = (values.shape[0] == 1 ? 0 : band) * length
    return Array(values.scalars[first..<first + length])
  }

  /// The colours from left to right, so many at most.
  ///
  /// Between the positions of a layer numbers go along straight lines; where several samples share a column, the one
  /// farthest from 0 is shown.
  func shades(_ band: Int, over length: Int, columns: Int) -> [LinePlot.Shade] {
    var numbers = row(band)
    if numbers.count < length {
      numbers =
        Tensor([1, 1, 1, numbers.count], numbers).enlarged(height: 1, width: length).scalars
    }
    let count = min(numbers.count, columns)
    let scale = Normalization.fixed(range)
    let shown = (0..<count).map { column -> Float in
      let part = numbers[column * numbers.count / count..<(column + 1) * numbers.count / count]
      return part.max { abs($0) < abs($1) } ?? 0
    }
    let places = scale(Tensor([count], shown)).scalars
    let last = Double(max(length - 1, 1))
    return places.enumerated().map { column, place in
      LinePlot.Shade(
        from: last * Double(column) / Double(count), to: last * Double(column + 1) / Double(count),
        color: colors[place])
    }
  }

  /// The map's own numbers as a line over the signal's samples.
  func points(_ band: Int, over length: Int) -> [(x: Double, y: Double)] {
    let numbers = row(band)
    let step = Double(length) / Double(numbers.count)
    return numbers.enumerated().map {
      (min(Double(length - 1), (Double($0) + 0.5) * step - 0.5), Double($1))
    }
  }
}
