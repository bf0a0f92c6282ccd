import ArgumentParser
import Files
import Foundation
import Imaging
import Networks

/// What is settled of a picture's file before the work: that it can be written, and that nothing is lost by it.
enum PictureOutput {
  /// Refuses a name that says another format than PNG.
  ///
  /// - Parameters:
  ///   - path: The name; nil: there is none.
  ///   - option: What says it.
  /// - Throws: `ValidationError`.
  static func checkName(_ path: String?, option: String = "--output") throws {
    guard let name = path?.split(separator: "/").last, let point = name.lastIndex(of: "."),
      point != name.startIndex
    else { return }
    let suffix = name[name.index(after: point)...]
    // A point may also stand in a unit's name: mixed4a.10.
    guard !suffix.isEmpty, suffix.allSatisfy(\.isLetter), suffix.lowercased() != "png" else {
      return
    }
    throw ValidationError("\(option) is written as PNG and must end in .png, not .\(suffix).")
  }

  /// Refuses a folder's name that is a file's: nothing of that format would be written.
  ///
  /// - Parameters:
  ///   - path: The name; nil: there is none.
  ///   - option: What says it.
  /// - Throws: `ValidationError`.
  static func checkFolder(_ path: String?, option: String = "--output") throws {
    guard let path else { return }
    let suffix = URL(filePath: path).pathExtension
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard formats.contains(suffix.lowercased()), !(isThere && isFolder.boolValue) else { return }
    throw ValidationError(
      "\(option) names a folder, and \(path) is a file's name; leave out .\(suffix).")
  }

  /// Endings by which one knows a file.
  private static let formats: Set = [
    "png", "apng", "gif", "jpg", "jpeg", "webp", "svg", "pdf", "bmp", "tif", "tiff", "mp4", "npy",
    "npz", "csv", "json", "html", "htm", "txt", "yaml", "yml", "zip", "onnx",
  ]

  /// Refuses a file that cannot be written, and one that is not the same picture made before.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - title: What is to be seen, as it stands in the file.
  ///   - network: The network.
  ///   - force: Whether whatever is there may be replaced.
  /// - Throws: `FileError.unwritable`, `OccupiedError`.
  static func check(_ path: String, title: String, by network: Network, force: Bool) throws {
    try checkWritable(path)
    let occupant = Occupant(at: path)
    guard force || occupant.isOf(title: title, modelHash: network.sha256) else {
      throw OccupiedError(file: path, occupant: occupant.description)
    }
  }
}
