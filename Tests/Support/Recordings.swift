public import Foundation

/// What other programs computed, in `Tests/Recordings`; its README says which.
public enum Recordings {
  /// The folder of all recordings.
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Recordings", directoryHint: .isDirectory)

  /// A folder of recordings, by its name or its path below `Tests/Recordings`.
  ///
  /// A test that is run where it is missing fails: nothing skips itself.
  public static func folder(_ path: String) -> URL {
    let folder = root.appending(path: path, directoryHint: .isDirectory)
    precondition(
      FileManager.default.fileExists(atPath: folder.path), "there is no folder \(folder.path)")
    return folder
  }

  /// A recorded file, by its path below `Tests/Recordings`.
  public static func file(_ path: String) -> URL {
    let file = root.appending(path: path, directoryHint: .notDirectory)
    precondition(FileManager.default.fileExists(atPath: file.path), "there is no file \(file.path)")
    return file
  }

  /// The cases of a folder: the names of the folders in it that hold a model, in order.
  public static func cases(_ path: String) -> [String] {
    let folder = folder(path)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let cases = names.filter {
      FileManager.default.fileExists(atPath: folder.appending(path: "\($0)/model.onnx").path)
    }
    precondition(!cases.isEmpty, "there are no cases in \(folder.path)")
    return cases.sorted()
  }

  /// A folder of recordings that is kept in one file, `PATH.tar.gz`, unpacked for a test.
  ///
  /// - Throws: Where it cannot be unpacked.
  public static func unpacked(_ path: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar", "-xzf", file("\(path).tar.gz").path, "-C", folder.path]
    try tar.run()
    tar.waitUntilExit()
    guard tar.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
    return folder
  }
}
