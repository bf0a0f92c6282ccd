import Foundation
import ONNX

/// The recorded networks, where they lie beside the package: `shared/golden` in a folder above it.
enum Golden {
  /// A file of the shared folder; nil where there is none.
  static func path(_ name: String) -> String? {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let candidates = ["../shared", "../../shared"].map {
      package.appendingPathComponent($0).appendingPathComponent(name).standardizedFileURL.path
    }
    return candidates.first { FileManager.default.fileExists(atPath: $0) }
  }

  static let isPresent = path("golden") != nil

  /// The names of all cases.
  static let cases: [String] = {
    guard let folder = path("golden") else { return [] }
    let entries = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return (entries ?? []).filter { path("golden/\($0)/model.onnx") != nil }.sorted()
  }()

  struct Missing: Error {}

  /// A case's model.
  static func model(_ name: String) throws -> Model {
    try Model(contentsOf: file("golden/\(name)/model.onnx"))
  }

  static func file(_ name: String) throws -> String {
    guard let path = path(name) else { throw Missing() }
    return path
  }
}
