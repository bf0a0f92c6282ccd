import ArgumentParser
import Foundation
import Microscope
import Portraits
import Server

/// A network's page, which computes what is looked at.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Open a model in the browser: every layer and unit, made as it is looked at.",
    usage: "visualize serve [<model> ...] [<options>]",
    discussion: """
        visualize serve resnet50.onnx --open
        visualize serve before.onnx after.onnx --pictures photographs

      The page shows every layer's channels, makes pictures of those on the screen first, and of a unit \
      a large one while you watch. Drop a photograph onto it to see why the network takes it for what. Of \
      several models, layers and units of one name stand side by side. How pictures are prepared can be \
      changed there. It answers browsers on this machine only. Pictures are kept in MODEL.cache. Ctrl-C ends it.
      """)

  @Argument(
    help: "ONNX files. (default: the model that ships)", completion: .file(extensions: ["onnx"]))
  var files: [String] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The port; 0: one that is free.", valueName: "number"))
  var port: UInt16 = 8400

  @Flag(help: "Open it in the usual browser.")
  var open = false

  @Flag(help: "Make nothing and take nothing: show what is in the cache.")
  var readOnly = false

  @OptionGroup var options: MicroscopeOptions

  func run() throws {
    let titles = ModelTitles(ofFilesAt: files).titles
    var microscopes = [try options.microscope(of: files.first, title: titles.first)]
    for (index, file) in files.enumerated().dropFirst() {
      microscopes.append(
        try options.microscope(
          of: file, title: titles[index], beside: microscopes[0], at: "\(index + 1)/"))
    }
    let site = Site(microscopes, isReadOnly: readOnly)
    let server: Server
    do {
      server = try Server(port: port) { site.response(to: $0) }
    } catch let error as ServerError {
      throw AdvisedError(error: error, advice: "--port 0 takes any")
    }
    print(server.address)
    try Terminal.flushOutput()
    Terminal.note(
      "\(microscopes.map(\.title).joined(separator: " and ")) \(files.count > 1 ? "are" : "is") at that address until Ctrl-C."
    )
    if open { Self.open(server.address) }
    look(for: microscopes)
    try server.run()
  }

  /// Looks at the folder's pictures while pages are shown already.
  private func look(for microscopes: [Microscope]) {
    BackgroundThread.start {
      for microscope in microscopes {
        do {
          try MicroscopeOptions.look(for: microscope)
        } catch {
          Terminal.note("--pictures, looked at by \(microscope.title): \(error)")
        }
      }
    }
  }

  /// Asks the system to show an address.
  private static func open(_ address: String) {
    #if os(macOS)
      let program = "/usr/bin/open"
    #else
      let program = "/usr/bin/xdg-open"
    #endif
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = [address]
    (process.standardOutput, process.standardError) = (
      FileHandle.nullDevice, FileHandle.nullDevice
    )
    do {
      try process.run()
    } catch {
      Terminal.note("No browser could be opened (\(program)); open that address yourself.")
    }
  }
}
