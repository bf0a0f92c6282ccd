import Tensors
import Testing

@testable import Imaging

@Suite struct FramingTests {
  /// A picture with a gradient both ways, so that every place is different.
  private func photograph(_ width: Int, _ height: Int) -> Picture {
    var picture = Picture(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        picture[x: x, y: y] = Color(
          red: UInt8(x * 255 / max(width - 1, 1)), green: UInt8(y * 255 / max(height - 1, 1)),
          blue: 90)
      }
    }
    return picture
  }

  @Test(arguments: [(60, 100), (100, 60), (64, 64), (1, 50), (301, 200)])
  func croppingIsWhatCoveringDoes(_ size: (width: Int, height: Int)) {
    let picture = photograph(size.width, size.height)
    let framing = Framing(picture, width: 32, height: 24, fit: .crop)
    #expect(framing.framed(picture) == picture.covering(width: 32, height: 24))
    #expect(framing.place == framing.frame)
  }

  @Test func whatIsCutOffIsSaid() {
    let tall = photograph(512, 929)
    #expect(
      Framing(tall, width: 224, height: 224, fit: .crop).cut == "middle 512×512 of 512×929")
    #expect(Framing(tall, width: 224, height: 224, fit: .pad).cut == nil)
    #expect(Framing(tall, width: 224, height: 224, fit: .stretch).cut == nil)
    #expect(Framing(photograph(50, 50), width: 224, height: 224, fit: .crop).cut == nil)
  }

  @Test func paddingKeepsAllAndBarsAreGrey() {
    let picture = photograph(50, 100)
    let framing = Framing(picture, width: 40, height: 40, fit: .pad)
    #expect(framing.part == framing.photograph)
    #expect(framing.place == .init(x: 10, y: 0, width: 20, height: 40))
    let framed = framing.framed(picture)
    #expect(framed[x: 5, y: 20] == Framing.bars && framed[x: 34, y: 20] == Framing.bars)
    #expect(framed.cropped(framing.place) == picture.resized(width: 20, height: 40))
  }

  @Test(arguments: Framing.Fit.allCases)
  func aMapComesBackToWhereItWas(_ fit: Framing.Fit) {
    // One bright place of the photograph, framed and unframed, is bright at the same place.
    var picture = Picture(width: 120, height: 200, filledWith: .black)
    picture.fill(.white, x: 70, y: 90, width: 16, height: 16)
    let framing = Framing(picture, width: 60, height: 60, fit: fit)
    let seen = framing.framed(picture).tensor.sliced([0..<1, 0..<1, 0..<60, 0..<60])
    // Without the bars, which are grey.
    let (map, place) = framing.unframed(seen.reshaped([60, 60]), width: 120, height: 200)
    #expect(map.shape == [place.height, place.width])
    var (sum, x, y): (Float, Float, Float) = (0, 0, 0)
    for (i, value) in map.scalars.enumerated() where value > 0.55 {
      sum += value
      x += value * (Float(place.x + i % place.width) + 0.5)
      y += value * (Float(place.y + i / place.width) + 0.5)
    }
    #expect(abs(x / sum - 78) < 1.5 && abs(y / sum - 98) < 2.5, "\(x / sum), \(y / sum)")
  }

  @Test func aBlurKeepsTheSumAndSpreads() {
    var map = Tensor([9, 14])
    map[0, 0] = 3
    map[4, 7] = -1
    let blurred = map.blurred(deviation: 1.5)
    #expect(abs(blurred.total - 2) < 1e-5)
    #expect(blurred[4, 7] > -0.2 && blurred[4, 8] < -0.03 && blurred[0, 1] > 0.3)
    #expect(map.blurred(deviation: 0).scalars == map.scalars)
    // The Gaussian's own values beside the middle, 14 places wide.
    var line = Tensor([1, 13])
    line[0, 6] = 1
    let peak = line.blurred(deviation: 1)
    #expect(abs(peak[0, 7] / peak[0, 6] - 0.606_53) < 1e-4)
    #expect(abs(peak[0, 8] / peak[0, 6] - 0.135_34) < 1e-4)
    // Wider than the map: all places alike.
    #expect(abs(line.blurred(deviation: 200)[0, 0] - 1 / 13) < 1e-3)
  }
}
