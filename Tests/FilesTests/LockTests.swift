import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct LockTests {
  @Test func oneHasItUntilItIsReleased() throws {
    let folder = try TemporaryFolder()
    var lock = try FileLock.taken(on: "cat.png", in: folder.path)
    #expect(lock != nil)
    #expect(try FileLock.taken(on: "cat.png", in: folder.path) == nil)
    #expect(try FileLock.taken(on: "dog.png", in: folder.path) != nil)
    lock = nil
    #expect(try folder.files.isEmpty)
    #expect(try FileLock.taken(on: "cat.png", in: folder.path) != nil)
  }

  @Test func aNameMayBeLongerThanAFiles() throws {
    let folder = try TemporaryFolder()
    #expect(
      try FileLock.taken(on: String(repeating: "é", count: 300), in: folder.path) != nil)
    #expect(throws: FileError.self) { try FileLock.taken(on: "x", in: folder.path + "/none") }
  }

  @Test func whatKilledProcessesLeftIsRemovedAndNothingElse() throws {
    let folder = try TemporaryFolder()
    let kept = [
      "cat.png", "mine.partial", ".mine.partial", ".12-x.partial", ".1-2-3.partial", ".x.lock",
      ".0123456789abcdef.lock",
    ]
    for name in kept + [".12-345.partial", Leftover.lockName(for: "cat.png")] {
      try folder.file(name, [1])
    }
    // In use: by this process, but whose it is does not matter.
    let partial = try folder.file(".99-1.partial", [1])
    let descriptor = open(partial, O_RDWR)
    #expect(descriptor.lock() == .taken)
    let lock = try FileLock.taken(on: "dog.png", in: folder.path)
    try writeAtomically([1], to: folder.path + "/new")
    let expected = kept + ["new", ".99-1.partial", Leftover.lockName(for: "dog.png")]
    #expect(try folder.files.keys.sorted() == expected.sorted())
    close(descriptor)
    withExtendedLifetime(lock) {}
  }

  @Test func whatCannotBeWrittenIsFoundOutAndNothingIsMade() throws {
    let folder = try TemporaryFolder()
    try folder.file("file", [1])
    let before = try folder.files
    for path in ["", "/", folder.path, "\(folder.path)/new/", "\(folder.path)/file/x.png"] {
      #expect(throws: FileError.self, "\(path)") { try checkWritable(path) }
    }
    #expect(throws: FileError.self) {
      try checkWritable("\(folder.path)/" + String(repeating: "x", count: 300))
    }
    #expect(throws: FileError.self) { try checkWritable(folder: "\(folder.path)/file") }
    for path in ["\(folder.path)/file", "\(folder.path)/a/b/c.png", "/dev/null", "x.png"] {
      try checkWritable(path)
    }
    try checkWritable(folder: "\(folder.path)/a/")
    #expect(try folder.files == before)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/a"))
  }

  @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
  func aReadOnlyFolderIsFoundOut() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    #expect(throws: FileError.self) { try checkWritable("\(folder.path)/x.png") }
    #expect(throws: FileError.self) { try checkWritable("\(folder.path)/a/x.png") }
  }
}
