@testable import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct SobolTests {
  @Test("points have one in each equal part of every axis, and no two axes go together")
  func points() {
    let points = LatinHypercube(count: 256, axes: 40, seed: 9)
    let axes = (0..<40).map { axis in (0..<256).map { points.coordinate(axis, of: $0) } }
    for axis in axes { #expect(Set(axis.map { Int($0 * 256) }) == Set(0..<256)) }
    for a in 0..<40 {
      for b in 0..<a {
        let product = zip(axes[a], axes[b]).reduce(0.0) { $0 + ($1.0 - 0.5) * ($1.1 - 0.5) }
        #expect(abs(product * 12 / 256) < 0.3, "axes \(a) and \(b)")
      }
    }
  }

  @Test("of a linear function the indices are the shares of variance")
  func linear() throws {
    let weights: [Float] = [1, -2, 3, 0.5, 0, 1]
    let picture = Tensor([1, 1, 2, 3], repeating: 1)
    let network = SumNetwork.linear(weights, height: 2, width: 3)
    let explained = Explained(
      .channel("z", 0), in: network, inputShape: picture.shape, feed: .raw, threads: 1)
    let estimate = try SobolIndices(
      parts: .grid(rows: 2, columns: 3), baseline: 0.0, designs: 512
    ).estimate(picture, of: explained) { _ in }
    let whole = weights.reduce(0) { $0 + $1 * $1 }
    for (index, weight) in weights.enumerated() {
      let (value, error) = (estimate.mean.scalars[index], estimate.standardError.scalars[index])
      #expect(abs(value - weight * weight / whole) < max(0.02, 4 * error), "\(value)")
      #expect((error > 0) == (weight != 0))
    }
  }

  @Test("a constant has no variance to share")
  func constant() throws {
    let network = SumNetwork.linear([0, 0, 0, 0], height: 2, width: 2)
    let map = try SobolIndices(parts: .grid(rows: 2, columns: 2)).attribute(
      Tensor([1, 1, 2, 2], repeating: 1), to: .channel("z", 0), in: network, feed: .raw)
    #expect(map.scalars == [0, 0, 0, 0])
  }
}
