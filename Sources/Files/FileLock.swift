import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A lock that one process at a time has, and that its end releases, however it ends.
///
/// It is an empty hidden file, locked by `flock` and removed with the lock. What a killed process leaves of it
/// is free for the next. Where a file system has no locks, everybody gets it: processes are then not kept apart.
package final class FileLock: Sendable {
  private let descriptor: Int32
  private let path: String

  /// The files of all locks that this process has; nil once it is about to end.
  private static let held = Mutex<Set<String>?>([])

  /// Takes a lock if it is free.
  ///
  /// - Parameters:
  ///   - name: What is locked: a file's name, of any length.
  ///   - folder: The folder that it lies in, which must exist.
  /// - Returns: The lock, kept until `release()` or the end of its life; nil: another has it.
  /// - Throws: `FileError.unwritable` where the lock's file cannot be made.
  package static func taken(on name: String, in folder: String) throws(FileError) -> FileLock? {
    let path = "\(folder)/\(Leftover.lockName(for: name))"
    let result: Result<FileLock?, FileError> = held.withLock { held in
      guard held != nil else { return .success(nil) }
      do throws(FileError) {
        let descriptor = try locked(path, for: "\(folder)/\(name)")
        if descriptor != nil { held?.insert(path) }
        return .success(descriptor.map { FileLock($0, path) })
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Opens and locks a file; nil: another has it.
  private static func locked(_ path: String, for name: String) throws(FileError) -> Int32? {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else {
        throw .unwritable(file: name, reason: "no lock: \(systemReason(errno))")
      }
      switch descriptor.lock() {
      case .busy:
        close(descriptor)
        return nil
      case .taken where !descriptor.isStill(at: path):
        // Whoever had it has removed it in the meantime.
        close(descriptor)
      case .taken, .unsupported:
        return descriptor
      }
    }
  }

  private init(_ descriptor: Int32, _ path: String) {
    (self.descriptor, self.path) = (descriptor, path)
  }

  deinit {
    unlink(path)
    close(descriptor)
    _ = Self.held.withLock { $0?.remove(path) }
  }

  /// Removes the files of all locks and gives out no more; for a process that is about to end.
  package static func removeAll() {
    held.withLock { held in
      for path in held ?? [] { unlink(path) }
      held = nil
    }
  }
}

/// What became of an attempt to lock a file.
enum Locking {
  case taken, busy, unsupported
}

extension Int32 {
  /// Locks an open file if it is free.
  func lock() -> Locking {
    while flock(self, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      return errno == EWOULDBLOCK ? .busy : .unsupported
    }
    return .taken
  }

  /// Whether an open file is the one that a path names.
  func isStill(at path: String) -> Bool {
    var (open, named) = (stat(), stat())
    return fstat(self, &open) == 0 && lstat(path, &named) == 0 && open.st_ino == named.st_ino
      && open.st_dev == named.st_dev
  }
}
