import Autodiff
import Networks
import Optimizers
import Tensors
import TestSupport
import Testing
import Verification

@testable import Visualization

struct ParameterizationCase: CustomTestStringConvertible {
  let name: String
  let parameterization: any Parameterization
  var testDescription: String { name }

  static let all = [
    ParameterizationCase(name: "pixels", parameterization: PixelImage(side: 16)),
    ParameterizationCase(
      name: "pixels, clamped",
      parameterization: PixelImage(height: 16, width: 12, colors: ColorMapping(bounds: .clamp))),
    ParameterizationCase(name: "Fourier", parameterization: FourierImage(side: 16)),
    ParameterizationCase(
      name: "Fourier, odd", parameterization: FourierImage(height: 15, width: 17, batch: 2)),
    ParameterizationCase(
      name: "Fourier, one channel",
      parameterization: FourierImage(height: 16, width: 12, channels: 1)),
    ParameterizationCase(
      name: "Fourier, RGB",
      parameterization: FourierImage(
        height: 16, width: 16, colors: ColorMapping(decorrelated: false))),
    ParameterizationCase(name: "pyramid", parameterization: PyramidImage([1, 3, 16, 12])),
    ParameterizationCase(
      name: "pyramid of every size", parameterization: PyramidImage.everySize([1, 3, 12, 16])),
    ParameterizationCase(
      name: "Laplacian pyramid", parameterization: PyramidImage.laplacian([2, 3, 16, 20])),
  ]

  /// A smooth picture with an edge.
  var target: Tensor {
    let s = parameterization.shape
    var scalars: [Float] = []
    for i in 0..<s.count {
      let (x, y, c) = (i % s[3], i / s[3] % s[2], i / (s[2] * s[3]) % s[1])
      let wave = Float((x * (c + 1) + 2 * y) % 24) / 24
      scalars.append(0.25 + 0.3 * wave + (x > y ? 0.25 : 0))
    }
    return Tensor(s, scalars)
  }
}

@Suite struct ParameterizationTests {
  @Test("fits a picture at once", arguments: ParameterizationCase.all)
  func fits(_ c: ParameterizationCase) {
    let parameters = c.parameterization.parameters(fitting: c.target)
    let picture = c.parameterization.picture(parameters)
    #expect((picture - c.target).absolute().maximum <= 1e-4)
  }

  @Test("learns a picture to 0.01", arguments: ParameterizationCase.all)
  func learns(_ c: ParameterizationCase) {
    var random = SplitMix64(seed: 3)
    var parameters = c.parameterization.initialParameters(using: &random)
    var optimizer = Adam(learningRate: 0.1)
    var loss: Float = 1
    for step in 0..<600 {
      if step == 400 { optimizer.learningRate = 0.01 }
      let (value, gradients) = valueWithGradient(at: parameters) {
        square(c.parameterization.image($0) - Variable(c.target)).mean()
      }
      loss = value
      optimizer.update(&parameters, along: gradients)
    }
    #expect(loss.squareRoot() <= 0.01)
  }

  @Test(
    "gradient against finite differences",
    arguments: ParameterizationCase.all.filter { !$0.name.contains("clamped") })
  func gradient(_ c: ParameterizationCase) {
    let parameters = c.parameterization.parameters(fitting: c.target * 0.6 + 0.2)
    let check = checkGradient(at: parameters.map { $0 * 0.5 }) { c.parameterization.image($0) }
    #expect(check.relativeError <= 2e-3)
  }

  @Test("a clamp is linear within its bounds and constant beyond", arguments: [true, false])
  func clamp(decorrelated: Bool) {
    let pixels = PixelImage(
      height: 8, width: 6, colors: ColorMapping(decorrelated: decorrelated, bounds: .clamp))
    var random = SplitMix64(seed: 7)
    // A third of the colours are too dark, a third too bright, all 0.2 away from a bound.
    let levels: [Float] = [-0.2, 0.3, 1.2]
    let picture = Tensor(
      pixels.shape, (0..<pixels.shape.count).map { levels[($0 + $0 / 48) % 3] })
    let parameters = pixels.parameters(fitting: picture)[0]
    let weights = Tensor.normal(picture.shape, using: &random)
    let direction = Tensor.normal(picture.shape, using: &random)
    let gradient = Autodiff.gradient(at: parameters) { dot(pixels.image([$0]), Variable(weights)) }
    // No colour crosses a bound on the way, so that differences are exact but for rounding.
    let step: Float = 0x1p-6
    let ends = [step, -step].map { pixels.picture([parameters + direction * $0]) }
    let difference = ((ends[0] - ends[1]) * weights).total / (2 * step)
    #expect(abs((gradient * direction).total - difference) <= 1e-4 * gradient.norm)
    #expect(gradient.norm > 0.1 * weights.norm)
    guard !decorrelated else { return }
    for (level, slope) in zip(picture.scalars, zip(gradient.scalars, weights.scalars)) {
      #expect(slope.0 == (level == 0.3 ? slope.1 : 0))
    }
  }

  @Test("A colour matrix times its inverse is one")
  func inverse() {
    let m = ColorMapping.correlation
    let columns = Tensor([1, 3, 1, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])
    let product = m.inverse.applied(to: m.applied(to: Variable(columns))).value
    #expect((product - columns).absolute().maximum <= 1e-6)
    // Source: lucid `color_correlation_normalized`.
    let expected: [Float] = [
      0.56282854, 0.19482528, 0.0432945, 0.5844758, 0, -0.10823626, 0.5844758, -0.19482528,
      0.06494176,
    ]
    #expect(zip(m.entries, expected).allSatisfy { abs($0 - $1) <= 1e-6 })
  }

  /// lucent records one column more than determines an odd picture; it has no influence.
  @Test(
    "as lucent, forwards and backwards",
    arguments: [(16, 16), (24, 20), (15, 17)])
  func lucent(height: Int, width: Int) throws {
    let name = "fourier_\(height)x\(width)_"
    let recorded = try GoldenCase.tensor(Recordings.file("lucent/\(name)spectrum.pb"))
    let columns = 0..<width / 2 + 1
    let spectrum = recorded.gathered(Array(columns), alongAxis: 3)
    let fourier = FourierImage(height: height, width: width, batch: spectrum.shape[0])
    let unbounded = try GoldenCase.tensor(Recordings.file("lucent/\(name)decorrelated_image.pb"))
    let rgb = try GoldenCase.tensor(Recordings.file("lucent/\(name)rgb.pb"))
    let weights = try GoldenCase.tensor(Recordings.file("lucent/\(name)weights.pb"))
    let expected = try GoldenCase.tensor(Recordings.file("lucent/\(name)gradient.pb"))
    #expect(near(fourier.unbounded(Variable(spectrum)).value, unbounded))
    #expect(near(fourier.picture([spectrum]), rgb))
    let gradient = Autodiff.gradient(at: spectrum) { dot(fourier.image([$0]), Variable(weights)) }
    let influential = expected.gathered(Array(columns), alongAxis: 3)
    #expect(near(gradient, influential))
    #expect(abs(expected.norm - influential.norm) <= 1e-6 * expected.norm)
  }

  private func near(_ a: Tensor, _ b: Tensor) -> Bool {
    (a - b).absolute().maximum <= 1e-5 * max(1, b.absolute().maximum)
  }
}
