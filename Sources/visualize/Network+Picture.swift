import Imaging
import Networks
import Tensors

extension Network {
  /// A picture as the network's input: its middle, scaled to fill the size.
  ///
  /// - Parameters:
  ///   - picture: Any picture.
  ///   - size: Height and width.
  /// - Returns: 1×C×H×W in 0…1: red, green, blue, or their luma where the network takes one channel.
  /// - Throws: `PictureError.channels` where it takes neither.
  func input(_ picture: Picture, size: (height: Int, width: Int)) throws -> Tensor {
    try checkTakesPictures()
    let colors = picture.covering(width: size.width, height: size.height).tensor
    switch inputChannels ?? 3 {
    case 3: return colors
    case 1:
      // ITU-R BT.601, as in Pillow's `convert("L")`.
      let weights = Tensor([1, 3, 1, 1], [0.299, 0.587, 0.114])
      return (colors * weights).sum(alongAxes: [1], keepingAxes: true)
    case let channels: throw PictureError.channels(file: path, count: channels)
    }
  }

  /// Refuses a network whose input is no picture.
  ///
  /// - Throws: `PictureError.noPictures`.
  func checkTakesPictures() throws {
    guard input.dimensions.count == 4 || input.dimensions.isEmpty else {
      throw PictureError.noPictures(file: path, axes: input.dimensions.count)
    }
  }
}

/// Why a network cannot be shown pictures.
enum PictureError: Error, CustomStringConvertible {
  case channels(file: String, count: Int)
  case noPictures(file: String, axes: Int)

  var description: String {
    switch self {
    case .channels(let file, let count):
      "\(file) takes \(count) channels; pictures have 3 (colours) or 1 (grey)"
    case .noPictures(let file, let axes):
      "\(file) takes no pictures: its input has \(axes) axes and not batch, channels, height, width"
    }
  }
}
