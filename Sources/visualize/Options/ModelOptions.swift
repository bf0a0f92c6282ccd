import ArgumentParser
import Foundation
import Networks
import Portraits
import Tensors

/// Which network, and how pictures are prepared for it.
///
/// What the file's metadata say is the weakest, then comes a JSON file beside the model with the same
/// keys, then `--preset`, then the other options.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The network, an ONNX file. (default: the one that ships)", valueName: "file"),
    completion: .file(extensions: ["onnx"]))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The labels of its classes: a text file with one a line, JSON, CSV or YAML. (default: what the "
        + "model or a file beside it says)", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "What the numbers are that it ends in, where nothing says it: classes, the dimensions of an embedding, or other "
        + "values.", valueName: "kind"))
  var endsIn: NumberKind?

  @Option(
    help: ArgumentHelp(
      "Which of the network's inputs is the picture. (default: the first with four extents)",
      valueName: "name"))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "What another of its inputs is: a NumPy file, or numbers with commas between them; may be said "
        + "several times.", valueName: "name=value"))
  var feed: [String] = []

  @Option(
    help: ArgumentHelp(
      "How many slices a volume has, where the file leaves that open; arrays have their own. (default: 16)",
      valueName: "count"))
  var slices: Int?

  @Option(
    help: ArgumentHelp(
      "How pictures are prepared, whatever the file says: as for torchvision and timm "
        + "(imagenet), Caffe, TensorFlow (-1…1), or not at all (none). (default: as the file says)",
      valueName: "name"))
  var preset: Preset?

  @Option(help: ArgumentHelp("The order of its channels.", valueName: "order"))
  var color: ColorArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Black and white, such as 0,255 or -1,1.", valueName: "low,high"))
  var range: NumberList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What is subtracted from each channel after that.", valueName: "r,g,b"))
  var mean: NumberList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What each channel is divided by after that.", valueName: "r,g,b"))
  var std: NumberList?

  @Option(
    help: ArgumentHelp(
      "What the factors of convolutions and matrix products are rounded to: float32, or bfloat16, which is faster and "
        + "some thousandths wrong, where the processor has it.", valueName: "name"))
  var precision = Precision.float32

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    guard precision.isSupported else {
      throw ValidationError(
        "--precision is \(precision.rawValue), which this processor does not multiply (it has no AVX512-BF16); leave it "
          + "out")
    }
    for feed in feed where !feed.dropFirst().contains("=") {
      throw ValidationError("--feed is `\(feed)` and must be NAME=FILE.npy or NAME=0.5")
    }
    do {
      _ = try ModelSettings(settings, from: Self.source)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// Where pictures go where nobody says it: those by a model of one's own into a folder of its name.
  var outputFolder: String {
    guard let model else { return "outputs" }
    let name = NetworkUnit.slug(URL(filePath: model).deletingPathExtension().lastPathComponent)
    return "outputs/\(name.isEmpty ? "model" : name)"
  }

  /// How many threads share the work.
  var threadCount: Int { machine.threadCount }

  /// Reads the network, with everything that is said about it.
  ///
  /// - Parameter path: The file, if it is not the option that names it.
  /// - Returns: The network.
  /// - Throws: What is wrong with the file or with what is said.
  func network(at path: String? = nil) throws -> Network {
    let path = try path ?? model ?? BundledModel.path()
    if let error = ForeignModelError(path) { throw error }
    do {
      return try Network.opened(
        at: path, settings: ModelSettings(settings, from: Self.source), labels: labels,
        picture: input, values: values
      ).computing(in: precision)
    } catch ModelSettingsError.badValue(let key, let value, Self.source, let expected) {
      // What only the network shows to be wrong is wrong use all the same.
      throw ValidationError(
        "--\(key.dropFirst("input.".count)) is “\(value)” and must be \(expected)")
    }
  }

  /// What other inputs are, by their names; their names may have any sign but the last `=`.
  private var values: [String: String] {
    var values: [String: String] = [:]
    for feed in feed {
      guard let sign = feed.lastIndex(of: "=") else { continue }
      values[String(feed[..<sign])] = String(feed[feed.index(after: sign)...])
    }
    return values
  }

  /// What errors call these options.
  private static let source = ModelSettings.commandLine

  /// What the options say, in the words of a model's metadata.
  private var settings: [String: String] {
    var settings = preset?.preprocessing.settings ?? [:]
    if let color { settings["input.color"] = color.rawValue }
    if let range { settings["input.range"] = range.text }
    if let mean { settings["input.mean"] = mean.text }
    if let std { settings["input.std"] = std.text }
    if let slices { settings["input.slices"] = "\(slices)" }
    if let endsIn { settings["output.kind"] = endsIn.rawValue }
    return settings
  }

  /// The options that name the network in the command of a single picture.
  ///
  /// - Parameter file: The model; nil: the one that ships.
  /// - Returns: Words of a shell.
  func words(naming file: String?) -> String {
    [words(identifying: file), preparingWords].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The same without those that prepare pictures.
  func words(identifying file: String?) -> String {
    var words: [(String, String?)] = [("--model", file?.fileName)]
    words.append(("--labels", labels?.fileName))
    words.append(("--ends-in", endsIn?.rawValue))
    words.append(("--input", input))
    words.append(("--slices", slices.map(String.init)))
    words += feed.map { ("--feed", $0.withoutFolders) }
    words.append(("--precision", precision == .float32 ? nil : precision.rawValue))
    return Self.joined(words)
  }

  /// Those that prepare pictures.
  var preparingWords: String {
    Self.joined([
      ("--preset", preset?.rawValue), ("--color", color?.rawValue), ("--range", range?.text),
      ("--mean", mean?.text), ("--std", std?.text),
    ])
  }

  private static func joined(_ words: [(String, String?)]) -> String {
    words.compactMap { name, value in value.map { "\(name) \($0.quotedForShell)" } }
      .joined(separator: " ")
  }
}
