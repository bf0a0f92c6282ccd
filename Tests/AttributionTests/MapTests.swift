import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct MapTests {
  let network = SmallNetwork.convolutional()
  let picture = SmallNetwork.picture()

  @Test("Grad-CAM: the last rectifier before the mean, weighted by its channels' gradients")
  func gradCAM() throws {
    let g = try SmallNetwork.read("g", of: network, at: picture)
    let weights = try #require(network.graph.constants["fourth"]).tensor
    let positions = g.shape[2] * g.shape[3]
    var expected = Tensor([1, 1, g.shape[2], g.shape[3]])
    for y in 0..<g.shape[2] {
      for x in 0..<g.shape[3] {
        var sum = 0.0
        for c in 0..<g.shape[1] {
          sum += Double(weights[0, c]) / Double(positions) * Double(g[0, c, y, x])
        }
        expected[0, 0, y, x] = Float(sum)
      }
    }
    #expect(expected.minimum < 0 && expected.maximum > 0)
    let signed = try GradCAM(rectified: false).attribute(picture, to: .logit(0), in: network)
    #expect(relativeError(signed, expected) < 1e-5)
    let map = try GradCAM().attribute(picture, to: .logit(0), in: network)
    #expect(relativeError(map, expected.map { max($0, 0) }) < 1e-5)
    #expect(try GradCAM(layer: "g").attribute(picture, to: .logit(0), in: network) == map)
    #expect(throws: AttributionError.noPositions(layer: "logits")) {
      try GradCAM(layer: "logits").attribute(picture, to: .logit(0), in: network)
    }
  }

  @Test(
    "occlusion by definition: overlapping, cut off at the border, with gaps",
    arguments: [(4, 3), (5, 2), (3, 5), (12, 4)])
  func occlusion(window: Int, stride: Int) throws {
    let whole = try SmallNetwork.read("logits", of: network, at: picture)[0, 1]
    var falls = Tensor([13, 11])
    var covered = Tensor([13, 11])
    var top = 0
    while true {
      var left = 0
      while true {
        let rows = top..<min(top + window, 13)
        let columns = left..<min(left + window, 11)
        var hidden = picture
        for c in 0..<3 { for y in rows { for x in columns { hidden[0, c, y, x] = 0.5 } } }
        let value = try SmallNetwork.read("logits", of: network, at: hidden)[0, 1]
        for y in rows {
          for x in columns {
            falls[y, x] += whole - value
            covered[y, x] += 1
          }
        }
        if left + window >= 11 { break }
        left += stride
      }
      if top + window >= 13 { break }
      top += stride
    }
    let expected = (falls / covered.map { max($0, 1) }).reshaped([1, 1, 13, 11])
      .broadcast(to: [1, 3, 13, 11])
    for batch in [1, 7] {
      let map = try Occlusion(window: window, stride: stride, baseline: 0.5, batch: batch)
        .attribute(picture, to: .logit(1), in: network)
      #expect(relativeError(map, expected) < 1e-4)
    }
  }

  @Test("a window that covers all of a picture tells no place from another, and is refused")
  func windowOverAll() throws {
    #expect(throws: AttributionError.windowCoversAll(window: [20, 20], picture: [13, 11])) {
      try Occlusion(window: 20).attribute(picture, to: .logit(1), in: network)
    }
  }

  @Test(
    "every method explains samples apart, whatever the threads", arguments: SmallNetwork.methods)
  func samples(name: RegisteredMethod) throws {
    let pictures = SmallNetwork.picture(samples: 2)
    var reported: [Double] = []
    let both = try name.method().attribute(pictures, to: .logit(3), in: network, threads: 1) {
      reported.append($0)
    }
    #expect(reported == reported.sorted() && reported.last == 1)
    #expect(both.shape[0] == 2)
    #expect(both.norm > 0)
    #expect(try name.method().attribute(pictures, to: .logit(3), in: network, threads: 3) == both)
    if name.isRandom { return }  // its noise goes on from sample to sample
    for sample in 0..<2 {
      let map = try name.method().attribute(
        pictures.gathered([sample], alongAxis: 0), to: .logit(3), in: network)
      #expect(relativeError(both.gathered([sample], alongAxis: 0), map) < 1e-4)
    }
  }

  @Test("maps over channels")
  func channels() {
    let map = Tensor([1, 2, 1, 3], [1, -2, 3, 4, -5, -6])
    #expect(map.summedOverChannels() == Tensor([1, 3], [5, -7, -3]))
    #expect(map.absoluteMaximumOverChannels() == Tensor([1, 3], [4, 5, 6]))
  }
}
