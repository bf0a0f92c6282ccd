import Synchronization

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

/// The hidden files of this program that a killed process leaves: parts of files, and locks.
///
/// Both are locked by the process that works with them, so that one which is not is nobody's any more.
enum Leftover {
  /// The folders that have been looked through.
  private static let searched = Mutex<Set<String>>([])

  /// A new name for a file that is not whole yet.
  static func partialName() -> String {
    ".\(getpid())-\(UInt64.random(in: 0...UInt64.max)).partial"
  }

  /// The name of a lock, as long for every name.
  static func lockName(for name: String) -> String {
    ".\(SHA256.hexadecimal(Data(name.utf8)).prefix(20)).lock"
  }

  /// Whether a file's name is one of the above.
  static func isOne(_ name: String) -> Bool {
    guard name.hasPrefix(".") else { return false }
    if name.hasSuffix(".partial") {
      let numbers = name.dropFirst().dropLast(8).split(
        separator: "-", omittingEmptySubsequences: false)
      return numbers.count == 2 && numbers.allSatisfy { UInt64($0) != nil }
    }
    let digits = name.dropFirst().dropLast(5)
    return name.hasSuffix(".lock") && digits.count == 20 && digits.allSatisfy(\.isHexDigit)
  }

  /// Removes what killed processes of this user left in a folder; once in the life of this process.
  static func remove(from folder: String) {
    guard searched.withLock({ $0.insert(folder).inserted }) else { return }
    // A folder that may be written to but not listed keeps what is in it.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where isOne(name) { removeIfFree("\(folder)/\(name)") }
  }

  private static func removeIfFree(_ path: String) {
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), descriptor.lock() == .taken, descriptor.isStill(at: path)
    else { return }
    unlink(path)
  }
}
