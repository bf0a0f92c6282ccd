@testable import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct SobolTests {
  @Test("the first points have one in each equal part of every axis")
  func stratified() {
    let sequence = SobolSequence(axes: 130, seed: 9)
    for axis in 0..<130 {
      for count in [4, 32, 256] {
        let parts = (0..<count).map { Int(sequence.coordinate(axis, of: $0) * Double(count)) }
        #expect(Set(parts) == Set(0..<count), "axis \(axis)")
      }
    }
  }

  @Test("no two axes are the same or mirrored")
  func apart() {
    let sequence = SobolSequence(axes: 64, seed: 0)
    let columns = (0..<64).map { axis in (0..<256).map { sequence.coordinate(axis, of: $0) - 0.5 } }
    for a in 0..<64 {
      for b in 0..<a {
        let product = zip(columns[a], columns[b]).reduce(0) { $0 + $1.0 * $1.1 } / 256 * 12
        #expect(abs(product) < 0.5, "axes \(a) and \(b): \(product)")
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
