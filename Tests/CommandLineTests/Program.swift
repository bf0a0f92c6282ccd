import Foundation
import Testing

/// What the program said and how it ended.
struct Run {
  let status: Int32
  let output: String
  let errors: String

  /// What it wrote, in one line whatever the columns.
  var words: String { Self.words(output) }
  /// What it said, in one line whatever the columns.
  var errorWords: String { Self.words(errors) }

  private static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// Runs the program that was built beside these tests.
///
/// - Parameters:
///   - arguments: What follows its name.
///   - folder: The working directory.
/// - Returns: How it ended.
/// - Throws: Where it cannot be started.
func visualize(_ arguments: String..., in folder: URL) throws -> Run {
  try run(program(), arguments, in: folder)
}

/// Runs any program, its output gathered in files so that nothing waits for a reader.
func run(_ program: URL, _ arguments: [String], in folder: URL) throws -> Run {
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  process.currentDirectoryURL = folder
  process.standardInput = FileHandle.nullDevice
  let id = UUID().uuidString
  let files = ["out", "err"].map {
    FileManager.default.temporaryDirectory.appending(path: "\(id).\($0)")
  }
  defer { for file in files { try? FileManager.default.removeItem(at: file) } }
  let handles = try files.map { file in
    try Data().write(to: file)
    return try FileHandle(forWritingTo: file)
  }
  (process.standardOutput, process.standardError) = (handles[0], handles[1])
  try process.run()
  process.waitUntilExit()
  let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
  let status =
    process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  return Run(status: status, output: texts[0], errors: texts[1])
}

/// The built program: beside the test bundle, wherever the build folder is.
func program() throws -> URL {
  var folders = [Bundle.main.bundleURL, URL(filePath: CommandLine.arguments[0])]
  folders += Bundle.allBundles.map(\.bundleURL)
  for start in folders {
    var folder = start
    for _ in 0..<4 {
      folder.deleteLastPathComponent()
      let program = folder.appending(path: "visualize")
      if FileManager.default.isExecutableFile(atPath: program.path),
        (try? program.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == false
      {
        return program
      }
    }
  }
  throw ProgramNotFound()
}

struct ProgramNotFound: Error {}

/// An empty folder for one test, removed after it.
func inEmptyFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(
    path: "visualize-\(UUID().uuidString)", directoryHint: .isDirectory)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}

/// Every file below a folder, hidden ones too.
func files(in folder: URL) -> [String] {
  (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
}
