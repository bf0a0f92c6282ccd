import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct ClassActivationMapTests {
  /// A method of one's own: the weights alone.
  struct GradientWeighted: ClassActivationMap {
    var layer: String?
    func weights(_ response: LayerResponse) -> Tensor { response.gradient }
  }

  @Test("a method of one's own is its weights")
  func own() throws {
    let network = SmallNetwork.convolutional()
    let picture = SmallNetwork.picture()
    let explained = Explained(.logit(1), in: network, inputShape: picture.shape)
    let response = try explained.response(of: "d", at: picture)
    let products = response.gradient * response.activation
    var expected = Tensor([1, 1, 7, 6])
    for y in 0..<7 {
      for x in 0..<6 {
        expected[0, 0, y, x] = max(0, (0..<20).reduce(0) { $0 + products[0, $1, y, x] })
      }
    }
    #expect(expected.norm > 0)
    let map = try explained.map(of: picture, by: GradientWeighted(layer: "d"))
    #expect(relativeError(map, expected) < 1e-5)
  }

  @Test("a unit that reaches the layer by pooling or elementwise alone has a map")
  func narrowUnits() throws {
    let network = SmallNetwork.pooled()
    let picture = SmallNetwork.picture()
    let b = try SmallNetwork.read("b", of: network, at: picture)
    let area = Float(b.shape[2] * b.shape[3])
    // A mean of one channel, and half of one: the maps are these channels'.
    let units: [(Objective, channel: Int, factor: Float)] = [
      (.logit(1), 1, 1), (.channel("n", 2), 2, 0.5),
    ]
    for (unit, channel, factor) in units {
      let map = try GradCAM(layer: "b").attribute(picture, to: unit, in: network)
      let expected = b.gathered([channel], alongAxis: 1) * (factor / area)
      #expect(expected.norm > 0)
      #expect(relativeError(map, expected) < 1e-5, "\(unit.name)")
    }
  }
}
