@testable import Attribution
import Networks
import Objectives
import Tensors
import Testing

/// The network after a layer, cut off.
@Suite struct RemainderTests {
  @Test(
    "at the picture it is the objective, and its gradient the layer's",
    arguments: [("c", true), ("e", true), ("f", true), ("h", false), ("j", false)])
  func same(layer: String, isPassed: Bool) throws {
    // `b` goes past `c` into the sum, and `e` past `f` and `h` into the concatenation.
    let network = SmallNetwork.branched()
    let picture = SmallNetwork.picture()
    let objective = Objective.logit(1) + 0.5 * .channel("e", 3)
    let explained = Explained(objective, in: network, inputShape: picture.shape)
    let rest = try Remainder(after: .layer(layer), of: explained, at: picture)
    let value = try explained.values(at: picture)[0]
    let pass = try explained.pass(through: .layer(layer), at: picture)
    #expect(rest.activation == pass.activation)
    let values = try rest.values(of: 5, batch: 3) { rest.activation * (1 + Float($0)) }
    #expect(abs(values[0] - value) < 1e-5 * abs(value))
    let (gradient, _) = try rest.gradientAndCurvature(along: rest.activation)
    #expect(relativeError(gradient, pass.gradient) < 1e-5)
    // One by one they are the same.
    let singly = try rest.values(of: 5, batch: 1) { rest.activation * (1 + Float($0)) }
    for (a, b) in zip(values, singly) { #expect(abs(a - b) < 1e-5 * abs(b)) }
  }

  @Test("the second derivative along the layer's output is the slope of the gradient")
  func curvature() throws {
    let network = SmallNetwork.branched()
    let picture = SmallNetwork.picture()
    let explained = Explained(.deepDream("z"), in: network, inputShape: picture.shape)
    let rest = try Remainder(after: .layer("f"), of: explained, at: picture)
    let (gradient, curvature) = try rest.gradientAndCurvature(along: rest.activation)
    let x = rest.activation
    // Along A the objective is f(A (1 + t)); its second derivative there is ⟨A, H A⟩.
    let step: Float = 0.02
    let values = try rest.values(of: 3) { x * (1 + step * Float($0 - 1)) }
    let first = (values[2] - values[0]) / (2 * step)
    #expect(abs(Tensor.dot(gradient, x) - first) < 1e-2 * abs(first))
    let second = (values[2] - 2 * values[1] + values[0]) / (step * step)
    #expect(abs(Tensor.dot(curvature, x) - second) < 2e-2 * abs(second))
  }

  @Test("a layer that the unit does not depend on")
  func unconnected() throws {
    let picture = SmallNetwork.picture()
    let explained = Explained(
      .channel("c", 0), in: SmallNetwork.convolutional(), inputShape: picture.shape)
    #expect(throws: AttributionError.unconnected(layer: "g")) {
      try Remainder(after: .layer("g"), of: explained, at: picture)
    }
  }
}
