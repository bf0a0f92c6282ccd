#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
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

/// Removes a folder of this program's files, none of which lies deeper; one that is not there is no error.
///
/// - Throws: `FileError.unwritable` for what cannot be removed, such as a folder in it.
package func removeFolder(_ folder: String) throws(FileError) {
  // A folder that cannot be listed cannot be removed, which is said then.
  for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
    try removeFile("\(folder)/\(name)")
  }
  guard rmdir(folder) == 0 || errno == ENOENT else {
    throw .unwritable(file: folder, reason: systemReason(errno))
  }
}

/// Removes what killed processes of this user left in a folder: parts of files, and locks.
///
/// - Parameter folder: The folder; it need not exist.
package func removeLeftovers(in folder: String) { Leftover.remove(from: folder) }
