import Foundation
import TestSupport
import Testing

@testable import Imaging

/// Pictures of 32×16 pixels in four blocks: red and green above blue and yellow; Pillow, quality 60.
enum SmallJPEG {
  static let rgb = bytes(
    """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdB\
    RkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P\
    T09PT09PT09PT09PT0//wAARCAAQACADAREAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAYH/8QAFBABAAAAAAAAAAAA\
    AAAAAAAAAP/EABgBAQADAQAAAAAAAAAAAAAAAAAFBwgG/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8An0Ms\
    kBXIhnkBmi+XYgN5ZtTAD//Z
    """)
  static let grey = bytes(
    """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdB\
    RkxOUlNSMj5aYVpQYEpRUk//wAALCAAQACABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAAYH/8QAFBABAAAAAAAAAAAAAAAA\
    AAAAAP/aAAgBAQAAPwCfFcM0G8j/2Q==
    """)
  static let cmyk = bytes(
    """
    /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZM\
    TlJTUjI+WmFaUGBKUVJP/8AAFAgAEAAgBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAAIB//EABQQAQAAAAAA\
    AAAAAAAAAAAAAAD/2gAOBEMATQBZAEsAAD8A05mDMGnACYlOgACYlOgAp1TqYgAf/9k=
    """)

  private static func bytes(_ base64: String) -> [UInt8] {
    Data(base64Encoded: base64).map(Array.init) ?? []
  }

  /// The colour picture with an EXIF segment that tells an orientation.
  static func rgb(orientation: UInt8, isBigEndian: Bool) -> [UInt8] {
    let tiff: [UInt8] =
      isBigEndian
      ? [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
      : [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
    let data = Array("Exif\0\0".utf8) + tiff + [0, 0, 0, 0]
    return [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(data.count + 2)] + data + rgb.dropFirst(2)
  }
}

let jpegIsReadable = TurboJPEG.shared != nil

@Suite(.enabled(if: jpegIsReadable, "libturbojpeg is not installed")) struct JPEGTests {
  /// The letter of the colour nearest to each corner: top left, top right, bottom left, bottom right.
  private func corners(_ picture: Picture) -> String {
    let (right, bottom) = (picture.width - 3, picture.height - 3)
    return [(2, 2), (right, 2), (2, bottom), (right, bottom)].map { x, y in
      let color = picture[x: x, y: y]
      return switch (color.red > 128, color.green > 128, color.blue > 128) {
      case (true, false, false): "R"
      case (false, true, false): "G"
      case (false, false, true): "B"
      case (true, true, false): "Y"
      default: "?"
      }
    }.joined()
  }

  @Test func colorIsRead() throws {
    let picture = try Picture(encoded: SmallJPEG.rgb)
    #expect((picture.width, picture.height) == (32, 16))
    #expect(corners(picture) == "RGBY")
    let green = picture[x: 28, y: 4]
    #expect(green.red <= 3 && green.green >= 252 && green.blue <= 4)
  }

  @Test func greyIsRead() throws {
    let picture = try Picture(encoded: SmallJPEG.grey)
    for (x, y, level) in [(4, 4, 76), (28, 4, 151), (4, 12, 29), (28, 12, 226)] {
      let color = picture[x: x, y: y]
      #expect(abs(Int(color.red) - level) <= 1)
      #expect(color.red == color.green && color.green == color.blue)
    }
  }

  @Test func cmykIsRead() throws {
    #expect(try corners(Picture(encoded: SmallJPEG.cmyk)) == "RGBY")
  }

  @Test(
    arguments: [
      (1, "RGBY"), (2, "GRYB"), (3, "YBGR"), (4, "BYRG"), (5, "RBGY"), (6, "BRYG"), (7, "YGBR"),
      (8, "GYRB"),
    ], [false, true])
  func exifTurnsThePictureUpright(_ c: (UInt8, String), isBigEndian: Bool) throws {
    let jpeg = SmallJPEG.rgb(orientation: c.0, isBigEndian: isBigEndian)
    let picture = try Picture(encoded: jpeg)
    #expect(corners(picture) == c.1)
    #expect(picture.width == (c.0 < 5 ? 32 : 16))
  }

  @Test func truncatedAtEveryByte() {
    // The last two bytes close a picture that is already whole.
    for count in 0..<SmallJPEG.rgb.count - 2 {
      #expect(throws: ImagingError.self, "\(count) bytes") {
        try Picture(encoded: Array(SmallJPEG.rgb[..<count]))
      }
    }
  }

  @Test("a file that is cut off before its size is damaged, and not a picture of no pixels")
  func cutOffBeforeItsSize() throws {
    let jpeg = SmallJPEG.rgb(orientation: 6, isBigEndian: true)
    let size = try #require(jpeg.firstRange(of: [0xFF, 0xC0])).lowerBound
    // Within the segment before, and within the one that says the size.
    for count in [20, size - 8, size, size + 4] {
      let error = #expect(throws: ImagingError.self, "\(count) bytes") {
        try Picture(encoded: Array(jpeg[..<count]), named: "cut.jpg")
      }
      #expect(error?.description.hasPrefix("cut.jpg is a damaged JPEG file") == true)
    }
  }

  @Test func flippedBitsNeverCrash() {
    let jpeg = SmallJPEG.rgb(orientation: 6, isBigEndian: true)
    for bit in 0..<jpeg.count * 8 {
      var flipped = jpeg
      flipped[bit / 8] ^= 1 << (bit % 8)
      do { _ = try Picture(encoded: flipped) } catch {
        #expect(error is ImagingError && !String(describing: error).isEmpty)
      }
    }
  }

  @Test func photographsAreRead() throws {
    // Means as Pillow has them; JPEG decoders differ by a unit here and there.
    for (name, width, height, mean) in [
      ("chelsea.png", 451, 300, 115.305), ("rocket.jpg", 640, 427, 65.28),
    ] {
      let picture = try Picture(contentsOf: Recordings.file("photographs/\(name)").path)
      #expect(picture.width == width && picture.height == height)
      let sum = picture.bytes.reduce(0) { $0 + Int($1) }
      #expect(abs(Double(sum) / Double(picture.bytes.count) - mean) < 0.1, "\(name)")
    }
  }
}

@Suite struct MissingJPEGLibraryTests {
  @Test func withoutTheLibraryTheErrorNamesThePackage() {
    #expect(TurboJPEG(tryingInTurn: ["libnone.so.9"]) == nil)
    let words = ImagingError.jpegLibraryMissing(file: "cat.jpg").description
    #expect(words.contains("cat.jpg") && words.contains("apt install libturbojpeg0"))
    #expect(words.contains("brew install jpeg-turbo"))
  }
}
