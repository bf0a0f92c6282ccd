import Foundation

/// The photographs that paths stand for.
///
/// - Parameter paths: Files, and folders of PNG and JPEG files; files are not looked at.
/// - Returns: The files, those of a folder by their names.
/// - Throws: `NoPicturesError` for a folder without any.
public func photographs(at paths: [String]) throws -> [String] {
  try paths.flatMap { path -> [String] in
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [path] }
    let files = try FileManager.default.contentsOfDirectory(atPath: path).filter { name in
      let suffix = URL(filePath: name).pathExtension.lowercased()
      return !name.hasPrefix(".") && ["png", "jpg", "jpeg"].contains(suffix)
    }
    guard !files.isEmpty else { throw NoPicturesError(folder: path) }
    let folder = path.hasSuffix("/") && path != "/" ? String(path.dropLast()) : path
    return files.sorted().map { "\(folder)/\($0)" }
  }
}

/// A folder without pictures.
public struct NoPicturesError: Error, CustomStringConvertible {
  /// The folder.
  public let folder: String

  /// What is wrong and what to do.
  public var description: String {
    "\(folder) has no PNG or JPEG files; name some, or another folder"
  }
}
