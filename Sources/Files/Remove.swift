#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Removes a file; one that is not there is no error.
///
/// - Throws: `FileError.unwritable`.
package func removeFile(_ path: String) throws(FileError) {
  guard unlink(path) == 0 || errno == ENOENT else {
    throw .unwritable(file: path, reason: systemReason(errno))
  }
}

/// Removes a folder that is empty; one that is not there, or has something in it, is no error.
///
/// - Throws: `FileError.unwritable`.
package func removeEmptyFolder(_ folder: String) throws(FileError) {
  guard rmdir(folder) == 0 || [ENOENT, ENOTEMPTY, EEXIST, ENOTDIR].contains(errno) else {
    throw .unwritable(file: folder, reason: systemReason(errno))
  }
}

/// Removes what killed processes of this user left in a folder: parts of files, and locks.
///
/// - Parameter folder: The folder; it need not exist.
package func removeLeftovers(in folder: String) { Leftover.remove(from: folder) }
