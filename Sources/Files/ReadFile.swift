#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The most bytes of a file that are read into memory.
private let byteLimit = 1 << 29

/// The whole content of a file.
///
/// - Parameter path: The file, absolute or relative to the working directory.
/// - Returns: Its bytes.
/// - Throws: `FileError.unreadable` with the system's reason, or if the file is a folder, a device, a pipe that
///   nobody writes to, or larger than 512 MiB.
public func readFile(at path: String) throws(FileError) -> [UInt8] {
  // Else, opening a pipe would wait for its writer.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else {
    let hint = errno == ENOENT ? "; check the path" : ""
    throw .unreadable(file: path, reason: systemReason(errno) + hint)
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    throw .unreadable(file: path, reason: systemReason(errno))
  }
  guard status.st_mode & S_IFMT != S_IFDIR else {
    throw .unreadable(file: path, reason: "it is a folder; name a file")
  }
  guard [S_IFREG, S_IFIFO].contains(status.st_mode & S_IFMT) else {
    throw .unreadable(file: path, reason: "it is a device; name a file")
  }

  var bytes: [UInt8] = []
  bytes.reserveCapacity(min(max(Int(status.st_size), 0), byteLimit))
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 && errno == EINTR { continue }
    if count < 0 && errno == EAGAIN {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&waiting, 1, -1)
      continue
    }
    if count == 0, bytes.isEmpty, status.st_mode & S_IFMT == S_IFIFO {
      throw .unreadable(file: path, reason: "it is a pipe that nobody writes to")
    }
    guard count >= 0 else { throw .unreadable(file: path, reason: systemReason(errno)) }
    if count == 0 { return bytes }
    guard bytes.count + count <= byteLimit else {
      throw .unreadable(file: path, reason: "it is larger than \(byteLimit >> 20) MiB")
    }
    bytes.append(contentsOf: chunk[..<count])
  }
}

/// The system's words for an error number, such as “No such file or directory”.
func systemReason(_ number: Int32) -> String {
  String(cString: strerror(number))
}
