import Foundation

/// The pictures that people name: files, and all PNG and JPEG files of folders.
struct PictureFiles {
  /// The files, in the order in which they were named, those of a folder by their names.
  let paths: [String]

  /// Finds the files.
  ///
  /// - Throws: `PictureFilesError` where a folder has no pictures. Files are not looked at.
  init(_ named: [String]) throws {
    var paths: [String] = []
    for path in named {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        isFolder.boolValue
      else {
        paths.append(path)
        continue
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: path).filter {
        let type = URL(filePath: $0).pathExtension.lowercased()
        return ["png", "jpg", "jpeg"].contains(type) && !$0.hasPrefix(".")
      }
      guard !names.isEmpty else { throw PictureFilesError(folder: path) }
      paths += names.sorted().map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }
    self.paths = paths
  }

  /// What each picture is called: its file's name, or where two are the same its path.
  var names: [String] {
    let short = paths.map { URL(filePath: $0).lastPathComponent }
    return zip(paths, short).map { path, name in
      short.count { $0 == name } == 1 ? name : path
    }
  }
}

/// A folder without pictures.
struct PictureFilesError: Error, CustomStringConvertible {
  let folder: String
  var description: String { "\(folder) has no PNG or JPEG files; name some, or another folder" }
}
