public import Foundation

/// A folder that is removed with its contents at the end of its life.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path: String

  /// Makes an empty folder.
  ///
  /// - Throws: Where it cannot be made.
  public init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The same as a URL.
  public var url: URL { URL(filePath: path, directoryHint: .isDirectory) }

  /// The files below it, hidden ones too, by their paths in it.
  ///
  /// - Throws: Where one cannot be read.
  public var files: [String: Data] {
    get throws {
      var files: [String: Data] = [:]
      for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
        let file = url.appending(path: name)
        if !file.hasDirectoryPath, try file.isRegularFile {
          files[name] = try Data(contentsOf: file)
        }
      }
      return files
    }
  }

  /// Writes a file, in a folder of its own if its name says so.
  ///
  /// - Returns: The file's path.
  /// - Throws: Where it cannot be written.
  @discardableResult
  public func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }
}

extension URL {
  fileprivate var isRegularFile: Bool {
    get throws { try resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
  }
}
