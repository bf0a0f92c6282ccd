#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Finds out before any work whether `writeAtomically` could write a file; nothing is made.
///
/// - Parameter path: The file, absolute or relative to the working directory.
/// - Throws: `FileError.unwritable` for a folder in place of the file, and for a folder that is a file, may not
///   be written to, or cannot be made.
public func checkWritable(_ path: String) throws(FileError) {
  guard !path.isEmpty, !path.hasSuffix("/") else {
    throw .unwritable(file: path, reason: "the path names no file; add a file name")
  }
  var status = stat()
  if stat(path, &status) == 0 {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .unwritable(file: path, reason: "it is a folder; add a file name")
    case S_IFREG: break
    default:
      guard access(path, W_OK) == 0 else {
        throw .unwritable(file: path, reason: systemReason(errno))
      }
      return
    }
  } else if errno == ENAMETOOLONG || errno == ELOOP {
    throw .unwritable(file: path, reason: systemReason(errno))
  }
  try checkWritable(folder: folder(of: linkTarget(of: path)), for: path)
}

/// Finds out before any work whether files could be written into a folder, which may have to be made.
///
/// - Parameter folder: The folder, absolute or relative to the working directory.
/// - Throws: `FileError.unwritable` as for a file in it.
public func checkWritable(folder: String) throws(FileError) {
  guard !folder.isEmpty else {
    throw .unwritable(file: folder, reason: "the path names no folder; add its name")
  }
  let name = folder.hasSuffix("/") && folder != "/" ? String(folder.dropLast()) : folder
  try checkWritable(folder: name, for: folder)
}

private func checkWritable(folder: String, for path: String) throws(FileError) {
  var status = stat()
  if stat(folder, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .unwritable(file: path, reason: "\(folder) is a file, not a folder")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw .unwritable(
        file: path, reason: "the folder \(folder) may not be written to: \(systemReason(errno))")
    }
    return
  }
  let parent = Files.folder(of: folder)
  guard errno == ENOENT || errno == ENOTDIR, parent != folder, folder != "." else {
    throw .unwritable(file: path, reason: "the folder \(folder): \(systemReason(errno))")
  }
  try checkWritable(folder: parent, for: path)
}

/// Whether there is a regular file with something in it.
package func isFileWithContent(at path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
}
