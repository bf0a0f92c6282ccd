public import ArgumentParser
public import Explanations
public import Imaging

extension Framing.Fit: ExpressibleByArgument {}
extension SaliencyMap.Channels: ExpressibleByArgument {}
extension SaliencyMap.Grid: ExpressibleByArgument {}

/// How maps are shown, and as what they are saved.
struct MapOptions: ParsableArguments {
  /// What is drawn.
  enum Part: String, ExpressibleByArgument, CaseIterable {
    case heatmap, overlay, sheet
  }

  /// What a file holds.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case png, npy, json, csv
  }

  @Option(
    help: ArgumentHelp(
      "What to save: pictures, or the numbers as NumPy's .npy, as JSON or as a table; may be said "
        + "several times. (default: png)", valueName: "format"))
  var format: [Format] = []

  @Option(
    help: ArgumentHelp(
      "What pictures show: the map, the map over the photograph, or a sheet with everything and its "
        + "numbers. (default: sheet)", valueName: "part"))
  var only: Part?

  @Option(
    help: ArgumentHelp(
      "The width of each picture in pixels. (default: the photograph's; on sheets what suits their "
        + "number)", valueName: "pixels"))
  var width: Int?

  @Option(
    help: ArgumentHelp(
      "The percentile of the sizes from which on colours are full; 100 clips nothing. (default: 99)",
      valueName: "percent"))
  var percentile: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Even out what is shown of maps a pixel by a Gaussian of so many pixels; numbers stay. "
        + "(default: 1 at 224x224 for maps with a sign, none for others)",
      valueName: "pixels"))
  var blur: Double?

  @Flag(help: "Give every map colours of its own scale, and not one scale to each method.")
  var ownScale = false

  @Option(
    help: ArgumentHelp(
      "Whether numbers are saved for each channel or together, a number a position. (default: each of "
        + "signals, volumes and other arrays, in the axes of their own; else, and in tables, together)",
      valueName: "how"))
  var channels: SaliencyMap.Channels?

  @Option(
    help: ArgumentHelp(
      "Whether numbers are saved for the network's pixels, as the method yields them, or the "
        + "picture's. (default: network)", valueName: "pixels"))
  var grid: SaliencyMap.Grid?

  func validate() throws {
    if let width, !(32...8192).contains(width) {
      throw ValidationError("--width must be 32 to 8192, not \(width).")
    }
    if let percentile, !(percentile > 0 && percentile <= 100) {
      throw ValidationError("--percentile must be above 0 and at most 100, not \(percentile).")
    }
    if let blur, !(0...1000).contains(blur) {
      throw ValidationError("--blur must be 0 to 1000, not \(blur).")
    }
    if channels == .each, formats.contains(.csv) {
      throw ValidationError(
        "--channels each is for --format npy and json; a table holds one number a pixel.")
    }
    if let option = ofPictures.first, !formats.contains(.png) {
      throw ValidationError(
        "\(option) is for --format png, and \(format[0].rawValue) holds numbers.")
    }
    if let option = ofNumbers.first, formats == [.png] {
      throw ValidationError("\(option) is for numbers: --format npy, json or csv.")
    }
  }

  /// What is said of pictures alone but for their width, by the options' names.
  private var ofDrawing: [String] {
    [
      only.map { _ in "--only" }, percentile.map { _ in "--percentile" },
      blur.map { _ in "--blur" },
      ownScale ? "--own-scale" : nil,
    ].compactMap(\.self)
  }

  /// What is said of pictures alone.
  private var ofPictures: [String] { ofDrawing + (width == nil ? [] : ["--width"]) }

  /// What is said of numbers alone.
  private var ofNumbers: [String] {
    [channels.map { _ in "--channels" }, grid.map { _ in "--grid" }].compactMap(\.self)
  }

  /// What is said of maps, by the options' names.
  var ofMaps: [String] { ofDrawing + ofNumbers }

  /// What is saved, each once.
  var formats: [Format] { format.isEmpty ? [.png] : format.uniqued }

  /// Whether there is a file for every map, and not one for all.
  var isFilePerMap: Bool { formats != [.png] || part != .sheet }

  /// What pictures show.
  var part: Part { only ?? .sheet }

  /// How numbers become colours.
  var style: MapStyle {
    MapStyle(percentile: percentile ?? 99, blur: blur, sharesScale: !ownScale)
  }
}
