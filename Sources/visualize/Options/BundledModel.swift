import Foundation

/// The model that ships with the program.
enum BundledModel {
  private static let file = "models/everyday64-robust.onnx"

  /// The path of its file.
  ///
  /// A folder `models` is looked for beside the program, where it stands in an installation, and in the
  /// folders above, where it stands under `swift run` (the program is in `.build/debug` then); and last in
  /// the sources that the program was built from. The working directory does not matter.
  ///
  /// - Throws: `BundledModelError`, with what to do.
  static func path() throws -> String {
    for folder in folders {
      let path = folder.appending(path: file).path
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw BundledModelError(folder: program.deletingLastPathComponent().path)
  }

  private static var program: URL {
    let url = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return url.resolvingSymlinksInPath()
  }

  private static var folders: [URL] {
    var folders: [URL] = []
    var folder = program.deletingLastPathComponent()
    for _ in 0..<5 {
      folders.append(folder)
      folder.deleteLastPathComponent()
    }
    var sources = URL(filePath: #filePath)
    for _ in 0..<4 { sources.deleteLastPathComponent() }
    return folders + [sources]
  }
}
