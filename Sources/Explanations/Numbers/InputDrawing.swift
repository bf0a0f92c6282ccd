import Attribution
import Imaging
import Networks
import Portraits
import Tensors

/// How an input of numbers is drawn: a signal as a line over time for each band, a volume as its slices, other
/// arrays as the pictures that they are.
struct InputDrawing {
  private let input: Tensor
  private let form: InputForm

  /// The width of a signal's plots, in pixels.
  static let signalWidth = 720
  /// The width of a volume's slices together, in pixels.
  static let volumeWidth = 560

  /// Takes an input, 1×C×H×W.
  init(_ input: Tensor, form: InputForm) { (self.input, self.form) = (input, form) }

  /// The input alone.
  func picture(width: Int? = nil) -> Picture {
    switch form {
    case .signal: signal(width ?? Self.signalWidth)
    case .volume(let volume): slices(volume, width ?? Self.volumeWidth) { picture, _ in picture }
    default: Picture(brightness)
    }
  }

  /// A map over the input, or alone.
  func picture(
    _ layer: Photograph.Layer, of shown: ShownMap, _ style: MapStyle, _ range: ClosedRange<Float>,
    width: Int
  ) -> Picture {
    let values = shown.values(style)
    let colors = shown.colors(range)
    guard case .volume(let volume) = form else {
      return signal(
        width, map: SignalMap(values, colors, range), showsNumbers: layer == .heatmap)
    }
    let maps = values.enlarged(depth: volume.depth)
    return slices(volume, width) { picture, slice in
      let map = HeatMap(
        maps.gathered([slice], alongAxis: 0), colors: colors, normalization: .fixed(range))
      return layer == .heatmap
        ? map.picture(width: picture.width, height: picture.height) : map.overlay(on: picture)
    }
  }

  /// The input from its smallest number, black, to its largest, white: three channels as colours, any other number
  /// as their mean.
  private var brightness: Tensor { Self.shown(unit) }

  /// The input from its smallest number, 0, to its largest, 1.
  private var unit: Tensor {
    let (low, high) = (input.minimum, input.maximum)
    return (input - low) / max(high - low, .leastNormalMagnitude)
  }

  private static func shown(_ bands: Tensor) -> Tensor {
    [1, 3].contains(bands.shape[1])
      ? bands : bands.sum(alongAxes: [1], keepingAxes: true) / Float(bands.shape[1])
  }

  // MARK: Signals

  private func signal(
    _ width: Int, map: SignalMap? = nil, showsNumbers: Bool = false
  ) -> Picture {
    let length = input.shape[3]
    // A map of all bands together has one line of its own.
    let bands = showsNumbers && map?.isOfAll == true ? 1 : input.shape[1]
    let height = bands == 1 ? 220 : max(80, min(110, 880 / bands))
    var picture = Picture(
      width: width, height: height * bands, filledWith: ContactSheet.Theme.light.background)
    for band in 0..<bands {
      var plot = LinePlot(
        x: band == bands - 1 ? "sample" : "", y: bands == 1 ? "" : "band \(band)",
        width: width, height: height, scale: 1)
      plot.xRange = 0...Double(max(length - 1, 1))
      if let map { plot.shades = map.shades(band, over: length, columns: width) }
      let own = Array(input.scalars[band * length..<(band + 1) * length])
      let line =
        showsNumbers ? map?.points(band, over: length) ?? [] : SignalPlot.points(own)
      // Light around the line sets it off from dark colours.
      if map != nil { plot.add("", line, color: .white, width: 3.5) }
      plot.add(
        "", line, color: map == nil ? LinePlot.palette[0] : ContactSheet.Theme.light.title,
        width: map == nil ? 1 : 1.25)
      picture.draw(plot.picture(), x: 0, y: band * height)
    }
    return picture
  }

  // MARK: Volumes

  private func slices(
    _ volume: InputForm.Volume, _ width: Int, _ drawn: (Picture, Int) -> Picture
  ) -> Picture {
    let columns = Int(Double(volume.depth).squareRoot().rounded(.up))
    let rows = (volume.depth + columns - 1) / columns
    let gap = 3
    let side = max(1, (width - (columns - 1) * gap) / columns)
    let tall = max(1, side * input.shape[2] / input.shape[3])
    var sheet = Picture(
      width: columns * (side + gap) - gap, height: rows * (tall + gap) - gap,
      filledWith: ContactSheet.Theme.light.background)
    let unit = unit
    for slice in 0..<volume.depth {
      let shown = Self.shown(unit.gathered(volume.bands(ofSlice: slice), alongAxis: 1))
      sheet.draw(
        drawn(Picture(shown).resized(width: side, height: tall), slice),
        x: slice % columns * (side + gap), y: slice / columns * (tall + gap))
    }
    return sheet
  }
}
