import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct BaselineTests {
  let network = SmallNetwork.convolutional()
  let picture = SmallNetwork.picture()
  let preparation = Preprocessing(
    color: .bgr, rangeUpper: 255, mean: [10, 20, 30], standardDeviation: [2, 4, 5])

  private func channel(_ baseline: Baseline, _ feed: Network.Feed, _ channel: Int) -> Float {
    let network = Network(graph: network.graph, preprocessing: preparation)
    let explained = Explained(.logit(0), in: network, inputShape: picture.shape, feed: feed)
    return baseline.tensor(for: picture, of: explained)[0, channel, 3, 4]
  }

  @Test("colours mean the same for a picture and for the network's own input")
  func colours() {
    let own = [10, 20, 30].map { Float($0) }
    let deviations: [Float] = [2, 4, 5]
    for place in 0..<3 {
      #expect(channel(.black, .picture(), place) == 0)
      #expect(channel(.white, .picture(), place) == 1)
      #expect(channel(.grey, .picture(), place) == 0.5)
      #expect(channel(.zero, .raw, place) == 0)
      // BGR: the picture's channel 2 is the network's 0.
      #expect(abs(channel(.zero, .picture(), 2 - place) - own[place] / 255) < 1e-6)
      #expect(abs(channel(.black, .raw, place) + own[place] / deviations[place]) < 1e-5)
      #expect(
        abs(channel(.white, .raw, place) - (255 - own[place]) / deviations[place]) < 1e-4)
    }
  }

  @Test("the mean colour, a blur that keeps it, and noise by its seed")
  func ofThePicture() {
    let explained = Explained(.logit(0), in: network, inputShape: picture.shape)
    let mean = Baseline.mean.tensor(for: picture, of: explained)
    let expected = picture.sum(alongAxes: [2, 3], keepingAxes: true) / Float(13 * 11)
    #expect(relativeError(mean, expected.broadcast(to: picture.shape)) < 1e-6)
    let flat = Tensor(picture.shape, repeating: 0.3)
    let blurred = Baseline.blur().tensor(for: flat, of: explained)
    #expect(relativeError(blurred, flat) < 1e-6)
    let noise = Baseline.noise(seed: 4).tensor(for: picture, of: explained)
    #expect(noise == Baseline.noise().seeded(4).tensor(for: picture, of: explained))
    #expect(noise != Baseline.noise(seed: 5).tensor(for: picture, of: explained))
    #expect(noise.minimum >= 0 && noise.maximum <= 1 && noise.maximum > 0.9)
  }

  @Test("a blurred step is the sum of the Gaussian's weights on either side")
  func blur() {
    var step = Tensor([1, 1, 1, 21])
    for x in 10..<21 { step[0, 0, 0, x] = 1 }
    let explained = Explained(.logit(0), in: network, inputShape: step.shape)
    let blurred = Baseline.blur(sigma: 1.5).tensor(for: step, of: explained)
    // exp(−k² / 4.5) from k = 1 up over its sum from −6 to 6, and so on.
    let expected: [Float] = [0.0087148, 0.0447092, 0.1540503, 0.3670179]
    for (distance, value) in expected.enumerated() {
      #expect(abs(blurred[0, 0, 0, 6 + distance] - value) < 1e-6)
      #expect(abs(blurred[0, 0, 0, 13 - distance] - (1 - value)) < 1e-6)
    }
    #expect(blurred[0, 0, 0, 20] == 1 && blurred[0, 0, 0, 0] == 0)
  }

  @Test("names that people type")
  func names() throws {
    #expect(try Baseline(named: "black") == .black)
    #expect(try Baseline(named: "blur:5") == .blur(sigma: 5))
    #expect(try Baseline(named: "0.25") == .constant(0.25))
    #expect(try Baseline(named: "black, noise") == .several([.black, .noise()]))
    for name in ["", "blak", "blur:", "blur:-1", "blur:nan", "black,", "inf"] {
      #expect(throws: AttributionError.self, "\(name)") { try Baseline(named: name) }
    }
    #expect(try Parts(named: "grid:3x5") == .grid(rows: 5, columns: 3))
    #expect(try Parts(named: "felzenszwalb") == .felzenszwalb())
    #expect(try Parts(named: Parts.superpixels(30).description) == .superpixels(30))
    for name in ["", "grid:0x4", "grid:1x1", "grid:4", "superpixels:1", "felzenszwalb:0", "tiles"] {
      #expect(throws: AttributionError.self, "\(name)") { try Parts(named: name) }
    }
  }

  @Test("of several baselines the maps are averaged, and so is what they should add up to")
  func several() throws {
    let explained = Explained(.logit(1), in: network, inputShape: picture.shape)
    let parts = try [Baseline.black, .white].map {
      try IntegratedGradients(steps: 5, baseline: $0)
        .attribute(picture, of: explained) { _ in }
    }
    let both = IntegratedGradients(steps: 5, baseline: .several([.black, .white]))
    let map = try explained.map(of: picture, by: both)
    #expect(relativeError(map, (parts[0] + parts[1]) / 2) < 1e-6)
    let ends = try [Baseline.black, .white].map {
      try IntegratedGradients(baseline: $0).total(at: picture, of: explained)[0]
    }
    #expect(abs(try both.total(at: picture, of: explained)[0] - (ends[0] + ends[1]) / 2) < 1e-5)
  }
}
