import Files
import Foundation
import Imaging
import Networks
import Portraits
import TestSupport
import Testing

@testable import Galleries

/// Pictures that galleries of one network share.
@Suite struct GalleryCacheTests {
  private static let plan = "pictures: [all logits, 'relu:0-1', {unit: dog, alpha: gradient}]"

  private func gallery(
    in folder: TemporaryFolder, cache: PictureCache?, modelOptions: String = ""
  ) throws -> Gallery {
    var gallery = try Gallery(
      GalleryPlan(yaml: "defaults: {size: 24, steps: 3}\n" + Self.plan),
      network: TinyNetwork.network(), folder: folder.path,
      provenance: Provenance(
        software: "visualize 0", command: "visualize gallery", modelOptions: modelOptions))
    gallery.cache = cache
    return gallery
  }

  @Test("what one gallery made is not made by another, and the bytes are those of making it")
  func sharing() async throws {
    let (plain, first, second) = (
      try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder()
    )
    let cache = PictureCache(folder: try TemporaryFolder().path)
    _ = try await gallery(in: plain, cache: nil).make(threads: 2)
    // The model goes by another name, which its files say.
    let other = try gallery(in: first, cache: cache, modelOptions: "--model ../tiny.onnx")
    #expect(try await other.make(threads: 2).made.count == 7)
    #expect(try plain.files["dog.png"] != first.files["dog.png"])
    var again = try gallery(in: second, cache: cache)
    #expect(again.keptCount == 7 && again.estimate(threads: 1) == nil)
    again.painter = { _, _, _, _ in throw DeadUnitError(value: 0) }
    let report = try await again.make(threads: 2)
    #expect(report.made.isEmpty && report.kept.count == 7 && report.failed.isEmpty)
    #expect(try second.files == plain.files)
  }

  @Test("what was made is in the cache where the folder could not take it")
  func fullFolder() async throws {
    let folder = try TemporaryFolder()
    let cache = PictureCache(folder: try TemporaryFolder().path)
    var gallery = try gallery(in: folder, cache: cache)
    gallery.write = { bytes, path in
      if path.hasSuffix(".png") { throw FileError.unwritable(file: path, reason: "no room") }
      try writeAtomically(bytes, to: path)
    }
    let stopped = gallery
    await #expect(throws: FileError.self) { try await stopped.make(threads: 1) }
    #expect(cache.has(PictureCache.name(of: gallery.keys[0])))
  }

  @Test("where there is room for a picture or its copy in the cache, the picture is stored")
  func lastRoom() async throws {
    let folder = try TemporaryFolder()
    let cache = PictureCache(folder: try TemporaryFolder().path)
    var gallery = try gallery(in: folder, cache: cache)
    let name = PictureCache.name(of: gallery.keys[0])
    let first = gallery.path(of: gallery.items[0])
    gallery.write = { bytes, path in
      let isFull = path == first && cache.has(name)
      if isFull { throw FileError.unwritable(file: path, reason: "no room") }
      try writeAtomically(bytes, to: path)
    }
    let made = gallery
    #expect(try await made.make(threads: 1).made.count == 7)
    #expect(!cache.has(name) && cache.has(PictureCache.name(of: gallery.keys[1])))
  }

  @Test("a picture that is damaged in the cache, or another's, is made")
  func damage() async throws {
    let (first, second, kept) = (
      try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder()
    )
    let cache = PictureCache(folder: kept.path)
    let gallery = try gallery(in: first, cache: cache)
    _ = try await gallery.make(threads: 2)
    let names = gallery.keys.map(PictureCache.name)
    var bytes = try #require(try cache.bytes(names[0]))
    bytes[bytes.count / 2] ^= 1
    try cache.keep(bytes, as: names[0])
    try cache.keep(#require(try cache.bytes(names[1])), as: names[2])
    let again = try self.gallery(in: second, cache: cache)
    #expect(try await again.make(threads: 2).made == [again.items[0], again.items[2]])
    #expect(try second.files == first.files)
  }
}
