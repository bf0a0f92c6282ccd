import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct PartsTests {
  /// Four quarters of different colours with a little noise, 40×60.
  private static func quarters() -> Tensor {
    var random = SplitMix64(seed: 4)
    let noise = Tensor.normal([1, 3, 40, 60], standardDeviation: 0.01, using: &random)
    let colors: [[Float]] = [
      [0.9, 0.1, 0.1], [0.1, 0.8, 0.2], [0.2, 0.2, 0.9], [0.8, 0.8, 0.1],
    ]
    return noise
      + Tensor(
        [1, 3, 40, 60],
        (0..<7200).map { i in
          let (channel, y, x) = (i / 2400, i % 2400 / 60, i % 60)
          return colors[(y < 18 ? 0 : 2) + (x < 33 ? 0 : 1)][channel]
        })
  }

  @Test("superpixels keep to edges, are about as many as wanted and in one piece each")
  func superpixels() throws {
    let partition = try Parts.superpixels(24).partition(of: Self.quarters())
    #expect((16...32).contains(partition.count), "\(partition.count)")
    #expect(Set(partition.labels) == Set(0..<partition.count))
    var quarters: [Int: Set<Int>] = [:]
    for (pixel, label) in partition.labels.enumerated() {
      let (y, x) = (pixel / 60, pixel % 60)
      quarters[label, default: []].insert((y < 18 ? 0 : 2) + (x < 33 ? 0 : 1))
    }
    #expect(quarters.values.allSatisfy { $0.count == 1 })
    for label in 0..<partition.count {
      let pixels = Set(partition.labels.indices.filter { partition.labels[$0] == label })
      #expect(pixels.count >= 2400 / 24 / 4)
      #expect(connected(pixels, width: 60) == pixels.count, "part \(label)")
    }
  }

  /// How many of the pixels can be reached from the first.
  private func connected(_ pixels: Set<Int>, width: Int) -> Int {
    guard let first = pixels.min() else { return 0 }
    var (seen, waiting): (Set<Int>, [Int]) = ([first], [first])
    while let pixel = waiting.popLast() {
      var beside = [pixel - width, pixel + width]
      if pixel % width > 0 { beside.append(pixel - 1) }
      if pixel % width < width - 1 { beside.append(pixel + 1) }
      for other in beside where pixels.contains(other) && seen.insert(other).inserted {
        waiting.append(other)
      }
    }
    return seen.count
  }

  @Test("the range and a brighter copy do not matter, colours in other units neither")
  func range() throws {
    let picture = Self.quarters()
    #expect(
      try Parts.superpixels(24).partition(of: picture)
        == Parts.superpixels(24).partition(of: picture * 4 - 2))
  }

  @Test("pictures of one colour, of one channel and of few pixels have parts too")
  func plain() throws {
    #expect(try Parts.superpixels(6).partition(of: Tensor([1, 3, 12, 18])).count == 6)
    #expect(try Parts.superpixels(6).partition(of: Tensor([1, 1, 12, 18])).count == 6)
    #expect(try Parts.superpixels(50).partition(of: Tensor([1, 3, 2, 3])).count == 6)
    #expect(try Parts.grid(rows: 7, columns: 7).partition(of: Tensor([1, 3, 2, 3])).count == 6)
  }

  @Test("given parts of another size are refused")
  func otherSize() throws {
    let parts = Parts.given(Partition(rows: 2, columns: 2, height: 8, width: 8))
    #expect(throws: AttributionError.partsOfOtherSize(parts: [8, 8], picture: [13, 11])) {
      try FeatureAblation(parts: parts).attribute(
        SmallNetwork.picture(), to: .logit(0), in: SmallNetwork.convolutional(), feed: .raw)
    }
  }

  @Test("no map depends on the number of threads or on the batch")
  func threads() throws {
    let (picture, network) = (SmallNetwork.picture(samples: 2), SmallNetwork.convolutional())
    func maps(threads: Int, batch: Int) throws -> [Tensor] {
      let methods: [any AttributionMethod] = [
        RISE(masks: 30, batch: batch), LIME(samples: 30, batch: batch),
        ShapleySampling(orders: 2, batch: batch), SobolIndices(designs: 2, batch: batch),
        Occlusion(window: 5, batch: batch),
      ]
      return try methods.map {
        try $0.attribute(picture, to: .logit(3), in: network, feed: .raw, threads: threads)
      }
    }
    let first = try maps(threads: 1, batch: 8)
    for other in [try maps(threads: 2, batch: 8), try maps(threads: 2, batch: 3)] {
      for (a, b) in zip(first, other) { #expect(a == b) }
    }
  }
}
