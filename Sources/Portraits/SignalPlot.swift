import Imaging
import Networks
import Tensors
import Visualization

/// Signals as lines over time, a band below the other, in the numbers that the network takes.
package struct SignalPlot {
  private let lower: Float
  private let upper: Float

  private static let width = 720
  private static let height = 220
  /// The height of each of several bands.
  private static let bandHeight = 110

  init(_ preparation: Preprocessing) {
    (lower, upper) = (preparation.rangeLower, preparation.rangeUpper)
  }

  /// The size in pixels of the plots of so many signals.
  static func size(bands: Int, count: Int) -> PictureSize {
    PictureSize(height: bands * count * (bands == 1 ? height : bandHeight), width: width)
  }

  /// The plots, those of the first signal at the top.
  ///
  /// - Parameter signals: N×C×1×L in 0…1.
  /// - Returns: One picture of `size(bands:count:)`.
  func picture(of signals: Tensor) -> Picture {
    let (count, bands, length) = (signals.shape[0], signals.shape[1], signals.shape[3])
    let size = Self.size(bands: bands, count: count)
    let height = size.height / (bands * count)
    var picture = Picture(
      width: size.width, height: size.height, filledWith: ContactSheet.Theme.light.background)
    for row in 0..<count * bands {
      let numbers = signals.scalars[row * length..<(row + 1) * length]
        .map { lower + (upper - lower) * $0 }
      var plot = LinePlot(
        x: row == count * bands - 1 ? "sample" : "", y: bands == 1 ? "" : "band \(row % bands)",
        width: size.width, height: height, scale: 1)
      plot.add("", Self.points(numbers), color: LinePlot.palette[0], width: 1)
      picture.draw(plot.picture(), x: 0, y: row * height)
    }
    return picture
  }

  /// The points of a line; of more numbers than there are columns the lowest and the highest of each column.
  package static func points(_ numbers: [Float]) -> [(x: Double, y: Double)] {
    guard numbers.count > 2 * width else {
      return numbers.enumerated().map { (Double($0), Double($1)) }
    }
    return (0..<width).flatMap { column -> [(x: Double, y: Double)] in
      let part = numbers[column * numbers.count / width..<(column + 1) * numbers.count / width]
      let x = Double(column) * Double(numbers.count) / Double(width)
      return [part.min(), part.max()].compactMap { $0.map { (x, Double($0)) } }
    }
  }
}
