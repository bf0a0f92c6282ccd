import Files
import Tensors
import Testing

@testable import Imaging

@Suite struct DamageTests {
  static let picture = Picture(
    Tensor([3, 7, 9], (0..<189).map { Float($0 * 37 % 256) / 255 }))

  @Test func truncatedAtEveryByte() throws {
    let png = try Self.picture.png(texts: [PNGText(keyword: "Seed", text: "7")])
    for count in png.indices {
      do {
        _ = try Picture(encoded: Array(png[..<count]), named: "cut.png")
        Issue.record("\(count) of \(png.count) bytes were read as a picture")
      } catch {
        #expect(String(describing: error).hasPrefix("cut.png is"))
      }
    }
  }

  @Test func everyFlippedBitIsNoticed() throws {
    let png = try Self.picture.png(texts: [PNGText(keyword: "Seed", text: "7")])
    for bit in 0..<png.count * 8 {
      var flipped = png
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: ImagingError.self, "bit \(bit)") { try Picture(encoded: flipped) }
    }
  }

  @Test func rubbishWithValidChecksumsNeverCrashes() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<500 {
      func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
      let png =
        PNGChunk.signature
        + PNGChunk.encoded(
          "IHDR",
          [0, 0, 0, UInt8.random(in: 1...40, using: &random), 0, 0, 0, 5]
            + [[1, 2, 4, 8, 16].randomElement(using: &random) ?? 8]
            + [[0, 2, 3, 4, 6].randomElement(using: &random) ?? 2, 0, 0, 0])
        + PNGChunk.encoded("PLTE", bytes(3 * Int.random(in: 0...260, using: &random)))
        + PNGChunk.encoded("tRNS", bytes(Int.random(in: 0...300, using: &random)))
        + PNGChunk.encoded("gAMA", bytes(4)) + PNGChunk.encoded("iTXt", bytes(20))
        + PNGChunk.encoded("IDAT", bytes(60)) + PNGChunk.encoded("IEND", [])
      #expect(throws: ImagingError.self) { try Picture(png: png) }
      _ = try? PNGText.texts(in: png)
    }
  }

  @Test func wrongFormatsAreNamed() {
    let cases: [([UInt8], String)] = [
      ([], "an empty file"), (Array("GIF89a".utf8), "a GIF picture"),
      (Array("RIFF0000WEBPVP8 ".utf8), "a WebP picture"),
      (Array("version https://git-lfs.github.com/spec/v1".utf8), "Git LFS pointer"),
      (Array("hello".utf8), "neither PNG nor JPEG"),
    ]
    for (bytes, words) in cases {
      do {
        _ = try Picture(encoded: bytes, named: "it")
        Issue.record("\(words) was read as a picture")
      } catch {
        #expect(String(describing: error).contains(words))
      }
    }
  }

  @Test func absentFilesAndFoldersAreNamed() throws {
    #expect(
      throws: FileError.unreadable(
        file: "none/such.png", reason: "No such file or directory; check the path")
    ) { try Picture(contentsOf: "none/such.png") }
    #expect(
      throws: FileError.unreadable(file: "/", reason: "it is a folder; name a file")
    ) { try Picture(contentsOf: "/") }
  }
}
