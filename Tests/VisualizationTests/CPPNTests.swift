import Autodiff
import Foundation
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

  @Test(
    "several pictures in several bands: their definition in Double, and slopes by differences of it"
  )
  func definition() {
    var random = SplitMix64(seed: 3)
    let cppn = CPPNImage([2, 4, 21, 17])
    var parameters = cppn.initialParameters(using: &random)
    parameters[8] = .normal(parameters[8].shape, standardDeviation: 0.3, using: &random)
    let exact = (0..<2).map { colors(parameters.map { $0.scalars.map(Double.init) }, of: $0) }
    for (value, exact) in zip(cppn.picture(parameters).scalars, exact.joined()) {
      #expect(abs(Double(value) - exact) < 1e-5)
    }
    let weights = Tensor.normal(cppn.shape, using: &random)
    let slopes = gradient(at: parameters) { dot(cppn.image($0), Variable(weights)) }
    for layer in [0, 1, 7, 8] {
      let way = Tensor.normal(parameters[layer].shape, using: &random)
      func value(_ step: Double) -> Double {
        var moved = parameters.map { $0.scalars.map(Double.init) }
        for (i, w) in way.scalars.enumerated() { moved[layer][i] += step * Double(w) }
        let pictures = [colors(moved, of: 0), colors(moved, of: 1)].joined()
        return zip(pictures, weights.scalars).reduce(0) { $0 + $1.0 * Double($1.1) }
      }
      let expected = (value(1e-4) - value(-1e-4)) / 2e-4
      let found = Double(Tensor.dot(slopes[layer], way))
      #expect(abs(found - expected) < 1e-3 * abs(expected))
    }
  }

  /// Picture `n` of 4×21×17 by weights of 8 layers of 24 units, channel by channel.
  private func colors(_ weights: [[Double]], of n: Int) -> [Double] {
    var planes = [[Double]](repeating: [], count: 4)
    for place in 0..<21 * 17 {
      let step = 2 * 3.0.squareRoot() / 20
      var values = [step * (Double(place % 17) - 8), step * (Double(place / 17) - 10), 1]
      for layer in weights {
        let outputs = layer.count / 2 / values.count
        let own = layer[n * layer.count / 2..<(n + 1) * layer.count / 2]
        let sums = (0..<outputs).map { output in
          values.indices.reduce(0) { $0 + values[$1] * own[own.startIndex + $1 * outputs + output] }
        }
        let angles = sums.map(Foundation.atan)
        values =
          outputs == 4 ? sums : angles.map { $0 / 0.67 } + angles.map { $0 * $0 / 0.6 } + [1]
      }
      for channel in 0..<4 { planes[channel].append(1 / (1 + exp(-values[channel]))) }
    }
    return Array(planes.joined())
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
