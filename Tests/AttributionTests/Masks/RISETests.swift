@testable import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct RISETests {
  @Test("masks are between 0 and 1, half of them on, and smooth by the cell's size")
  func masks() {
    let masks = RISEMasks(cells: 4, density: 0.3, height: 21, width: 18, seed: 1)
    var mean = [Double](repeating: 0, count: 21 * 18)
    for number in 0..<3000 {
      let mask = masks.mask(number)
      for i in mask.indices { mean[i] += Double(mask[i]) / 3000 }
      // From one centre to the next the mask goes from 0 to 1 at most: 4 cells on 5 · 6 and 5 · 5 pixels.
      for i in mask.indices where i % 18 > 0 {
        #expect(abs(mask[i] - mask[i - 1]) <= 4 / 25 + 1e-5)
      }
    }
    #expect(mean.allSatisfy { abs($0 - 0.3) < 0.04 })
    #expect(masks.mask(7) == masks.mask(7) && masks.mask(7) != masks.mask(8))
  }

  @Test("with one cell, masks show all or nothing, and nothing is said of any pixel")
  func oneCell() throws {
    let picture = SmallNetwork.picture()
    let map = try RISE(masks: 40, cells: 1, baseline: 0.0).attribute(
      picture, to: .logit(1), in: SmallNetwork.convolutional(), feed: .raw)
    #expect(map.shape == [1, 1, 13, 11])
    #expect(Set(map.scalars).count == 1)
  }

  @Test("the map and its standard error by their definition, from masks and values")
  func sums() throws {
    let masks = RISEMasks(cells: 3, density: 0.5, height: 5, width: 4, seed: 3)
    var random = SplitMix64(seed: 2)
    let values = (0..<50).map { _ in 100 + Double(Tensor.normal([1], using: &random).scalar) }
    var sums = MaskSums(pixels: 20)
    for number in values.indices { sums.add(masks.mask(number), values[number]) }
    let (map, errors) = sums.estimate()
    let mean = values.reduce(0, +) / 50
    for pixel in 0..<20 {
      let m = values.indices.map { Double(masks.mask($0)[pixel]) }
      let whole = m.reduce(0, +)
      let seen = zip(m, values).reduce(0) { $0 + $1.0 * $1.1 } / whole
      let squares = zip(m, values).reduce(0.0) { sum, pair in
        let moved = 50 * pair.0 * (pair.1 - seen) / whole - (pair.1 - mean)
        return sum + moved * moved
      }
      #expect(abs(Double(map[pixel]) - (seen - mean)) < 1e-5)
      #expect(abs(Double(errors[pixel]) / (squares.squareRoot() / 50) - 1) < 1e-4)
    }
  }

  @Test("maps of other seeds differ by what the standard error says")
  func spread() throws {
    let picture = SmallNetwork.picture()
    let explained = Explained(
      .logit(2), in: SmallNetwork.convolutional(), inputShape: picture.shape, feed: .raw,
      threads: 1)
    let estimates = try (0..<12).map {
      try RISE(masks: 150, cells: 3, baseline: 0.0, seed: UInt64($0)).estimate(
        picture, of: explained
      ) { _ in }
    }
    var ratio = 0.0
    for pixel in 0..<143 {
      let maps: [Double] = estimates.map { Double($0.mean.scalars[pixel]) }
      let errors: [Double] = estimates.map { Double($0.standardError.scalars[pixel]) }
      let mean = maps.reduce(0, +) / 12
      let squares: [Double] = maps.map { ($0 - mean) * ($0 - mean) }
      let said: Double = errors.map { $0 * $0 }.reduce(0, +) / 12
      ratio += squares.reduce(0, +) / 11 / said / 143
    }
    #expect((0.5...1.6).contains(ratio), "\(ratio)")
  }

  @Test("a pixel that alone counts is where the map is largest")
  func place() throws {
    var weights = [Float](repeating: 0, count: 64)
    weights[5 * 8 + 2] = 1
    let network = SumNetwork.linear(weights, height: 8, width: 8)
    let map = try RISE(masks: 600, cells: 4, baseline: 0.0).attribute(
      Tensor([1, 1, 8, 8], repeating: 1), to: .channel("z", 0), in: network, feed: .raw)
    #expect(map.scalars.firstIndex(of: map.maximum) == 5 * 8 + 2)
    #expect(throws: AttributionError.samplesBelow(1, least: 2)) {
      try RISE(masks: 1).attribute(
        Tensor([1, 1, 8, 8], repeating: 1), to: .channel("z", 0), in: network, feed: .raw)
    }
  }
}
