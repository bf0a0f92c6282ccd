import Autodiff
import Optimizers
import Tensors
import TestSupport
import Testing
import Verification

@testable import Visualization

@Suite struct CPPNTests {
  @Test("lucid's formulas, forwards and backwards")
  func lucid() throws {
    func recorded(_ name: String) throws -> Tensor {
      try GoldenCase.tensor(Recordings.file("parameterizations/cppn_\(name).pb"))
    }
    let expected = try recorded("rgb")
    let cppn = CPPNImage(expected.shape, layers: 3, units: 5)
    let parameters = try (0..<4).map { try recorded("layer\($0)") }
    #expect((cppn.picture(parameters) - expected).absolute().maximum <= 1e-5)
    let weights = try recorded("weights")
    let gradients = gradient(at: parameters) { dot(cppn.image($0), Variable(weights)) }
    for layer in 0..<4 {
      let expected = try recorded("gradient\(layer)")
      #expect((gradients[layer] - expected).norm <= 1e-4 * expected.norm)
    }
  }

  @Test("starts grey, and a larger picture shows the same function")
  func sizes() throws {
    var random = SplitMix64(seed: 1)
    let cppn = CPPNImage([2, 3, 9, 13])
    var parameters = cppn.initialParameters(using: &random)
    #expect(parameters.count == 9 && parameters[0].shape == [2, 1, 3, 24])
    #expect(cppn.picture(parameters).absolute().maximum == 0.5)
    parameters[8] = .normal(parameters[8].shape, standardDeviation: 0.3, using: &random)
    let small = cppn.picture(parameters)
    let large = try #require(cppn.enlarged(by: 3)).picture(parameters)
    #expect(small.shape == [2, 3, 9, 13] && large.shape == [2, 3, 27, 39])
    #expect((small[0, 0, 4, 6] - large[0, 0, 13, 19]).magnitude < 1e-5)
    #expect((small[1, 2, 0, 0] - large[1, 2, 1, 0]).magnitude < 0.1)
    #expect((small.gathered([0], alongAxis: 0) - small.gathered([1], alongAxis: 0)).norm > 0.1)
  }

  @Test("learns a picture to 0.01, and fits one as well as it comes", .timeLimit(.minutes(1)))
  func fits() {
    let cppn = CPPNImage([1, 3, 8, 8])
    let scalars = (0..<192).map { i -> Float in
      let (x, y) = (i % 8, i / 8 % 8)
      return 0.3 + 0.05 * Float(x) + (y > x ? 0.2 : 0)
    }
    let target = Tensor(cppn.shape, scalars)
    let picture = cppn.picture(cppn.parameters(fitting: target))
    let error = picture - target
    #expect((Tensor.dot(error, error) / 192).squareRoot() <= 0.01)
  }

  @Test("arc tangent, sine and cosine to 10⁻⁶")
  func functions() {
    let x = Tensor([4001], (0..<4001).map { (Float($0) - 2000) * 0.01 })
    let exact = x.scalars.map { Double($0) }
    for (value, x) in zip(x.arctangent().scalars, exact) {
      #expect(abs(tan(Double(value)) - x) <= 1e-6 * (1 + x * x))
    }
    let circle = polar(Tensor(1), Variable(x)).value
    #expect((circle.phases.cosine() - x.cosine()).absolute().maximum <= 1e-6)
    #expect((circle.phases.sine() - x.sine()).absolute().maximum <= 1e-6)
  }

  private func tan(_ x: Double) -> Double {
    let (sine, cosine) = (
      Tensor(Float(x)).sine().scalar, Tensor(Float(x)).cosine().scalar
    )
    return Double(sine) / Double(cosine)
  }
}
