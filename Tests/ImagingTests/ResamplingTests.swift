import Tensors
import Testing

@testable import Imaging

@Suite struct ResamplingTests {
  @Test(
    "A constant stays constant", arguments: Resampling.allCases,
    [(1, 1), (3, 7), (8, 8), (13, 40), (64, 5)])
  func constant(_ filter: Resampling, size: (Int, Int)) {
    let plane = Tensor([2, 9, 11], repeating: 0.3)
    let resized = plane.resized(width: size.0, height: size.1, by: filter)
    #expect(resized.shape == [2, size.1, size.0])
    #expect(resized.scalars.allSatisfy { abs($0 - 0.3) < 1e-6 })
    let picture = Picture(width: 9, height: 11, filledWith: Color(0x123456))
    #expect(
      picture.resized(width: size.0, height: size.1, by: filter)
        == Picture(width: size.0, height: size.1, filledWith: Color(0x123456)))
  }

  @Test("The same size changes nothing", arguments: Resampling.allCases)
  func identity(_ filter: Resampling) {
    var random = SplitMix64(seed: 5)
    let plane = Tensor.uniform([3, 6, 5], using: &random)
    #expect(plane.resized(width: 5, height: 6, by: filter) == plane)
    // The other axis alone changes.
    let wide = plane.resized(width: 10, height: 6, by: filter)
    #expect(wide.resized(width: 10, height: 6, by: filter) == wide)
  }

  @Test(
    "A ramp stays a ramp away from the border",
    arguments: [Resampling.area, .bilinear, .bicubic, .mitchell, .lanczos, .automatic],
    [16, 32, 128])
  func ramp(_ filter: Resampling, target: Int) {
    // Value = position of the pixel's centre, so it must come out as the position, in source pixels.
    let plane = Tensor([1, 64], (0..<64).map { Float($0) + 0.5 })
    let resized = plane.resized(width: target, height: 1, by: filter).scalars
    let step = 64 / Float(target)
    // Enlarging, the area filter repeats pixels; Lanczos reproduces lines only nearly.
    let tolerance: Float = filter == .area ? step : filter == .lanczos ? 0.02 * max(step, 1) : 1e-4
    for i in target / 4..<target * 3 / 4 {
      #expect(abs(resized[i] - (Float(i) + 0.5) * step) < tolerance)
    }
  }

  @Test func areaAveragesWholeBlocksAndSharesPixels() {
    let plane = Tensor([1, 6], [1, 2, 3, 4, 5, 6])
    #expect(plane.resized(width: 3, height: 1, by: .area).scalars == [1.5, 3.5, 5.5])
    let four = plane.resized(width: 4, height: 1, by: .area).scalars
    // 1.5 pixels each: (1 + 2/2) / 1.5, (2/2 + 3) / 1.5, …
    for (value, truth) in zip(four, [4 / 3, 8 / 3, 13 / 3, 17 / 3] as [Float]) {
      #expect(abs(value - truth) < 1e-6)
    }
  }

  /// Pillow 13: `Image.fromarray([[0, 0, 1, 0, 5, 2, 0, 9]]).resize((count, 1), filter)` of floats.
  @Test(
    "Agrees with Pillow",
    arguments: [
      (Resampling.bilinear, [0.236842, 2.047619, 3.473684] as [Float]),
      (.bilinear, [0, 0.555556, 2.416667, 2.037037, 5.318182]),
      (.bicubic, [0.092886, 1.971381, 3.726224]),
      (
        .bicubic,
        [
          0, -0.048237, 0.022104, 0.762659, 0.715635, -0.143719, 2.625, 5.009132, 2.947684,
          0.802799, -0.119367, 5.504159, 9.659916,
        ]
      ),
      (.lanczos, [0.071938, 0.15151, 2.880472, 1.677749, 5.188903]),
      (
        .lanczos,
        [
          0.031801, -0.106451, 0.034596, 0.968695, 0.523292, -0.250114, 2.649457, 5.137118,
          3.518019, -0.014373, -0.247794, 5.597261, 10.00362,
        ]
      ),
    ])
  func pillow(_ filter: Resampling, truth: [Float]) {
    let plane = Tensor([1, 8], [0, 0, 1, 0, 5, 2, 0, 9])
    let values = plane.resized(width: truth.count, height: 1, by: filter).scalars
    #expect(zip(values, truth).allSatisfy { abs($0 - $1) < 2e-5 }, "\(values)")
    let upright = plane.reshaped([8, 1]).resized(width: 1, height: truth.count, by: filter)
    #expect(upright.scalars == values)
  }

  @Test func nearestEnlargesExactly() {
    let picture = Picture(Tensor([1, 2, 2], [0, 0.2, 0.4, 0.6]))
    let large = picture.enlarged(3)
    for y in 0..<6 {
      for x in 0..<6 { #expect(large[x: x, y: y] == picture[x: x / 3, y: y / 3]) }
    }
    #expect(large.resized(width: 2, height: 2, by: .nearest) == picture)
  }

  @Test func enlargingAnEdgeBarelyOvershoots() {
    let edge = Tensor([1, 16], (0..<16).map { $0 < 8 ? 0.25 : 0.75 })
    let values = edge.resized(width: 128, height: 1).scalars
    #expect(values.allSatisfy { $0 > 0.23 && $0 < 0.77 })
    #expect(zip(values[40..<88], values[41..<89]).allSatisfy { $0 <= $1 + 0.02 })
  }

  @Test func transparentColorsDoNotBleed() {
    let picture = Picture(
      width: 2, height: 1, hasAlpha: true, bytes: [255, 0, 0, 255, 0, 255, 0, 0])
    let half = picture.resized(width: 1, height: 1)[x: 0, y: 0]
    #expect(half == Color(red: 255, green: 0, blue: 0, alpha: 128))
  }

  @Test func framing() {
    let red = Picture(width: 40, height: 20, filledWith: Color(0xFF0000))
    let boxed = red.letterboxed(width: 20, height: 20, background: .white)
    #expect(boxed[x: 10, y: 4] == .white && boxed[x: 10, y: 15] == .white)
    #expect(boxed[x: 0, y: 5] == Color(0xFF0000) && boxed[x: 19, y: 14] == Color(0xFF0000))
    #expect(red.fitted(width: 100, height: 100).height == 50)
    let numbered = Picture(Tensor([1, 1, 8], (0..<8).map { Float($0) / 255 }))
    #expect(numbered.centerCropped(width: 2, height: 1).bytes == [3, 3, 3, 4, 4, 4])
    let covered = red.covering(width: 7, height: 9)
    #expect(covered == Picture(width: 7, height: 9, filledWith: Color(0xFF0000)))
  }
}
