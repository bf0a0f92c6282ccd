import Files
import Foundation
import Galleries
import Imaging
import Memory
import Networks
import Portraits
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite struct MakingTests {
  private static let plan = "pictures: [all logits, 'relu:0-3']"

  /// The names of the pictures that a run makes.
  private func made(_ gallery: Gallery) async throws -> [String] {
    try await gallery.make(threads: 2).made.map(\.fileName)
  }

  @Test("a second run makes nothing and leaves the same bytes")
  func resume() async throws {
    let folder = try TemporaryFolder()
    let gallery = try Gallery.tiny(Self.plan, in: folder.path)
    #expect(try await made(gallery).count == 8)
    let files = try folder.files
    // 8 pictures and their pages, the sheet, the first page, two files to search in, looks and script.
    #expect(files.count == 22)
    #expect(try await made(gallery).isEmpty)
    #expect(try folder.files == files)
  }

  @Test(
    "a picture that penalties hold at one colour is named, also when it is there, and on its page")
  func oneColor() async throws {
    let folder = try TemporaryFolder()
    let gallery = try Gallery.tiny(
      "pictures: [cat, {unit: dog, l2: 1e6, steps: 64}]", in: folder.path)
    for _ in 1...2 {
      let report = try await gallery.make(threads: 2)
      #expect(report.ofOneColor.map(\.fileName) == ["dog.png"])
    }
    let page = String(decoding: try #require(try folder.files["dog.html"]), as: UTF8.self)
    #expect(page.contains("of one colour"))
  }

  @Test("a changed setting remakes its picture alone")
  func changedSetting() async throws {
    let folder = try TemporaryFolder()
    func run(_ pictures: String) async throws -> [String] {
      try await made(.tiny("pictures: \(pictures)", in: folder.path))
    }
    #expect(try await run("[cat, dog]") == ["tabby.png", "dog.png"])
    #expect(try await run("[cat, {unit: dog, steps: 4}]") == ["dog.png"])
    #expect(try await run("[cat, {unit: dog, steps: 4}, lion]") == ["lion.png"])
  }

  @Test("captions and sections change the page alone")
  func changedCaption() async throws {
    let folder = try TemporaryFolder()
    _ = try await made(.tiny("pictures: [cat, dog]", in: folder.path))
    let before = try folder.files
    let plan = "sections: [{title: A, pictures: [{unit: cat, caption: Purrs.}, dog]}]"
    #expect(try await made(.tiny(plan, in: folder.path)).isEmpty)
    let after = try folder.files
    #expect(
      after["tabby.png"] == before["tabby.png"] && after["index.html"] != before["index.html"])
  }

  @Test("another version or preparation remakes everything")
  func changedProvenance() async throws {
    let folder = try TemporaryFolder()
    let plan = "pictures: [cat, dog]"
    _ = try await made(.tiny(plan, in: folder.path))
    #expect(try await made(.tiny(plan, in: folder.path, software: "visualize 1")).count == 2)
    let network = try TinyNetwork.network().overriding(metadata: [
      "labels": TinyNetwork.labels.joined(separator: "\n"), "input.range": "0,255",
    ])
    let other = try Gallery.tiny(
      plan, in: folder.path, network: network, software: "visualize 1")
    #expect(try await made(other).count == 2)
  }

  @Test("other labels remake what names classes by them, and nothing else")
  func changedLabels() async throws {
    let folder = try TemporaryFolder()
    let plan = "pictures: [dog, {objective: 'dog - lion'}]"
    _ = try await made(.tiny(plan, in: folder.path))
    let network = TinyNetwork.network(labels: ["lion", "dog", "cat", "tabby"])
    let other = try Gallery.tiny(plan, in: folder.path, network: network)
    #expect(try await made(other) == ["dog-minus-lion.png"])
  }

  @Test("a run that ended at any of its files goes on to the same bytes")
  func stoppedAnywhere() async throws {
    let whole = try TemporaryFolder()
    _ = try await Gallery.tiny(Self.plan, in: whole.path).make(threads: 1)
    // How often the page is written on the way depends on the clock.
    var isStopped = true
    for stop in 0... {
      guard isStopped else { break }
      let folder = try TemporaryFolder()
      var stopped = try Gallery.tiny(Self.plan, in: folder.path)
      let left = Mutex(stop)
      stopped.write = { bytes, path in
        try left.withLock { left in
          if left == 0 { throw FileError.unwritable(file: path, reason: "no room") }
          left -= 1
        }
        try writeAtomically(bytes, to: path)
      }
      do {
        _ = try await stopped.make(threads: 1)
        isStopped = false
        #expect(stop > 20)
      } catch is FileError {}
      let again = try Gallery.tiny(Self.plan, in: folder.path)
      try again.checkOutput()
      _ = try await again.make(threads: 1)
      #expect(try folder.files == whole.files, "stopped at file \(stop)")
    }
  }

  @Test("a deleted, truncated or damaged picture is remade")
  func damage() async throws {
    let folder = try TemporaryFolder()
    let gallery = try Gallery.tiny(Self.plan, in: folder.path)
    _ = try await made(gallery)
    let files = try folder.files
    try FileManager.default.removeItem(atPath: "\(folder.path)/dog.png")
    let lion = try #require(files["lion.png"])
    try lion.prefix(lion.count - 20).write(to: URL(filePath: "\(folder.path)/lion.png"))
    var relu = try #require(files["relu-0.png"])
    relu[relu.count / 2] ^= 1
    try relu.write(to: URL(filePath: "\(folder.path)/relu-0.png"))
    var relu1 = try #require(files["relu-1.png"])
    relu1.append(0)
    try relu1.write(to: URL(filePath: "\(folder.path)/relu-1.png"))
    // Whole, but of something else.
    try #require(files["relu-2.png"]).write(to: URL(filePath: "\(folder.path)/relu-3.png"))
    #expect(
      try await made(gallery)
        == ["dog.png", "lion.png", "relu-0.png", "relu-1.png", "relu-3.png"])
    #expect(try folder.files == files)
  }

  @Test("two runs in one folder share the pictures, and both end with the whole page")
  func sharing() async throws {
    let alone = try TemporaryFolder()
    _ = try await Gallery.tiny(Self.plan, in: alone.path).make(threads: 1)
    let folder = try TemporaryFolder()
    let painted = Mutex<[String]>([])
    var gallery = try Gallery.tiny(Self.plan, in: folder.path)
    gallery.painter = { item, network, threads, progress in
      painted.withLock { $0.append(item.fileName) }
      Thread.sleep(forTimeInterval: 0.05)
      return try paint(item, network, threads, progress)
    }
    let shared = gallery
    async let first = shared.make(threads: 1)
    async let second = shared.make(threads: 1)
    let reports = try await [first, second]
    #expect(reports.map { $0.made.count + $0.kept.count } == [8, 8])
    #expect(reports.map(\.made.count).reduce(0, +) == 8)
    #expect(painted.withLock { Set($0).count == 8 && $0.count == 8 })
    #expect(try folder.files == alone.files)
  }

  @Test("what a gallery did not make is not replaced")
  func foreignFiles() async throws {
    let folder = try TemporaryFolder()
    let gallery = try Gallery.tiny(Self.plan, in: folder.path)
    try gallery.checkOutput()
    _ = try await made(gallery)
    try gallery.checkOutput()
    let page = try Data(contentsOf: URL(filePath: gallery.pagePath))
    for name in ["index.html", "contact-sheet.png", "dog.png"] {
      let path = "\(folder.path)/\(name)"
      let own = try Data(contentsOf: URL(filePath: path))
      if name == "index.html" {
        try folder.file(name, Array("<html>mine</html>".utf8))
      } else {
        try Picture(width: 2, height: 2, filledWith: Color(0)).write(to: path)
      }
      #expect(throws: OccupiedError.self, "\(name)") { try gallery.checkOutput() }
      try gallery.checkOutput(replacing: true)
      try own.write(to: URL(filePath: path))
    }
    #expect(try Data(contentsOf: URL(filePath: gallery.pagePath)) == page)
    // Pages of others, and what belongs to them.
    try FileManager.default.removeItem(atPath: gallery.pagePath)
    #expect(throws: OccupiedError.self) { try gallery.checkOutput() }
    let microscope =
      "<meta name=\"generator\" content=\"visualize 0\"><link href=\"assets/style.css\">"
    try folder.file("index.html", Array(microscope.utf8))
    #expect(throws: OccupiedError.self) { try gallery.checkOutput() }
    try folder.file("index.html", page)
    // A damaged picture of its own is no one else's.
    var dog = try Data(contentsOf: URL(filePath: "\(folder.path)/dog.png"))
    dog[dog.count - 5] ^= 1
    try folder.file("dog.png", dog)
    try gallery.checkOutput()
  }

  @Test(
    "a plan writes into its own folder alone",
    arguments: [
      ("there", true), ("a/../there", true), (".", true), ("../there", false), ("link", false),
      ("link/there", false), ("dangling", false), ("/tmp/there", false),
    ])
  func outputOfAPlan(_ output: String, isInside: Bool) throws {
    let folder = try TemporaryFolder()
    try folder.file("plans/plan.yaml", [])
    let plans = "\(folder.path)/plans"
    try FileManager.default.createSymbolicLink(
      atPath: "\(plans)/link", withDestinationPath: folder.path)
    try FileManager.default.createSymbolicLink(
      atPath: "\(plans)/dangling", withDestinationPath: "\(folder.path)/nowhere")
    let plan = try GalleryPlan(
      yaml: "output: \(output)\npictures: [dog]", file: "\(plans)/plan.yaml")
    func gallery(in folder: String?) throws {
      _ = try Gallery(
        plan, network: TinyNetwork.network(), folder: folder,
        provenance: Provenance(software: "visualize 0", command: ""))
    }
    if isInside {
      try gallery(in: nil)
    } else {
      #expect(throws: OutputOutsideError.self) { try gallery(in: nil) }
    }
    try gallery(in: "/tmp/there")
  }

  @Test("pictures of a batch stand side by side, and depend on what they are made from")
  func objectives() async throws {
    let folder = try TemporaryFolder()
    let plan = "pictures: [{objective: 'relu:0 + diversity(relu)', batch: 2, scale: 1}]"
    let gallery = try Gallery.tiny(plan, in: folder.path)
    #expect(try await made(gallery) == ["relu-0-plus-diversity-relu.png"])
    let picture = try Picture(contentsOf: gallery.path(of: gallery.items[0]))
    #expect(picture.width == 48 && picture.height == 24)
    #expect(try await made(gallery).isEmpty)
    #expect(
      try await made(.tiny(plan.replacing("diversity", with: "mean"), in: folder.path)).count == 1)
  }

  @Test("the bytes do not depend on the number of threads")
  func threads() async throws {
    let folders = (try TemporaryFolder(), try TemporaryFolder())
    _ = try await Gallery.tiny(Self.plan, in: folders.0.path).make(threads: 1)
    _ = try await Gallery.tiny(Self.plan, in: folders.1.path).make(threads: 16)
    #expect(try folders.0.files == folders.1.files)
  }

  @Test("a lack of memory is noted for nobody else, whatever reads or runs what needs it")
  func shortages() throws {
    let lasting: [any Error] = [
      Unlucky(), NetworkError.invalidNode("n", reason: "no memory that may be taken"),
    ]
    let passing: [any Error] = [
      NetworkError.noRoom("n", result: "9×9"), NetworkError.noRoomForInput([1, 9], most: 8),
      MemoryError("it", needed: 9, limit: 8),
      FileError.unwritable(file: "a", reason: "the disk is full"),
    ]
    #expect(lasting.allSatisfy(FailureNotes.isLasting))
    #expect(!passing.contains(where: FailureNotes.isLasting))
  }

  @Test("a unit that fails is reported and the rest is made")
  func failures() async throws {
    let folder = try TemporaryFolder()
    var gallery = try Gallery.tiny("pictures: ['relu:4-5', cat, dog]", in: folder.path)
    gallery.painter = { item, network, threads, progress in
      if item.fileName == "dog.png" { throw Unlucky() }
      return try paint(item, network, threads, progress)
    }
    let report = try await gallery.make(threads: 2)
    #expect(report.failed.map(\.item.fileName) == ["relu-5.png", "dog.png"])
    #expect(report.failed.first?.reason.contains("dead") == true)
    #expect(report.failed.last?.reason == "no luck")
    #expect(report.made.map(\.fileName) == ["relu-4.png", "tabby.png"])
    let page = try String(contentsOfFile: gallery.pagePath, encoding: .utf8)
    #expect(page.contains("What could not be made"))
    #expect(page.contains("no luck"))
    // The next run tries again.
    gallery.painter = paint
    #expect(try await made(gallery) == ["dog.png"])
  }

  @Test("a folder that cannot be written to is found out before any work")
  func unwritable() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: "\(folder.path)/file"))
    var gallery = try Gallery.tiny("pictures: [cat]", in: "\(folder.path)/file")
    gallery.painter = { _, _, _, _ in
      Issue.record("work was done")
      throw Unlucky()
    }
    let stopped = gallery
    await #expect(throws: FileError.self) { try await stopped.make(threads: 1) }
  }

  @Test("progress goes up to the end and says how long it takes")
  func progress() async throws {
    let folder = try TemporaryFolder()
    let seen = Mutex<[GalleryProgress]>([])
    let gallery = try Gallery.tiny(Self.plan, in: folder.path)
    #expect(try #require(gallery.estimate(threads: 2)) > .zero)
    _ = try await gallery.make(threads: 2) { progress in seen.withLock { $0.append(progress) } }
    let steps = seen.withLock { $0 }
    #expect(steps.map(\.share) == steps.map(\.share).sorted())
    let last = try #require(steps.last)
    #expect(last.share == 1 && last.done == 8 && last.total == 8 && last.failed == 0)
    #expect(last.timeLeft == .zero)
    #expect(gallery.estimate(threads: 2) == nil)
  }

  @Test("a cancelled gallery keeps what is finished and goes on from there")
  func cancellation() async throws {
    let folder = try TemporaryFolder()
    var gallery = try Gallery.tiny(Self.plan, in: folder.path)
    let count = Mutex(0)
    gallery.painter = { item, network, threads, progress in
      let number = count.withLock { count in
        count += 1
        return count
      }
      if number > 3 { throw CancellationError() }
      return try paint(item, network, threads, progress)
    }
    let stopped = gallery
    await #expect(throws: CancellationError.self) { try await stopped.make(threads: 1) }
    gallery.painter = paint
    #expect(try await made(gallery).count == 5)
  }

  private struct Unlucky: Error, CustomStringConvertible {
    var description: String { "no luck" }
  }
}
