import ArgumentParser
import Attribution
import Explanations
import Imaging
import Networks
import Portraits
import Visualization

/// What mattered in a picture.
struct SaliencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "saliency",
    abstract: "Show which parts of a picture mattered for a unit.",
    usage: "visualize saliency <picture> … [--unit <unit>] [--method <method>] …",
    discussion: """
        visualize saliency cat.jpg
        visualize saliency cat.jpg --unit dog --method grad-cam
        visualize saliency cat.jpg --unit cat --against dog
        visualize saliency photographs --top 3 --method integrated-gradients
        visualize saliency cat.jpg --method all
        visualize saliency cat.jpg --format npy --channels each
        visualize saliency heartbeat.npy --model ecg.onnx --method integrated-gradients
        visualize saliency speech.wav --model words.onnx
        visualize saliency cat.jpg --what-fires

      Writes a sheet with the picture, the map and the map over the picture, as \
      outputs/cat-saliency-grad-cam.png, and prints that path. Several pictures, a folder of them, \
      several units and several methods stand side by side on one sheet.

      Networks of signals, spectrograms, volumes and films, and of pictures with any number of bands, are \
      shown NumPy's arrays, in the axes and numbers that they take; networks of sound also WAVE files, \
      whose −1…1 is brought into their range and whose rate stays. A signal is drawn as a line over the \
      colours of its map, a volume as its slices; --format npy has the axes of the input.

      Without --method, for classes, what visualize evaluate ranks high among the methods that change with \
      random weights and with another class, as a map must: attn-lrp in a vision transformer, where it was \
      first on both that were tried; else grad-cam, of the last map before pooling or of the tokens that go \
      into the last attention, which was among the first two on the network that ships, GoogLeNet and \
      ResNet-50, as was lrp-epsilon-plus. For the classes of a detector, whose scores are of single places, \
      layer-cam of the maps that go into its head. For what is no class (a channel, a neuron, an objective), \
      for those of a segmenter, which are sums over masks, and where no layer has rows and columns \
      smoothgrad, the next that any network can have. With --layer alone grad-cam, of a detector \
      layer-cam. Which is best on your network and photographs: visualize evaluate.

      """
        + RegisteredMethod.all.map { "  \($0.name.padded(to: 31))\($0.summary)" }
        .joined(separator: "\n").wrappedInColumns)

  @Argument(
    help: "PNG or JPEG files, or folders of them; NumPy's arrays (.npy) and sounds (.wav).",
    completion: .file(extensions: ["png", "jpg", "jpeg", "npy", "wav"]))
  var picture: [String]

  @OptionGroup(title: "What is explained") var units: ExplainedUnits

  @OptionGroup(title: "How") var methods: MethodOptions

  @OptionGroup var framing: FramingOptions

  @OptionGroup(title: "What fires") var firing: FiringOptions

  @OptionGroup(title: "What is saved") var maps: MapOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The file to write, or a folder where there are several. (default: in outputs)",
      valueName: "path"), completion: .file())
  var output: String?

  @Flag(help: "Replace whatever is there under the name of the result.")
  var force = false

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    guard !picture.isEmpty else { throw ValidationError("Missing expected argument '<picture> …'") }
    _ = try methods.methods()
    try methods.checkNeuron()
    if firing.whatFires, let option = (units.said + methods.saidOfMaps + maps.ofMaps).first {
      throw ValidationError("--what-fires makes no map of a unit and goes without \(option).")
    }
    if firing.whatFires, maps.formats != [.png] {
      throw ValidationError("--what-fires makes pictures, and --format says something else.")
    }
    if !firing.whatFires { try methods.checkUse() }
  }

  func run() throws {
    let paths = try photographs(at: picture)
    // The picture first: it is the quickest to be found missing.
    let readsFirst = paths.count == 1 || StoredInput.isOne(paths[0])
    let first = readsFirst ? try ExplainedFile(contentsOf: paths[0]) : nil
    let network = try model.network()
    let explainer = try framing.explainer(network, for: first, threads: model.threadCount)
    if firing.whatFires { return try showWhatFires(paths, first, explainer) }
    guard !units.eachBox || network.classScores(in: explainer.shapes)?.task == .detection else {
      throw ValidationError("--each-box is for detectors, and \(network.name) is none.")
    }
    let known = try units.known(by: explainer)
    let methods = try methods.settled {
      try explainer.usualMethod(for: known.subjects, namesLayer: !self.methods.layer.isEmpty)
    }
    let files = try SaliencyFiles(
      output, formats: maps.formats, isOne: hasOneFile(paths, known, methods), force: force)
    let output = SaliencyOutput(maps, files, known: known, methods: methods)
    var run = try SaliencyRun(
      explainer: explainer, units: units, methods: methods, output: output)
    try run.run(paths, first: first)
    try conclude(run.failures)
  }

  private func showWhatFires(_ paths: [String], _ first: ExplainedFile?, _ explainer: Explainer)
    throws
  {
    guard !explainer.isOfNumbers else {
      throw ValidationError("--what-fires cuts parts out of photographs; numbers have none.")
    }
    let files = try SaliencyFiles(
      output, formats: [.png], isOne: paths.count == 1, force: force)
    var run = FiringRun(
      explainer: explainer, layers: methods.layer, count: units.top ?? 5, options: firing,
      files: files, width: maps.width)
    try run.run(paths, first: first)
    try conclude(run.failures)
  }

  /// Whether one file comes of it for certain.
  private func hasOneFile(
    _ paths: [String], _ known: ExplainedUnits.Known, _ methods: MethodOptions
  ) -> Bool {
    guard maps.formats.count == 1 else { return false }
    return maps.isFilePerMap
      ? paths.count == 1 && known.isOne && methods.isOne : paths.count <= SaliencyRun.rowLimit
  }

  /// Names what could not be made, and fails if there is any.
  private func conclude(_ failures: [(name: String, reason: String)]) throws {
    guard !failures.isEmpty else { return }
    for (name, reason) in failures { Terminal.note("\(name): \(reason)") }
    Terminal.note("\(failures.count) could not be made; the rest was.")
    throw ExitCode.failure
  }
}

extension String {
  /// A text of two columns, the second from the 34th character on, broken for 80.
  fileprivate var wrappedInColumns: String {
    wrapped(at: 79, indent: String(repeating: " ", count: 33))
  }
}
