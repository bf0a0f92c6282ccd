import ArgumentParser
import Files
import Foundation
import Microscope
import Networks
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

      Writes outputs/MODEL-microscope/index.html and everything that it leads to, without anything from \
      elsewhere. Pictures are kept in MODEL.cache, so that an interrupted run goes on where it stopped.
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

  @OptionGroup var options: MicroscopeOptions

  func run() throws {
    let microscope = try options.microscope(of: file)
    let name = URL(filePath: microscope.network.path).deletingPathExtension().lastPathComponent
    let folder = output ?? "outputs/\(NetworkUnit.slug(name))-microscope"
    try checkFolder(folder)
    let pages = try StaticMicroscope(
      microscope, folder: folder, site: site, layers: layer.isEmpty ? nil : layer
    ) { bytes, path in
      try Interruption.deferred { try writeAtomically(bytes, to: path) }
    }
    try MicroscopeOptions.look(for: microscope)
    let bar = Mutex(ProgressBar(total: pages.count, of: "picture"))
    let report = try pages.make(threads: options.model.threadCount) { done in
      bar.withLock { $0.update(done) }
    }
    bar.withLock { $0.finish() }
    print("\(folder)/index.html")
    for (unit, reason) in report.failed.prefix(10) { Terminal.note("\(unit): \(reason)") }
    let failed = report.failed.isEmpty ? "" : ", \(report.failed.count) without a picture"
    Terminal.note(
      "\(report.made) pictures made, \(report.kept) there already\(failed).")
  }

  /// Refuses a folder with a page that this command did not make.
  private func checkFolder(_ folder: String) throws {
    try checkWritable(folder: folder)
    let path = "\(folder)/index.html"
    guard !force, FileManager.default.fileExists(atPath: path) else { return }
    let text = String(decoding: try readFile(at: path), as: UTF8.self)
    guard text.contains("<meta name=\"generator\" content=\"visualize "),
      text.contains("assets/style.css")
    else { throw OccupiedError(file: path, occupant: "a page of somebody else") }
  }
}
