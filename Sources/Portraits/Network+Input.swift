public import Imaging
public import Networks
public import Tensors
public import Visualization

extension Network {
  /// A picture as the network's input: its middle, scaled to fill the size.
  ///
  /// - Parameters:
  ///   - picture: Any picture.
  ///   - size: Height and width.
  /// - Returns: 1×C×H×W in 0…1: red, green, blue, or their luma where the network takes one channel.
  /// - Throws: `PictureError.channels` where it takes neither; `NetworkError` and `MemoryError` for a size that it
  ///   cannot be fed, before memory is taken for it.
  public func input(_ picture: Picture, size: PictureSize) throws -> Tensor {
    try checkTakesPictures()
    guard form.takesPhotographs else {
      throw PictureError.form(file: path, form: form.inWords ?? "")
    }
    let channels = inputChannels ?? 3
    guard takesPhotographs else {
      throw PictureError.channels(file: path, count: channels)
    }
    try checkRoom(for: inputShape(size: size))
    let colors = picture.covering(width: size.width, height: size.height).tensor
    return channels == 3 ? colors : colors.luma
  }

  /// Whether a photograph can be shown to it: grey or in colour.
  public var takesPhotographs: Bool {
    form.takesPhotographs && [1, 3].contains(inputChannels ?? 3)
  }

  /// Why the network takes no pictures, in a few words; nil where it does.
  public var takesNoPictures: String? {
    guard input.dimensions.count != 4, !input.dimensions.isEmpty else { return nil }
    return graph.takesWholeNumbers(input)
      ? "none: whole numbers go in, as of text or of a file's bytes"
      : "none: \(input.dimensions.count) axes are not batch, channels, height, width"
  }

  /// Refuses a network whose input is no picture.
  ///
  /// - Throws: `PictureError`.
  public func checkTakesPictures() throws {
    guard input.dimensions.count == 4 || input.dimensions.isEmpty else {
      throw PictureError.noPictures(
        file: path, axes: input.dimensions.count, extents: input.inWords,
        isWhole: graph.takesWholeNumbers(input))
    }
  }
}

extension Tensor {
  /// Grey from red, green and blue, as ITU-R BT.601 weighs them and Pillow's `convert("L")` does:
  /// 1×1×H×W from 1×3×H×W.
  fileprivate var luma: Tensor {
    (self * Tensor([1, 3, 1, 1], [0.299, 0.587, 0.114])).sum(alongAxes: [1], keepingAxes: true)
  }
}

/// Why a network cannot be shown pictures.
public enum PictureError: Error, Hashable, CustomStringConvertible {
  /// Neither colours nor grey.
  case channels(file: String, count: Int)
  /// A band beyond the last.
  case bands(count: Int, band: Int)
  /// An input that is no picture, and that no photograph becomes.
  case form(file: String, form: String)
  /// An input that is not batch, channels, height, width.
  case noPictures(file: String, axes: Int, extents: String, isWhole: Bool)

  /// What is wrong.
  public var description: String {
    switch self {
    case .channels(let file, let count):
      "\(file) takes \(count) bands; a photograph has 3 (colours) or 1 (grey) and cannot be shown to it"
    case .bands(let count, let band):
      "there is no band \(band): the network's input has the bands 0…\(count - 1)"
    case .form(let file, let form): "\(file) takes \(form), and a photograph cannot be shown to it"
    case .noPictures(let file, _, let extents, isWhole: true):
      "\(file) takes no pictures: its input is \(extents)\(extents.contains("whole") ? "" : ", whole numbers"), as "
        + "of text or of a file's bytes, and no gradient leads to such"
    case .noPictures(let file, let axes, let extents, isWhole: false):
      "\(file) takes no pictures: its input has \(axes) axes and not batch, channels, height, width (it is \(extents))"
    }
  }
}
