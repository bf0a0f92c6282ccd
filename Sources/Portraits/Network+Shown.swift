public import Imaging
public import Networks
public import Tensors
public import Visualization

extension Network {
  /// Pictures of the network's input as people look at them: side by side; signals as lines over time; the slices of
  /// volumes and the frames of films on a sheet.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W in 0…1.
  ///   - scale: How many times its size each pixel is shown; lines have a size of their own.
  ///   - bands: The bands to show as red, green and blue; nil: each as a grey picture.
  /// - Returns: One picture.
  public func shown(_ pictures: Tensor, scale: Int = 1, bands: [Int]? = nil) -> Picture {
    switch form {
    case .signal: SignalPlot(preparation).picture(of: pictures)
    case .volume(let volume) where bands == nil:
      SliceSheet(volume, isColored: preparation.color != .bands).picture(of: pictures, scale: scale)
    default: Picture(sideBySide: pictures, scale: scale, bands: bands)
    }
  }

  /// A portrait as people look at it: with its opacity, and made anew where its parameters say what a larger one looks
  /// like.
  ///
  /// - Parameters:
  ///   - portrait: The portrait.
  ///   - scale: How many times its size each pixel is shown.
  ///   - bands: The bands to show as red, green and blue; nil: each as a grey picture.
  /// - Returns: One picture.
  public func shown(_ portrait: Portrait, scale: Int = 1, bands: [Int]? = nil) -> Picture {
    portrait.isMoreThanPixels
      ? portrait.picture(scale: scale, bands: bands)
      : shown(portrait.pictures, scale: scale, bands: bands)
  }

  /// The size of what `shown(_:scale:bands:)` returns, in pixels.
  ///
  /// - Parameters:
  ///   - size: One picture's, as the network sees it.
  ///   - count: How many pictures there are.
  ///   - scale: How many times its size each pixel is shown.
  ///   - bands: The bands to show as colours.
  /// - Returns: Height and width.
  public func shownSize(
    of size: PictureSize, count: Int, scale: Int, bands: [Int]? = nil
  ) -> PictureSize {
    let channels = inputChannels ?? 3
    switch form {
    case .signal: return SignalPlot.size(bands: channels, count: count)
    case .volume(let volume) where bands == nil:
      return SliceSheet(volume, isColored: preparation.color != .bands)
        .size(of: size, count: count, scale: scale)
    default:
      let areBands = bands == nil && ![1, 3].contains(channels)
      return PictureSize(
        height: size.height * scale, width: size.width * scale * count * (areBands ? channels : 1))
    }
  }
}
