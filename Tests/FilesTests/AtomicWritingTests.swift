import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct AtomicWritingTests {
  @Test func missingFoldersAreMadeAndFilesReplaced() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a/b/c.bin"
    try writeAtomically([1, 2, 3], to: path)
    try writeAtomically([4], to: path)
    #expect(try readFile(at: path) == [4])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b") == ["c.bin"])
  }

  @Test func aLinkStaysALink() throws {
    let folder = try TemporaryFolder()
    let (file, link) = (folder.path + "/file", folder.path + "/link")
    try writeAtomically([1], to: file)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    try writeAtomically([2], to: link)
    #expect(try readFile(at: file) == [2])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
  }

  @Test func aFolderOrFileInTheWayIsNamed() throws {
    let folder = try TemporaryFolder()
    try writeAtomically([1], to: folder.path + "/file")
    #expect(
      throws: FileError.unwritable(
        file: folder.path, reason: "it is a folder; add a file name")
    ) { try writeAtomically([1], to: folder.path) }
    #expect(
      throws: FileError.unwritable(
        file: folder.path + "/file/x.png",
        reason: "\(folder.path)/file is a file, not a folder")
    ) { try writeAtomically([1], to: folder.path + "/file/x.png") }
    #expect(throws: FileError.self) { try writeAtomically([1], to: "") }
    #expect(try folder.files.keys.sorted() == ["file"])
  }

  #if os(Linux)
    @Test func aFullDiskIsReported() {
      #expect(
        throws: FileError.unwritable(file: "/dev/full", reason: "No space left on device")
      ) { try writeAtomically([1, 2, 3], to: "/dev/full") }
    }

    @Test func devicesAreWrittenToAndNotReplaced() throws {
      try writeAtomically([1, 2, 3], to: "/dev/null")
      var status = stat()
      #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test func aFailedWriteLeavesTheOldContentAndNothingElse() async {
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder()
        let path = folder.path + "/picture.png"
        try writeAtomically([1, 2, 3], to: path)
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        #expect(throws: FileError.unwritable(file: path, reason: "File too large")) {
          try writeAtomically([UInt8](repeating: 0, count: 5000), to: path)
        }
        #expect(try readFile(at: path) == [1, 2, 3])
        #expect(try folder.files.keys.sorted() == ["picture.png"])
      }
    }
  #endif

  @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
  func aReadOnlyFolderIsReported() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    let path = folder.path + "/x.png"
    #expect(throws: FileError.unwritable(file: path, reason: "Permission denied")) {
      try writeAtomically([1], to: path)
    }
  }
}
