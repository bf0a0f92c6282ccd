import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct IntegratedGradientsTests {
  @Test("the five points and weights of the tables")
  func points() {
    let expected = [
      (0.04691008, 0.11846344), (0.23076534, 0.23931434), (0.5, 0.28444444),
      (0.76923466, 0.23931434), (0.95308992, 0.11846344),
    ]
    for ((point, weight), (x, w)) in zip(gaussLegendre(5), expected) {
      #expect(abs(point - x) < 1e-8)
      #expect(abs(weight - w) < 1e-8)
    }
  }

  @Test("n points integrate polynomials of degree 2n − 1", arguments: [1, 2, 3, 8, 50, 200])
  func exactness(count: Int) {
    let points = gaussLegendre(count)
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.point < $1.point })
    for power in [0, 1, 2 * count - 2, 2 * count - 1] where power >= 0 {
      let sum = points.reduce(0.0) { sum, point in
        sum + point.weight * (0..<power).reduce(1.0) { value, _ in value * point.point }
      }
      #expect(abs(sum * Double(power + 1) - 1) < 1e-12, "\(power)")
    }
  }

  @Test("a square needs one point: the map is half the gradient times the way")
  func quadratic() throws {
    let network = SmallNetwork.convolutional(biased: false)
    let picture = SmallNetwork.picture()
    let map = try IntegratedGradients(steps: 1).attribute(picture, to: .deepDream("a"), in: network)
    let expected = try InputTimesGradient().attribute(picture, to: .deepDream("a"), in: network) / 2
    #expect(relativeError(map, expected) < 1e-5)
  }

  @Test(
    "maps add up to the rise from the baseline, which is known beforehand", arguments: [0, 1])
  func completeness(kind: Int) throws {
    let network = SmallNetwork.convolutional()
    let pictures = SmallNetwork.picture(samples: 2)
    let baseline: Baseline = kind == 0 ? 0.25 : .input(SmallNetwork.picture(seed: 3))
    let explained = Explained(.logit(2), in: network, inputShape: pictures.shape)
    let method = IntegratedGradients(steps: 300, baseline: baseline)
    let map = try explained.map(of: pictures, by: method)
    let totals = try method.total(at: pictures, of: explained)
    for sample in 0..<2 {
      let picture = pictures.gathered([sample], alongAxis: 0)
      let start = kind == 0 ? Tensor(picture.shape, repeating: 0.25) : SmallNetwork.picture(seed: 3)
      let rise =
        try SmallNetwork.read("logits", of: network, at: picture)[0, 2]
        - SmallNetwork.read("logits", of: network, at: start)[0, 2]
      let sum = map.gathered([sample], alongAxis: 0).total
      #expect(abs(sum - rise) < 0.01 * abs(rise))
      #expect(abs(totals[sample] - rise) < 1e-5 * max(1, abs(rise)))
    }
  }
}
