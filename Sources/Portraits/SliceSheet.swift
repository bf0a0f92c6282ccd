import Imaging
import Networks
import Tensors
import Visualization

/// The slices of volumes, or the frames of films, in rows: each in grey, or in colour where there are three channels.
struct SliceSheet {
  private let volume: InputForm.Volume
  private let isColored: Bool
  private static let gap = 2

  init(_ volume: InputForm.Volume, isColored: Bool) {
    (self.volume, self.isColored) = (volume, isColored && volume.channels == 3)
  }

  /// How many pictures one volume is.
  private var count: Int { volume.depth * (isColored ? 1 : volume.channels) }
  private var columns: Int { Int(Double(count).squareRoot().rounded(.up)) }
  private var rows: Int { (count + columns - 1) / columns }

  /// The sheet's size in pixels, of several volumes side by side.
  func size(of slice: PictureSize, count: Int, scale: Int) -> PictureSize {
    PictureSize(
      height: rows * (slice.height * scale + Self.gap) - Self.gap,
      width: count * (columns * (slice.width * scale + Self.gap)) - Self.gap)
  }

  /// The sheet.
  ///
  /// - Parameters:
  ///   - volumes: N×(C·D)×H×W in 0…1.
  ///   - scale: How many times its size each pixel is shown.
  /// - Returns: One picture of `size(of:count:scale:)`.
  func picture(of volumes: Tensor, scale: Int) -> Picture {
    let slice = PictureSize(height: volumes.shape[2], width: volumes.shape[3])
    let total = size(of: slice, count: volumes.shape[0], scale: scale)
    var sheet = Picture(
      width: total.width, height: total.height,
      filledWith: ContactSheet.Theme.light.background)
    for image in 0..<volumes.shape[0] {
      let one = volumes.gathered([image], alongAxis: 0)
      for place in 0..<count {
        let picture = Picture(one.gathered(bands(of: place), alongAxis: 1))
          .resized(width: slice.width * scale, height: slice.height * scale)
        sheet.draw(
          picture,
          x: (image * columns + place % columns) * (slice.width * scale + Self.gap),
          y: place / columns * (slice.height * scale + Self.gap))
      }
    }
    return sheet
  }

  /// The bands of a picture on the sheet.
  private func bands(of place: Int) -> [Int] {
    isColored
      ? (0..<3).map { volume.band(channel: $0, slice: place) }
      : [volume.band(channel: place / volume.depth, slice: place % volume.depth)]
  }
}
