import Files
import Foundation
package import Imaging

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

/// Reads pictures one after the other; a file that is none costs that one alone.
///
/// - Parameters:
///   - files: The files.
///   - use: Called with each picture and its file.
/// - Returns: What there is to say of files that were left out.
/// - Throws: What `use` throws.
package func forEachPicture(
  of files: [String], _ use: (_ picture: Picture, _ file: String) throws -> Void
) throws -> [String] {
  try forEachPicture(of: files, read: { try Picture(contentsOf: $0) }, use)
}

/// The same of whatever pictures can be read from.
///
/// - Parameters:
///   - sources: What is read: files, or pictures' numbers.
///   - read: Reads a picture.
///   - use: Called with each picture and what it was read from.
/// - Returns: What there is to say of those that were left out.
/// - Throws: What `use` throws, and `read` but for files that are no pictures.
package func forEachPicture<Source>(
  of sources: some Sequence<Source>, read: (Source) throws -> Picture,
  _ use: (_ picture: Picture, _ source: Source) throws -> Void
) throws -> [String] {
  var leftOut: [String] = []
  for source in sources {
    let picture: Picture
    do {
      picture = try read(source)
    } catch let error where error.isOfPictureFile {
      leftOut.append("\(error); it is left out")
      continue
    }
    try use(picture, source)
  }
  return leftOut
}

extension Error {
  /// Whether a picture's file is to blame, so that others can be used.
  package var isOfPictureFile: Bool {
    if case .unreadable? = self as? FileError { return true }
    return self is ImagingError
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
