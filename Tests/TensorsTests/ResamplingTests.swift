import Tensors
import Testing

struct ResamplingCase: CustomTestStringConvertible {
  let name: String
  let map: AffineMap
  var testDescription: String { name }

  static let all = [
    ResamplingCase(name: "identity", map: .identity),
    ResamplingCase(name: "far away", map: .translation(x: 100, y: -100)),
    ResamplingCase(name: "shift", map: .translation(x: -1.25, y: 2.5)),
    ResamplingCase(
      name: "turn",
      map: .about(centreOf: (9, 7), and: (8, 11), degrees: 30, scale: 1.3)),
    ResamplingCase(name: "resize", map: .resize(from: (9, 7), to: (8, 11))),
  ]
}

@Suite struct ResamplingTests {
  @Test("against bilinear sampling written out", arguments: ResamplingCase.all, 1...5)
  func definition(_ c: ResamplingCase, planes: Int) {
    var random = SplitMix64(seed: 4)
    let x = Tensor.normal([planes, 9, 7], using: &random)
    for surroundings in [Surroundings.constant(0.5), .edge] {
      let fast = x.resampled(c.map, height: 8, width: 11, surroundings: surroundings)
      for p in 0..<planes {
        for row in 0..<8 {
          for column in 0..<11 {
            let expected = sample(x, p, c.map(x: Double(column), y: Double(row)), surroundings)
            #expect(abs(fast[p, row, column] - expected) <= 1e-5)
          }
        }
      }
    }
  }

  @Test("⟨Ax, g⟩ = ⟨x, Aᵀg⟩", arguments: ResamplingCase.all)
  func adjoint(_ c: ResamplingCase) {
    var random = SplitMix64(seed: 5)
    let x = Tensor.normal([3, 9, 7], using: &random)
    let g = Tensor.normal([3, 8, 11], using: &random)
    for surroundings in [Surroundings.constant(0), .edge] {
      let forward = x.resampled(c.map, height: 8, width: 11, surroundings: surroundings)
      let back = g.spread(c.map, height: 9, width: 7, surroundings: surroundings)
      #expect(abs(Tensor.dot(forward, g) - Tensor.dot(x, back)) <= 1e-6 * x.norm * g.norm)
    }
  }

  @Test("A quarter turn moves pixels counter-clockwise")
  func quarterTurn() {
    let x = Tensor([2, 2], [1, 2, 3, 4])
    let turned = x.resampled(
      .about(centreOf: (2, 2), and: (2, 2), degrees: 90), height: 2, width: 2)
    #expect((turned - Tensor([2, 2], [2, 4, 1, 3])).absolute().maximum <= 1e-6)
  }

  @Test("followed(by:) is one map after the other")
  func composition() {
    let first = AffineMap.about(centreOf: (5, 6), and: (7, 8), degrees: 12, scale: 0.8)
    let second = AffineMap.translation(x: 3, y: -2)
    let middle = first(x: 2, y: 5)
    let (end, composed) = (second(x: middle.x, y: middle.y), first.followed(by: second)(x: 2, y: 5))
    #expect(abs(end.x - composed.x) <= 1e-12 && abs(end.y - composed.y) <= 1e-12)
  }

  private func sample(
    _ x: Tensor, _ plane: Int, _ point: (x: Double, y: Double), _ surroundings: Surroundings
  ) -> Float {
    func pixel(_ row: Int, _ column: Int) -> Double {
      let (height, width) = (x.shape[1], x.shape[2])
      switch surroundings {
      case .edge:
        return Double(
          x[plane, min(max(row, 0), height - 1), min(max(column, 0), width - 1)])
      case .constant(let value):
        let inside = row >= 0 && row < height && column >= 0 && column < width
        return inside ? Double(x[plane, row, column]) : Double(value)
      }
    }
    let (row, column) = (point.y.rounded(.down), point.x.rounded(.down))
    let (down, right) = (point.y - row, point.x - column)
    let (r, c) = (Int(row), Int(column))
    return Float(
      (1 - down) * ((1 - right) * pixel(r, c) + right * pixel(r, c + 1))
        + down * ((1 - right) * pixel(r + 1, c) + right * pixel(r + 1, c + 1)))
  }
}
