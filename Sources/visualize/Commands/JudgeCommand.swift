import ArgumentParser
import Imaging
import Networks
import Portraits

/// What other networks see in pictures.
struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Ask networks that did not make your pictures what they see in them.",
    usage: "visualize judge <picture or folder> … --by <model> … [--class <label>]",
    discussion: """
        visualize judge outputs/cat.png --by mobilenet.onnx
        visualize judge outputs --by mobilenet.onnx --by squeezenet.onnx --json
        visualize judge photographs --by mobilenet.onnx --class cat

      Which class a picture is of stands in its file, where this program made it. Each network sees the \
      whole picture, its middle and its corners, mirrored and not; probabilities are means over these \
      views. A name stands for every class of which a name is the same, else for those that end in it \
      (penguin: king penguin), else for what a file of --names says.
      """)

  @Argument(help: "Pictures, PNG or JPEG, and folders of them.", completion: .file())
  var pictures: [String]

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A network that is to say what it sees; several times for several.", valueName: "model"),
    completion: .file(extensions: ["onnx"]))
  var by: [String]

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The labels of a network's classes: once for all networks, or once for each --by in the same order. (default: what "
        + "the model or a file beside it says)", valueName: "file"), completion: .file())
  var labels: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "How pictures are prepared, in place of what the models say: once for all networks, or once for each --by in the same "
        + "order.", valueName: "name"))
  var preset: [Preset] = []

  @Option(
    name: .customLong("class"),
    help: "The class that the pictures are of. (default: what stands in their files)")
  var label: String?

  @Option(
    help: ArgumentHelp(
      "A text file of what names stand for in other networks' words, a line each: 'cat: tabby; tiger cat'.",
      valueName: "file"), completion: .file())
  var names: String?

  @Flag(help: "Print everything as JSON instead.")
  var json = false

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    guard !by.isEmpty else {
      throw ValidationError("Missing expected argument '--by <model>': a network that is to judge")
    }
    for (option, count) in [("--labels", labels.count), ("--preset", preset.count)] {
      guard [0, 1, by.count].contains(count) else {
        throw ValidationError(
          "\(option) is said \(count) times for \(by.count) networks; say it once for all or once for each --by."
        )
      }
    }
  }

  func run() throws {
    let names = try names.map { try ClassNames(contentsOf: $0).names } ?? [:]
    let judges = try by.indices.map { try judge($0) }
    for judge in judges { judge.network.announceAsJudge(advice: "--preset says better.") }
    let paths = try photographs(at: pictures)
    let bar = ProgressBar(total: paths.count, of: "picture")
    defer { bar.finish() }
    var judgement = Judgement(judges: judges.map(\.network))
    let leftOut = try forEachPicture(of: paths) { picture, path in
      bar.update(judgement.rows.count, path)
      let name = try label ?? Judgement.title(ofPictureAt: path)
      let verdicts = try judges.map { judge in
        try judge.verdict(
          on: picture, classes: name.map { judge.classes(called: $0, knownAs: names) } ?? [])
      }
      judgement.rows.append(
        .init(path: path, name: name, verdicts: verdicts, traits: PictureTraits(picture)))
    }
    bar.finish()
    leftOut.forEach { Terminal.note("\($0).") }
    guard !judgement.rows.isEmpty else { throw ExitCode.failure }
    if json {
      print(try judgement.json())
    } else {
      judgement.lines().forEach { print($0) }
    }
    if !leftOut.isEmpty { throw ExitCode.failure }
  }

  /// A network with what is said of it: for all of them, or for it by its place.
  private func judge(_ place: Int) throws -> Judge {
    func own<Said>(_ said: [Said]) -> Said? {
      said.count == 1 ? said[0] : said.dropFirst(place).first
    }
    let settings = try ModelSettings(
      own(preset)?.preprocessing.settings ?? [:], from: ModelSettings.commandLine)
    return try Judge(
      Network.opened(at: by[place], settings: settings, labels: own(labels)),
      threads: machine.threadCount)
  }
}
