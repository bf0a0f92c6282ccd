import ArgumentParser
import Files
import Foundation
import Galleries
import Microscope
import Synchronization

/// A network's pages as files to be published.
struct MicroscopeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "microscope",
    abstract: "Write a model's layers and units as a folder of pages to publish.",
    usage: "visualize microscope [<model>] [<options>]",
    discussion: """
        visualize microscope
        visualize microscope resnet50.onnx --layer layer4 --layer layer3 --pictures photographs
        visualize microscope resnet50.onnx --part 2/100
        visualize microscope resnet50.onnx --merge

      Writes outputs/MODEL-microscope/index.html and everything that it leads to, without anything from \
      elsewhere. Pictures are kept in MODEL.cache, so that an interrupted run goes on where it stopped.

      Any number of machines may make one folder, each a part; once all are there, --merge makes the pages, and \
      says what is missing if something is. Examples/cluster has jobs for Slurm and Kubernetes.
      """)

  @Argument(
    help: "An ONNX file. (default: the model that ships)", completion: .file(extensions: ["onnx"]))
  var file: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where it goes. (default: outputs/MODEL-microscope)", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp(
      "A layer whose units are shown, several times for several. (default: all)", valueName: "layer"
    ))
  var layer: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where it will be published, for the pictures that previews of links show.",
      valueName: "address"))
  var site: String?

  @Flag(help: "Write into a folder whatever is there.")
  var force = false

  @OptionGroup(title: "Many machines") var machines: PartOptions

  @OptionGroup var options: MicroscopeOptions

  func validate() throws { try PictureOutput.checkFolder(output) }

  func run() throws {
    let microscope = try options.microscope(of: file) {
      output ?? "outputs/\($0)-microscope"
    }
    let pages = try StaticMicroscope(
      microscope, site: site, layers: layer.isEmpty ? nil : layer, part: machines.part,
      write: machines.write)
    try checkFolder(pages.folder)
    if machines.part == nil, !machines.merge { try MicroscopeOptions.look(for: microscope) }
    let bar = Mutex(ProgressBar(total: pages.sharedCount, of: "picture"))
    let progress = { @Sendable (done: Int) in bar.withLock { $0.update(done) } }
    let report =
      machines.merge
      ? try pages.merge(progress: progress) {
        bar.withLock { $0.finish() }
        try MicroscopeOptions.look(for: microscope)
      }
      : try pages.make(threads: options.model.threadCount, progress: progress)
    bar.withLock { $0.finish() }
    if machines.part == nil { print("\(pages.folder)/index.html") }
    for (unit, reason) in report.failed.prefix(10) { Terminal.note("\(unit): \(reason)") }
    let failed = report.failed.isEmpty ? "" : ", \(report.failed.count) without a picture"
    let share = machines.part.map { "Part \($0) of \(pages.count) pictures: " } ?? ""
    Terminal.note(
      "\(share)\(report.made) pictures made, \(report.kept) there already\(failed).")
    if try machines.part != nil && !report.failed.isEmpty && !pages.isSettled() {
      throw ExitCode.failure
    }
  }

  /// Refuses a folder with a page that this command did not make.
  private func checkFolder(_ folder: String) throws {
    try checkWritable(folder: folder)
    let path = "\(folder)/index.html"
    guard !force, FileManager.default.fileExists(atPath: path) else { return }
    let bytes = try readFile(at: path)
    let text = String(decoding: bytes, as: UTF8.self)
    guard PageFrame.isOurs(bytes), text.contains("assets/style.css"),
      !text.contains(" data-gallery=")
    else { throw OccupiedError(file: path, occupant: "a gallery's page, or somebody else's") }
  }
}
