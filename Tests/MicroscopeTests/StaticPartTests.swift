import Files
import Foundation
import Galleries
import Imaging
@testable import Microscope
import Networks
import Portraits
import TestSupport
import Testing

/// A folder of pages that is made in parts.
@Suite struct StaticPartTests {
  /// The pages of a small network, from a cache of their own.
  private func pages(
    _ part: String? = nil, in folder: TemporaryFolder, cache: String = "cache"
  ) throws -> StaticMicroscope {
    let network = try smallNetwork(side: 24).overriding(metadata: [
      "labels": "cat\ndog\nhot dog", "input.range": "0,1",
    ])
    let microscope = try Microscope(
      network, cache: PictureCache(folder: "\(folder.path)/\(cache)"),
      folder: "\(folder.path)/pages",
      provenance: Provenance(software: "visualize test", command: ""),
      threads: 2)
    return try StaticMicroscope(microscope, part: part.map { try #require(Part($0)) }) {
      try writeAtomically($0, to: $1)
    }
  }

  /// What lies below the pages.
  private func published(_ folder: TemporaryFolder) throws -> [String: Data] {
    try folder.files.filter { $0.key.hasPrefix("pages/") }
  }

  @Test("parts, merged, are the bytes of one machine", arguments: [1, 3, 40])
  func merging(count: Int) throws {
    let (alone, shared) = (try TemporaryFolder(), try TemporaryFolder())
    let whole = try pages(in: alone).make(threads: 2) { _ in }
    var made = 0
    for number in 1...count {
      // Machines with caches of their own.
      let part = try pages("\(number)/\(count)", in: shared, cache: "cache-\(number)")
      let report = try part.make(threads: 2) { _ in }
      #expect(report.made + report.failed.count == part.sharedCount)
      made += report.made
    }
    #expect(made == whole.made && made >= 7)
    #expect(try shared.files["pages/index.html"] == nil)
    let report = try pages(in: shared).merge { _ in }
    #expect(report.kept == whole.made && report.failed.count == whole.failed.count)
    #expect(try published(shared) == published(alone))
    #expect(!FileManager.default.fileExists(atPath: "\(shared.path)/pages/.parts"))
  }

  @Test("what is missing or damaged is named, made again by its part, and nothing else is")
  func missing() throws {
    let folder = try TemporaryFolder()
    let (first, second) = (try pages("1/2", in: folder), try pages("2/2", in: folder))
    _ = try first.make(threads: 2) { _ in }
    let error = try #require(throws: MissingPicturesError.self) {
      try pages(in: folder).merge { _ in }
    }
    #expect(error.pictures.count == second.sharedCount)
    #expect("\(error)".contains("part 2/2, not begun: "))
    _ = try second.make(threads: 2) { _ in }
    // One picture is cut off, and its copy in the cache is gone.
    let plate = try #require(try second.microscope.icon(second.places[second.share[0]]))
    let path = "\(folder.path)/pages/\(plate.address)"
    let bytes = try readFile(at: path)
    try writeAtomically(Array(bytes.dropLast(9)), to: path)
    try FileManager.default.removeItem(atPath: second.microscope.cache.path(plate.name))
    let damaged = try #require(throws: MissingPicturesError.self) {
      try pages(in: folder).merge { _ in }
    }
    #expect(damaged.pictures.map(\.part) == [Part("2/2")])
    #expect(try first.make(threads: 1) { _ in }.made == 0)
    #expect(try second.make(threads: 1) { _ in }.made == 1)
    #expect(try readFile(at: path) == bytes)
    _ = try pages(in: folder).merge { _ in }
  }

  @Test("one part twice at a time: each picture is made once")
  func twiceAtATime() throws {
    let folder = try TemporaryFolder()
    // Caches of their own, so that the folder alone tells them what is there.
    let runs = [
      try pages("1/2", in: folder, cache: "a"), try pages("1/2", in: folder, cache: "b"),
    ]
    DispatchQueue.concurrentPerform(iterations: 2) { index in
      do {
        _ = try runs[index].make(threads: 2) { _ in }
      } catch {
        Issue.record(error)
      }
    }
    let kept = try folder.files.keys.filter { $0.hasSuffix(".png") && !$0.hasPrefix("pages/") }
    #expect(kept.count == runs[0].sharedCount)
  }

  @Test("a unit's picture is the same file in the cache, be it a page's or a gallery's")
  func sharingWithGalleries() async throws {
    let folder = try TemporaryFolder()
    let pages = try pages(in: folder)
    let microscope = pages.microscope
    let plate = try #require(try microscope.icon(.channel(layer: "edges", 1)))
    try microscope.make(plate, threads: 1)
    var gallery = try Gallery(
      GalleryPlan(yaml: "pictures: [{unit: 'edges:0-1', steps: 64}]"), network: microscope.network,
      folder: "\(folder.path)/gallery", provenance: microscope.provenance)
    gallery.cache = microscope.cache
    let report = try await gallery.make(threads: 1)
    #expect(report.kept.map(\.fileName) == ["edges-1.png"] && report.made.count == 1)
    // And the other way round.
    let other = try #require(try microscope.icon(.channel(layer: "edges", 0)))
    #expect(microscope.kept(other) != nil)
    #expect(try pages.make(threads: 2) { _ in }.kept == 2)
    let files = try folder.files
    #expect(files["gallery/edges-1.png"] == files["pages/\(plate.address)"])
  }
}
