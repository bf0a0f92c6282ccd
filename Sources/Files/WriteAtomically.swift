#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a file so that other processes see the old content or all of the new, never a part.
///
/// The bytes go to a temporary file in the same folder, which is synced and then renamed, and the folder
/// after it: what is there after a power cut is the old content or the new. Missing folders are made. On
/// failure the temporary file is removed and the old content stays; what a killed process left of one is removed
/// by the next that writes into the folder. A symbolic link is followed. Devices and pipes, such as `/dev/null`,
/// are written to directly.
///
/// - Parameters:
///   - bytes: The new content.
///   - path: The file, absolute or relative to the working directory.
/// - Throws: `FileError.unwritable` with the path and the reason: a full disk, a folder that may
///   not be written to, a folder in place of the file.
public func writeAtomically(_ bytes: [UInt8], to path: String) throws(FileError) {
  guard !path.isEmpty, !path.hasSuffix("/") else {
    throw .unwritable(file: path, reason: "the path names no file; add a file name")
  }
  var status = stat()
  if stat(path, &status) == 0 {
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      throw .unwritable(file: path, reason: "it is a folder; add a file name")
    case S_IFREG:
      break
    default:
      return try write(bytes, to: path, flags: O_WRONLY, named: path)
    }
  }
  let target = linkTarget(of: path)
  let folder = folder(of: target)
  try makeFolder(folder, for: path)

  Leftover.remove(from: folder)

  var temporary = "\(folder)/\(Leftover.partialName())"
  do throws(FileError) {
    while true {
      if try write(bytes, toPartial: temporary, named: path) {
        if rename(temporary, target) == 0 { break }
        // Closed and not yet renamed it may have been taken for a leftover, too.
        guard errno == ENOENT else {
          throw .unwritable(file: path, reason: systemReason(errno))
        }
      }
      temporary = "\(folder)/\(Leftover.partialName())"
    }
  } catch {
    unlink(temporary)
    throw error
  }
  try sync(folder: folder, for: path)
}

/// Makes the names in a folder last.
private func sync(folder: String, for path: String) throws(FileError) {
  let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .unwritable(file: path, reason: systemReason(errno)) }
  defer { close(descriptor) }
  // Some file systems have nothing to sync in a folder, and say so.
  guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
    throw .unwritable(file: path, reason: systemReason(errno))
  }
}

/// Writes a new file and syncs it, locked so that nobody takes it for a leftover.
///
/// - Returns: Whether it is still there: it may be taken for one before it is locked.
private func write(
  _ bytes: [UInt8], toPartial path: String, named name: String
) throws(FileError) -> Bool {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw .unwritable(file: name, reason: systemReason(errno)) }
  while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
  guard descriptor.isStill(at: path) else {
    close(descriptor)
    return false
  }
  var failure = write(bytes, to: descriptor)
  if failure == nil, fsync(descriptor) != 0 { failure = errno }
  try finish(descriptor, failure, named: name)
  return true
}

private func write(
  _ bytes: [UInt8], to path: String, flags: Int32, named name: String
) throws(FileError) {
  let descriptor = open(path, flags | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw .unwritable(file: name, reason: systemReason(errno)) }
  try finish(descriptor, write(bytes, to: descriptor), named: name)
}

/// Writes all bytes; returns the number of the error that kept it from that.
private func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
  bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let count = write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : EIO }
      done += count
    }
    return nil
  }
}

/// Closes a file, and throws what went wrong before or now.
private func finish(
  _ descriptor: Int32, _ failure: Int32?, named name: String
) throws(FileError) {
  // Network file systems report a full disk only here.
  let closing = close(descriptor) != 0 && errno != EINTR ? errno : nil
  if let failure = failure ?? closing {
    throw .unwritable(file: name, reason: systemReason(failure))
  }
}

/// The file behind a symbolic link, so that the rename replaces the file and not the link.
func linkTarget(of path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Makes a folder and those it lies in, as far as they are missing.
///
/// - Throws: `FileError.unwritable`.
package func makeFolder(_ folder: String) throws(FileError) { try makeFolder(folder, for: folder) }

private func makeFolder(_ folder: String, for path: String) throws(FileError) {
  var status = stat()
  if stat(folder, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .unwritable(file: path, reason: "\(folder) is a file, not a folder")
    }
    return
  }
  let parent = Files.folder(of: folder)
  if parent != folder && folder != "." { try makeFolder(parent, for: path) }
  // Another process may have made it in the meantime.
  guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
    throw .unwritable(
      file: path, reason: "cannot make the folder \(folder): \(systemReason(errno))")
  }
}
