import Autodiff
import Tensors
import Testing

@testable import Visualization

struct TransformCase: CustomTestStringConvertible {
  let name: String
  let transform: any Transform
  let size: (height: Int, width: Int)
  var testDescription: String { name }

  static let all = [
    TransformCase(name: "Pad", transform: Pad(3), size: (16, 22)),
    TransformCase(name: "Pad, mirrored", transform: Pad(3, filling: .reflection), size: (16, 22)),
    TransformCase(name: "Jitter", transform: Jitter(4), size: (6, 12)),
    TransformCase(name: "RandomScale", transform: RandomScale([1.25]), size: (12, 20)),
    TransformCase(name: "RandomRotation", transform: RandomRotation(degrees: [20]), size: (10, 16)),
    TransformCase(name: "CropOrPad", transform: CropOrPad(height: 7, width: 21), size: (7, 21)),
    TransformCase(name: "RandomMirror", transform: RandomMirror(), size: (10, 16)),
    TransformCase(
      name: "Combined",
      transform: Combined([
        Pad(2), Jitter(2), RandomScale([0.9, 1.1]), RandomRotation(degrees: [7]),
      ]),
      size: (10, 16)),
  ]
}

@Suite struct TransformTests {
  private func picture(_ shape: Shape = [2, 3, 10, 16]) -> Tensor {
    var random = SplitMix64(seed: 8)
    return .uniform(shape, using: &random)
  }

  @Test("size and gradient", arguments: TransformCase.all)
  func gradient(_ c: TransformCase) {
    var random = SplitMix64(seed: 5)
    let result = c.transform(Variable(picture()), using: &random)
    #expect(result.shape == [2, 3, c.size.height, c.size.width])
    let check = checkGradient(at: picture()) { x in
      var random = SplitMix64(seed: 5)
      return square(c.transform(x, using: &random))
    }
    #expect(check.relativeError <= 1e-3)
  }

  @Test("the same seed gives the same draw, others give others")
  func seeds() {
    func draw(_ seed: UInt64) -> Tensor {
      var random = SplitMix64(seed: seed)
      return [any Transform].robust.reduce(Variable(picture([1, 3, 32, 32]))) {
        $1($0, using: &random)
      }.value
    }
    #expect(draw(1) == draw(1))
    #expect(draw(1) != draw(2))
  }

  @Test("a transform in one sampling is the transform itself, away from the edge")
  func combined() {
    let x = Variable(picture())
    let transforms: [any GeometricTransform] = [
      Pad(3), Jitter(4), CropOrPad(height: 10, width: 16), RandomMirror(),
      RandomRotation(degrees: [11]),
      RandomScale([1.1]),
    ]
    for transform in transforms {
      var (first, second) = (SplitMix64(seed: 3), SplitMix64(seed: 3))
      let alone = transform(x, using: &first)
        .croppedOrPadded(to: PictureSize(height: 10, width: 16), with: 0.5).value
      let together = Combined([transform])(x, using: &second).value
      let middle = [0..<2, 0..<3, 3..<7, 5..<11]
      let difference = (alone.sliced(middle) - together.sliced(middle)).absolute().maximum
      #expect(difference <= 1e-5, "\(transform)")
    }
  }

  @Test("jitter reaches every offset and no other")
  func offsets() {
    let x = Variable(Tensor([1, 1, 5, 1], [0, 1, 2, 3, 4]).broadcast(to: [1, 1, 5, 5]))
    var random = SplitMix64(seed: 1)
    let seen = Set((0..<200).map { _ in Jitter(2)(x, using: &random).value[0, 0, 0, 0] })
    #expect(seen == [0, 1, 2])
  }

  @Test("lucid's list changes the size, the combined one does not")
  func sizes() {
    var random = SplitMix64(seed: 2)
    let x = Variable(picture([1, 3, 64, 64]))
    var sizes = Set<Int>()
    for _ in 0..<40 {
      sizes.insert([any Transform].standard.reduce(x) { $1($0, using: &random) }.shape[2])
      #expect([any Transform].robust.reduce(x) { $1($0, using: &random) }.shape == x.shape)
    }
    // ⌊(64 + 24 − 8) s⌋ − 4 for s = 0.9, 0.92, … 1.1
    #expect(sizes.count >= 8 && sizes.allSatisfy { 67...84 ~= $0 })
  }
}
