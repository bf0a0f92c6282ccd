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
        + "numbers.", valueName: "part"))
  var only = Part.sheet

  @Option(
    help: ArgumentHelp(
      "The width of each picture in pixels. (default: the photograph's; on sheets what suits their "
        + "number)", valueName: "pixels"))
  var width: Int?

  @Option(
    help: ArgumentHelp(
      "The percentile of the sizes from which on colours are full; 100 clips nothing.",
      valueName: "percent"))
  var percentile = 99.0

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
        + "picture's.", valueName: "pixels"))
  var grid = SaliencyMap.Grid.network

  func validate() throws {
    if let width, !(32...8192).contains(width) {
      throw ValidationError("--width must be 32 to 8192, not \(width).")
    }
    guard percentile > 0, percentile <= 100 else {
      throw ValidationError("--percentile must be above 0 and at most 100, not \(percentile).")
    }
    if let blur, !(0...1000).contains(blur) {
      throw ValidationError("--blur must be 0 to 1000, not \(blur).")
    }
    if channels == .each, formats.contains(.csv) {
      throw ValidationError(
        "--channels each is for --format npy and json; a table holds one number a pixel.")
    }
  }

  /// What is saved, each once.
  var formats: [Format] { format.isEmpty ? [.png] : format.uniqued }

  /// Whether there is a file for every map, and not one for all.
  var isFilePerMap: Bool { formats != [.png] || only != .sheet }

  /// How numbers become colours.
  var style: MapStyle {
    MapStyle(percentile: percentile, blur: blur, sharesScale: !ownScale)
  }
}
