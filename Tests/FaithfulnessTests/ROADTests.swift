import Attribution
import Graphs
import Tensors
import Testing

@testable import Faithfulness

@Suite struct ROADTests {
  private static let exact = LinearImputation(noise: 0, tolerance: 1e-12)

  @Test("the imputed picture and both curves as recorded")
  func parity() throws {
    let recorded = try RecordedMetrics()
    let map = try RecordedMetrics.tensor("road_map.pb")
    let plane = map.reshaped([map.shape[-2], map.shape[-1]])
    let road = ROAD(imputation: Self.exact)
    var random = SplitMix64(seed: 0)
    let missing = road.missing(PixelOrder(plane).pixels, percentile: 50)
    let imputed = Self.exact(recorded.input, missing: missing, of: .picture, using: &random)
    let golden = try RecordedMetrics.tensor("road_imputed_morf_50.pb")
    #expect((imputed - golden).absolute().maximum <= 1e-6 * golden.absolute().maximum)

    let changes = try road.changes(of: recorded.logit, at: recorded.input, map: plane)
    try recorded.check("road_morf", curve: changes.mostRelevantFirst)
    try recorded.check("road_lerf", curve: changes.leastRelevantFirst)
    try recorded.check("road_combined", changes.combined)
  }

  /// A missing pixel is the weighted mean of its neighbours: written out at an edge, a corner and inside.
  @Test("every equation holds", arguments: [0.1, 0.5, 0.95])
  func equations(_ share: Double) {
    var random = SplitMix64(seed: 3)
    let (height, width) = (9, 13)
    let picture = Tensor.uniform([1, 2, height, width], using: &random)
    let missing = (0..<height * width).map { _ in Double.random(in: 0..<1, using: &random) < share }
    let imputed = Self.exact(picture, missing: missing, of: .picture, using: &random)
    for channel in 0..<2 {
      for i in missing.indices {
        let (y, x) = (i / width, i % width)
        guard missing[i] else {
          #expect(imputed[0, channel, y, x] == picture[0, channel, y, x])
          continue
        }
        var (sum, weights) = (0.0, 0.0)
        for dy in -1...1 {
          for dx in -1...1 where dy != 0 || dx != 0 {
            guard (0..<height).contains(y + dy), (0..<width).contains(x + dx) else { continue }
            let weight = dy == 0 || dx == 0 ? 1.0 / 6 : 1.0 / 12
            sum += weight * Double(imputed[0, channel, y + dy, x + dx])
            weights += weight
          }
        }
        #expect(abs(sum / weights - Double(imputed[0, channel, y, x])) < 1e-6)
      }
    }
  }

  @Test("noise is of the strength that is asked for; a picture that is all gone is its mean")
  func noiseAndNothing() {
    var random = SplitMix64(seed: 5)
    let picture = Tensor.uniform([1, 1, 40, 40], using: &random)
    let all = [Bool](repeating: true, count: 1600)
    let mean = Self.exact(picture, missing: all, of: .picture, using: &random)
    #expect(mean.scalars.allSatisfy { abs($0 - picture.mean) < 1e-6 })
    let noisy = LinearImputation(noise: 0.1)(picture, missing: all, of: .picture, using: &random)
    let deviation = (noisy - mean).norm / 40
    #expect(abs(deviation - 0.1) < 0.01)
  }

  @Test("a mask of another extent is refused")
  func otherMask() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var random = SplitMix64(seed: 5)
      _ = LinearImputation()(
        Tensor([1, 1, 2, 2]), missing: [true], of: .picture, using: &random)
    }
    let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(words.contains("1 places of a mask for 4"))
  }

  @Test("a map that is the same nearly everywhere does not lose every pixel at once")
  func ties() {
    var map = Tensor([10, 10])
    map.withUnsafeMutableBufferPointer { $0[7] = 1 }
    let road = ROAD()
    let missing = road.missing(PixelOrder(map).pixels, percentile: 70)
    #expect(missing.count { $0 } == 30 && missing[7])
  }
}
