import ArgumentParser
import Imaging
import Networks
import Portraits
import Visualization

/// Everything to know before the first picture, on one screen.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check a model: what runs, what is believed, what is guessed, and what to try first.",
    usage: "visualize doctor <model> [--picture <file>]",
    discussion: """
        visualize doctor resnet50.onnx
        visualize doctor resnet50.onnx --picture cat.jpg

      Reads the model, runs it forwards and backwards on a few random pictures (and on yours), and says on one \
      screen what is fine, what is a guess and what is wrong. It ends with 1 where something keeps the network \
      from running.
      """)

  @Argument(
    help: "An ONNX file. (default: the model that ships)",
    completion: .file(extensions: ["onnx"]))
  var file: String?

  @Option(
    name: [.short, .long],
    help: "A picture that the network should know something about, PNG or JPEG.",
    completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The size of the picture: 224 or 320x240. (default: the network's)"))
  var size: PictureSize?

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    guard file == nil || model.model == nil else {
      throw ValidationError("The model is given twice: as \(file ?? "") and by --model.")
    }
  }

  func run() throws {
    let photograph = try picture.map { try Picture(contentsOf: $0) }
    let network = try model.network(at: file)
    try network.checkTakesPictures()
    let bar = ProgressBar(total: 3)
    bar.update(0, "reading")
    var checkup = Checkup(
      network: network, size: network.pictureSize(size), threads: model.threadCount,
      file: file ?? model.model)
    try checkup.run(photograph) { bar.update($0, $1) }
    bar.finish()
    for line in checkup.lines { print(line) }
    if !checkup.runs { throw ExitCode.failure }
  }
}
