import Files
import Foundation
import Imaging
import Memory
import Networks
import Portraits
import Synchronization
import TestSupport
import Testing

@testable import Galleries

@Suite struct PartTests {
  private static let plan = "pictures: [all logits, 'relu:0-5', {unit: cat, steps: 7}]"

  /// A gallery of which a part is made, or all.
  private func gallery(_ part: String? = nil, in folder: TemporaryFolder) throws -> Gallery {
    var gallery = try Gallery.tiny(Self.plan, in: folder.path)
    gallery.part = try part.map { try #require(Part($0)) }
    return gallery
  }

  @Test(arguments: [
    "0/4", "5/4", "a/b", "1/0", "-1/4", "+1/4", "1", "1/2/3", "", "/", "1/ 2", "١/٢",
  ])
  func whatIsNoPart(text: String) {
    #expect(Part(text) == nil)
  }

  @Test func partsAreReadAndWritten() {
    #expect(Part("2/4") == Part(2, of: 4) && Part("2/4")?.description == "2/4")
    #expect(Part("1/1") != nil && Part("9/\(Int.max)") != nil && Part("1/\(Int.max)0") == nil)
  }

  @Test(
    "what others keep in the folders of notes, marks and pictures stays, and pages of others are not replaced"
  )
  func foreignFiles() async throws {
    let folder = try TemporaryFolder()
    for name in ["failed/mine.txt", ".parts/mine"] { _ = try folder.file(name, [1]) }
    _ = try await gallery("1/1", in: folder).make(threads: 2)
    _ = try gallery(in: folder).merge()
    #expect(try folder.files["failed/mine.txt"] != nil && folder.files[".parts/mine"] != nil)
    _ = try folder.file("dog.html", Array("mine".utf8))
    #expect(throws: OccupiedError.self) { try gallery(in: folder).checkPages() }
    let cache = PictureCache(folder: folder.path + "/cache", limit: 1)
    _ = try folder.file("cache/photograph.png", [1, 2, 3])
    try cache.keep([4, 5], as: PictureCache.name(of: "a"))
    #expect(try folder.files["cache/photograph.png"] != nil)
    #expect(!cache.has(PictureCache.name(of: "a")))
  }

  @Test("every picture is in one part, and no two parts differ by more than the dearest")
  func dealing() {
    let costs = (0..<41).map { Double(($0 * 37) % 11 * 10) }
    for count in [1, 2, 3, 7, 41, 60] {
      let shares = (1...count).compactMap { Part($0, of: count)?.share(of: costs) }
      #expect(shares.flatMap(\.self).sorted() == Array(costs.indices))
      let sums = shares.map { $0.reduce(0) { $0 + costs[$1] } }
      #expect((sums.max() ?? 0) - (sums.min() ?? 0) <= 100)
    }
    // Equally dear ones: neighbours go to different parts.
    #expect(Part(2, of: 3)?.share(of: [1, 1, 1, 1, 1]) == [1, 4])
  }

  @Test("parts, merged, are the bytes of one machine", arguments: [1, 3, 20])
  func merging(count: Int) async throws {
    let (alone, shared) = (try TemporaryFolder(), try TemporaryFolder())
    _ = try await gallery(in: alone).make(threads: 2)
    var made: [String] = []
    for number in (1...count).reversed() {
      let report = try await gallery("\(number)/\(count)", in: shared).make(threads: 2)
      made += (report.made + report.failed.map(\.item)).map(\.fileName)
      #expect(try shared.files["index.html"] == nil)
    }
    // One of them is of a dead unit.
    #expect(made.count == 11 && Set(made).count == 11)
    // A merge that was killed is no page of somebody else's.
    try shared.file("search.json", [1])
    try gallery(in: shared).checkOutput()
    let report = try gallery(in: shared).merge()
    #expect(report.kept.count == 10 && report.failed.map(\.item.fileName) == ["relu-5.png"])
    #expect(try shared.files == alone.files)
    let names = try FileManager.default.contentsOfDirectory(atPath: shared.path)
    #expect(!names.contains(".parts") && names.contains("failed"))
    // Once more, and once more by one machine: nothing changes.
    _ = try gallery(in: shared).merge()
    #expect(try shared.files == alone.files)
    _ = try await gallery(in: shared).make(threads: 1)
    #expect(try shared.files == alone.files)
  }

  @Test("what is missing is named with its part, whether it was begun, and nothing is written")
  func missing() async throws {
    let folder = try TemporaryFolder()
    #expect(throws: MissingPicturesError.self) { try gallery(in: folder).merge() }
    _ = try await gallery("1/3", in: folder).make(threads: 2)
    _ = try await gallery("2/3", in: folder).make(threads: 2)
    let second = try gallery("2/3", in: folder).sharedItems
    // One is gone, another damaged.
    try FileManager.default.removeItem(atPath: "\(folder.path)/\(second[0].fileName)")
    var bytes = try #require(try folder.files[second[1].fileName])
    bytes[bytes.count / 2] ^= 1
    try folder.file(second[1].fileName, bytes)
    let before = try folder.files
    let third = try gallery("3/3", in: folder).sharedItems.map(\.fileName)
    let error = try #require(throws: MissingPicturesError.self) { try gallery(in: folder).merge() }
    #expect(error.pictures.count == 2 + third.count)
    let text = "\(error)"
    #expect(text.contains("part 2/3: \(second[0].fileName), \(second[1].fileName)\n"))
    #expect(text.contains("part 3/3, not begun: \(third.joined(separator: ", "))"), "\(text)")
    #expect(!text.contains("part 1/3") && !text.contains("--"))
    #expect(try folder.files == before)
    // The same parts again make what is missing and no more.
    #expect(try await gallery("2/3", in: folder).make(threads: 1).made == [second[0], second[1]])
    #expect(try await gallery("3/3", in: folder).make(threads: 1).made.count == third.count)
    #expect(try await gallery("1/3", in: folder).make(threads: 1).made.isEmpty)
    _ = try gallery(in: folder).merge()
  }

  @Test("a part that ends in mid-work goes on, and tries nothing twice")
  func goingOn() async throws {
    let folder = try TemporaryFolder()
    let painted = Mutex<[String]>([])
    var first = try gallery("1/2", in: folder)
    first.painter = { item, network, threads, progress in
      let count = painted.withLock { names in
        names.append(item.fileName)
        return names.count
      }
      if count > 3 { throw CancellationError() }
      return try paint(item, network, threads, progress)
    }
    let stopped = first
    await #expect(throws: CancellationError.self) { try await stopped.make(threads: 1) }
    // What a killed process leaves of a file and of a lock.
    try folder.file(".12-345.partial", [1])
    try folder.file(".0123456789abcdef0123.lock", [])
    painted.withLock { _ = $0.removeLast() }
    first.painter = { item, network, threads, progress in
      painted.withLock { $0.append(item.fileName) }
      return try paint(item, network, threads, progress)
    }
    let again = first
    _ = try await again.make(threads: 1)
    _ = try await again.make(threads: 1)
    let names = painted.withLock { $0 }
    #expect(names.count == again.sharedItems.count && Set(names).count == names.count)
  }

  @Test("one part twice at a time: each picture is made once")
  func twiceAtATime() async throws {
    let folder = try TemporaryFolder()
    let count = Mutex(0)
    var part = try gallery("1/2", in: folder)
    part.painter = { item, network, threads, progress in
      count.withLock { $0 += 1 }
      Thread.sleep(forTimeInterval: 0.02)
      return try paint(item, network, threads, progress)
    }
    let shared = part
    async let first = shared.make(threads: 1)
    async let second = shared.make(threads: 1)
    _ = try await (first, second)
    #expect(count.withLock { $0 } == shared.sharedItems.count)
  }

  @Test("what a machine has no memory for is not given up for others")
  func noMemory() async throws {
    let folder = try TemporaryFolder()
    var part = try gallery("1/1", in: folder)
    part.painter = { item, network, threads, progress in
      if item.fileName == "dog.png" { throw MemoryError("it", needed: 9, limit: 1) }
      return try paint(item, network, threads, progress)
    }
    #expect(try await part.make(threads: 1).failed.count == 2)
    #expect(try !part.isSettled())
    let error = try #require(throws: MissingPicturesError.self) { try part.merge() }
    #expect(error.pictures.map(\.name) == ["dog.png"])
    part.painter = paint
    #expect(try await part.make(threads: 1).made.map(\.fileName) == ["dog.png"])
    #expect(try part.isSettled())
  }

  @Test("a long list of what is missing is cut, and says so")
  func manyMissing() throws {
    let missing = (0..<1000).map { (place: $0, name: "\($0).png") }
    let folder = try TemporaryFolder()
    try folder.file(".parts/7-of-100", [])
    try folder.file(".parts/1-of-9", [])
    try folder.file(".parts/notes", [])
    let costs = [Double](repeating: 1, count: 1000)
    let text = "\(MissingPicturesError(in: folder.path, missing: missing, costs: costs))"
    #expect(text.contains("1000 pictures are missing"))
    #expect(text.contains("part 7/100: 6.png and 9 more") && text.contains("88 more parts"))
    #expect(text.contains("part 1/100, not begun") && text.count < 2000)
  }
}
