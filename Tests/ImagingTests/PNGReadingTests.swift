import Testing

@testable import Imaging

/// A colour type and depth, and the first row of two pixels that it must be read as.
struct PNGCase: CustomTestStringConvertible, Sendable {
  var name: String
  var bitDepth: UInt8
  var colorType: UInt8
  var row: [UInt8]
  var chunks: [UInt8] = []
  var expected: [Color]

  var testDescription: String { name }

  static let palette = PNGChunk.encoded("PLTE", [10, 20, 30, 200, 100, 50])
  static let all = [
    PNGCase(
      name: "grey 1", bitDepth: 1, colorType: 0, row: [0b0100_0000],
      expected: [.black, .white]),
    PNGCase(
      name: "grey 2", bitDepth: 2, colorType: 0, row: [0b0110_0000],
      expected: [Color(grey: 85), Color(grey: 170)]),
    PNGCase(
      name: "grey 4", bitDepth: 4, colorType: 0, row: [0x2F],
      expected: [Color(grey: 34), .white]),
    PNGCase(
      name: "grey 8", bitDepth: 8, colorType: 0, row: [7, 128],
      expected: [Color(grey: 7), Color(grey: 128)]),
    PNGCase(
      name: "grey 16, sRGB and not linear", bitDepth: 16, colorType: 0,
      row: [0x80, 0x80, 0xFF, 0xFF], expected: [Color(grey: 128), .white]),
    PNGCase(
      name: "RGB 8", bitDepth: 8, colorType: 2, row: [1, 2, 3, 250, 251, 252],
      expected: [Color(0x010203), Color(red: 250, green: 251, blue: 252)]),
    PNGCase(
      name: "RGB 16", bitDepth: 16, colorType: 2,
      row: [1, 1, 2, 2, 3, 3, 250, 250, 251, 251, 252, 252],
      expected: [Color(0x010203), Color(red: 250, green: 251, blue: 252)]),
    PNGCase(
      name: "palette 1", bitDepth: 1, colorType: 3, row: [0b1000_0000], chunks: palette,
      expected: [Color(red: 200, green: 100, blue: 50), Color(red: 10, green: 20, blue: 30)]),
    PNGCase(
      name: "palette 8", bitDepth: 8, colorType: 3, row: [0, 1], chunks: palette,
      expected: [Color(red: 10, green: 20, blue: 30), Color(red: 200, green: 100, blue: 50)]),
    PNGCase(
      name: "palette with transparency", bitDepth: 8, colorType: 3, row: [0, 1],
      chunks: palette + PNGChunk.encoded("tRNS", [0, 128]),
      expected: [
        Color(red: 10, green: 20, blue: 30, alpha: 0),
        Color(red: 200, green: 100, blue: 50, alpha: 128),
      ]),
    PNGCase(
      name: "RGB 8 with a transparent colour", bitDepth: 8, colorType: 2,
      row: [1, 2, 3, 4, 5, 6], chunks: PNGChunk.encoded("tRNS", [0, 1, 0, 2, 0, 3]),
      expected: [Color(red: 1, green: 2, blue: 3, alpha: 0), Color(0x040506)]),
    PNGCase(
      name: "grey and alpha 8", bitDepth: 8, colorType: 4, row: [100, 51, 7, 255],
      expected: [Color(red: 100, green: 100, blue: 100, alpha: 51), Color(grey: 7)]),
    PNGCase(
      name: "grey and alpha 16", bitDepth: 16, colorType: 4,
      row: [100, 100, 51, 51, 7, 7, 255, 255],
      expected: [Color(red: 100, green: 100, blue: 100, alpha: 51), Color(grey: 7)]),
    PNGCase(
      name: "RGBA 8", bitDepth: 8, colorType: 6, row: [1, 2, 3, 4, 9, 8, 7, 255],
      expected: [Color(red: 1, green: 2, blue: 3, alpha: 4), Color(0x090807)]),
    PNGCase(
      name: "RGBA 16", bitDepth: 16, colorType: 6,
      row: [1, 1, 2, 2, 3, 3, 128, 128, 9, 9, 8, 8, 7, 7, 255, 255],
      expected: [Color(red: 1, green: 2, blue: 3, alpha: 128), Color(0x090807)]),
  ]
}

@Suite struct PNGReadingTests {
  @Test("Every colour type and depth is read as 8-bit sRGB", arguments: PNGCase.all)
  func reads(_ c: PNGCase) throws {
    let png = HandmadePNG(
      width: 2, height: 1, bitDepth: c.bitDepth, colorType: c.colorType, rows: [c.row],
      chunks: c.chunks)
    let picture = try Picture(png: png.bytes, keepingAlpha: true)
    #expect((0..<2).map { picture[x: $0, y: 0] } == c.expected)
    #expect(picture.hasAlpha == c.expected.contains { $0.alpha < 255 })

    let flat = try Picture(encoded: png.bytes)
    #expect(!flat.hasAlpha)
    #expect(flat == picture.flattened())
  }

  @Test func alphaIsLaidOverWhiteInSRGB() throws {
    let png = HandmadePNG(
      width: 3, height: 1, bitDepth: 8, colorType: 6,
      rows: [[0, 0, 0, 128, 200, 0, 0, 0, 10, 20, 30, 255]])
    let picture = try Picture(png: png.bytes)
    #expect(picture[x: 0, y: 0] == Color(grey: 127))
    #expect(picture[x: 1, y: 0] == .white)
    #expect(picture[x: 2, y: 0] == Color(red: 10, green: 20, blue: 30))
  }

  @Test func interlacedRowsComeInOrder() throws {
    // Adam7: column and row of each pass's first pixel, then the steps.
    let passes = [
      (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
      (0, 1, 1, 2),
    ]
    let rows = passes.flatMap { x0, y0, dx, dy in
      stride(from: y0, to: 8, by: dy).map { y in
        stride(from: x0, to: 8, by: dx).map { x in UInt8(y * 8 + x) }
      }
    }
    let png = HandmadePNG(
      width: 8, height: 8, bitDepth: 8, colorType: 0, rows: rows, isInterlaced: true)
    let picture = try Picture(png: png.bytes)
    #expect(picture.bytes == (0..<64).flatMap { [UInt8](repeating: $0, count: 3) })
  }

  @Test(arguments: [(0, 1), (1, 0), (100_001, 1000), (Int(UInt32.max), Int(UInt32.max))])
  func absurdSizesAreRefusedBeforeAllocation(_ size: (Int, Int)) {
    let png = HandmadePNG(
      width: size.0, height: size.1, bitDepth: 8, colorType: 2, rows: [[0, 0, 0]])
    #expect(
      throws: ImagingError.badSize(file: "big.png", width: size.0, height: size.1)
    ) { try Picture(png: png.bytes, named: "big.png") }
  }

  @Test("an eXIf chunk turns the picture upright", arguments: [false, true])
  func orientation(isBigEndian: Bool) throws {
    let tiff: [UInt8] =
      isBigEndian
      ? [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
      : [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]
    let png = HandmadePNG(
      width: 3, height: 2, bitDepth: 8, colorType: 0, rows: [[1, 2, 3], [4, 5, 6]],
      chunks: PNGChunk.encoded("eXIf", tiff + [0, 0, 0, 0]))
    let picture = try Picture(png: png.bytes)
    #expect(picture.width == 2 && picture.height == 3)
    #expect(
      picture.bytes == [4, 1, 5, 2, 6, 3].flatMap { [UInt8](repeating: $0, count: 3) })
  }

  @Test func dataForTooFewRowsIsAnError() {
    let png = HandmadePNG(width: 2, height: 9, bitDepth: 8, colorType: 0, rows: [[1, 2]])
    #expect(throws: ImagingError.self) { try Picture(png: png.bytes) }
  }
}
