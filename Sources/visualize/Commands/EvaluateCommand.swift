import ArgumentParser
import Attribution
import Explanations
import Faithfulness
import Imaging
import Networks
import Portraits
import Visualization

/// Which explanations of a network hold up.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure which explanations of a network hold up on your pictures.",
    usage: "visualize evaluate <picture or folder> … [--methods <names>] …",
    discussion: """
        visualize evaluate cat.jpg
        visualize evaluate photographs --model googlenet.onnx --methods all
        visualize evaluate cat.jpg --unit dog --methods smoothgrad,grad-cam
        visualize evaluate cat.jpg --unit dog --unit layer3:0-3

      Explains each picture by each method, measures the maps and ranks the methods: a table here, \
      evaluation.csv, evaluation.json with every curve, and evaluation.html with the maps. Of a volume voxels are \
      removed and filled in slice by slice; consistency is of photographs alone. \
      \(MethodEvaluation.rule) What is measured, after the heading of its \
      column (+ ranks methods):

      """
        + RegisteredMeasure.all.map { measure in
          "  \(measure.ranks ? "+" : " ") \(measure.heading.padded(to: 7))"
            + measure.name.padded(to: 18) + measure.summary
        }.joined(separator: "\n").wrapped(at: 79, indent: String(repeating: " ", count: 29))
        + "\n\nMethods: see visualize saliency --help.")

  /// The methods that are measured unless others are named: one or two of each family that is quick.
  ///
  /// Some twenty maps are needed of each; by covering parts of the picture they take longer than all of these.
  static let usualMethods =
    [
      "saliency", "input-x-gradient", "smoothgrad", "integrated-gradients", "grad-cam", "layer-cam",
    ]
  /// The rest of them: rules for rectifiers, or rules for attention where there is some.
  static let (ofRectifiers, ofAttention) = (
    ["guided-backprop", "lrp-epsilon-plus"], ["gradient-rollout", "attn-lrp"]
  )

  @Argument(
    help: "PNG or JPEG files, or folders of them; NumPy's arrays (.npy) and sounds (.wav).",
    completion: .file(extensions: ["png", "jpg", "jpeg", "npy", "wav"]))
  var pictures: [String]

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "What to explain in all of them: cat, 281, layer3:17, layer3:17@4,5 or layer3; or several: layer3:0-3, "
        + "layer3:all, all logits. May be said several times. (default: the top class of each)",
      valueName: "unit"))
  var unit: [String] = []

  @Option(
    help: ArgumentHelp(
      "Which methods, with commas between them, or all. (default: \(usualMethods.joined(separator: ", ")); "
        + "\(ofRectifiers.joined(separator: ", ")), where there is attention \(ofAttention.joined(separator: ", ")))",
      valueName: "names"))
  var methods: String?

  @Option(
    help: ArgumentHelp(
      "Which measures, with commas between them. (default: all)", valueName: "names"))
  var measures: String?

  @OptionGroup var framing: FramingOptions

  @Option(help: ArgumentHelp("What all that is random follows from."))
  var seed: UInt64 = 0

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Where the files go.", valueName: "folder"), completion: .directory)
  var output = "outputs/evaluation"

  @Flag(help: "Replace whatever is there under the names of the results.")
  var force = false

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    try PictureOutput.checkFolder(output)
    _ = try evaluator(ofAttention: false)
  }

  func run() throws {
    try EvaluationRun.checkWritable(in: output)
    let files = try photographs(at: pictures)
    let network = try model.network()
    let first = StoredInput.isOne(files[0]) ? try ExplainedFile(contentsOf: files[0]) : nil
    let explainer = try framing.explainer(network, for: first, threads: model.threadCount)
    let run = try EvaluationRun(
      files: files, units: unit, explainer: explainer,
      evaluator: try evaluator(
        ofAttention: network.attentionPlace(shapes: explainer.shapes) != .nowhere), seed: seed,
      folder: output,
      areNamed: methods != nil)
    try run.checkOutput(replacing: force)
    try Interruption.gracefully { try run.run() }
    if !run.isWhole { throw ExitCode.failure }
  }

  private func evaluator(ofAttention: Bool) throws -> Evaluator {
    do {
      let usual = Self.usualMethods + (ofAttention ? Self.ofAttention : Self.ofRectifiers)
      let names = try methods.map { try Self.names($0, of: "method") } ?? usual
      let methods = names == ["all"] ? RegisteredMethod.all : try names.map(RegisteredMethod.named)
      let measures = try measures.map {
        try Self.names($0, of: "measure").map(RegisteredMeasure.named)
      }
      return Evaluator(methods: methods, measures: measures ?? RegisteredMeasure.all)
    } catch let error as ValidationError {
      throw error
    } catch {
      throw ValidationError("\(error).")
    }
  }

  /// The names in a list, each once.
  private static func names(_ list: String, of noun: String) throws -> [String] {
    var seen = Set<String>()
    let names = list.split(separator: ",").map { $0.filter { $0 != " " } }
      .filter { !$0.isEmpty && seen.insert($0).inserted }
    guard !names.isEmpty else { throw ValidationError("--\(noun)s names no \(noun).") }
    return names
  }
}
