import Tensors
import Testing

@testable import Imaging

@Suite struct PNGWritingTests {
  @Test func checksumsOfKnownStrings() {
    #expect(crc32(Array("IEND".utf8)[...]) == 0xAE42_6082)
    #expect(crc32(Array("123456789".utf8)[...]) == 0xCBF4_3926)
    #expect(crc32([]) == 0)
  }

  @Test(arguments: [(1, 1), (3, 5), (64, 64), (301, 17)], [false, true])
  func writtenPicturesComeBack(_ size: (Int, Int), hasAlpha: Bool) throws {
    var random = SplitMix64(seed: 3)
    let noise = Picture(
      width: size.0, height: size.1, hasAlpha: hasAlpha,
      bytes: (0..<size.0 * size.1 * (hasAlpha ? 4 : 3)).map { _ in
        UInt8.random(in: 0...254, using: &random)
      })
    let png = try noise.png()
    #expect(try Picture(png: png, keepingAlpha: true) == noise)
    #expect(try noise.png() == png)
  }

  @Test func textsComeBackInOrder() throws {
    let texts = [
      PNGText(keyword: "Software", text: "visualize 1.0"),
      PNGText(keyword: "Unit", text: "layer3:17 — größte Aktivierung 🐈"),
      PNGText(keyword: "Comment", text: "zwei\nZeilen, größer ÿ"), PNGText(keyword: "k", text: ""),
    ]
    let png = try DamageTests.picture.png(texts: texts)
    #expect(try PNGText.texts(in: png) == texts)
    #expect(try Picture(png: png) == DamageTests.picture)
    let types = try PNGChunk.chunks(of: png, named: "").map(\.type)
    #expect(types.starts(with: ["IHDR", "tEXt", "iTXt", "tEXt", "tEXt"]))
  }

  @Test(arguments: ["", " a", "a ", "a  b", "π", "a\nb", String(repeating: "a", count: 80)])
  func badKeywordsAreRefused(_ keyword: String) {
    #expect(throws: ImagingError.self) {
      try DamageTests.picture.png(texts: [PNGText(keyword: keyword, text: "")])
    }
  }

  @Test func aTextWithNULIsRefused() {
    #expect(throws: ImagingError.self) {
      try DamageTests.picture.png(texts: [PNGText(keyword: "a", text: "b\0c")])
    }
  }
}
