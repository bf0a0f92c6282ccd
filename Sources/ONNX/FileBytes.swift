import Files
import Memory

#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file open for reading; closed at the end of its life.
struct FileBytes: ~Copyable, Sendable {
  let path: String
  let count: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: `.unreadable` when it does not exist, may not be read, or is a folder, pipe or device.
  init(_ path: String) throws(ONNXError) {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw .unreadable(file: path, reason: lastSystemError())
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(file: path, reason: "not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
    count = Int(status.st_size)
  }

  deinit {
    close(descriptor)
  }

  /// The bytes of a range.
  ///
  /// - Precondition: `range` lies within the file's length at opening.
  func read(_ range: Range<Int>) throws(ONNXError) -> Data {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "read: \(range) of \(count) bytes")
    guard !range.isEmpty else { return Data() }
    guard range.count <= MemoryLimit.bytes, let buffer = malloc(range.count) else {
      throw .noRoom(file: path, tensor: nil, needed: range.count, limit: MemoryLimit.bytes)
    }
    var done = 0
    while done < range.count {
      let n = pread(
        descriptor, buffer + done, range.count - done, off_t(range.lowerBound + done))
      if n < 0 && errno == EINTR { continue }
      guard n > 0 else {
        free(buffer)
        let reason = n == 0 ? "the file became shorter while it was read" : lastSystemError()
        throw .unreadable(file: path, reason: reason)
      }
      done += n
    }
    return Data(bytesNoCopy: buffer, count: range.count, deallocator: .free)
  }
}

extension Data {
  /// The bytes of a whole file.
  package init(readingFile path: String) throws(ONNXError) {
    let file = try FileBytes(path)
    self = try file.read(0..<file.count)
  }

  /// Replaces a file with these bytes, or leaves it as it was.
  package func write(toFile path: String) throws(ONNXError) {
    do {
      try writeAtomically([UInt8](self), to: path)
    } catch {
      throw .unreadable(file: path, reason: "it cannot be written (\(error))")
    }
  }
}

/// What `errno` says, in words.
private func lastSystemError() -> String {
  String(cString: strerror(errno))
}
