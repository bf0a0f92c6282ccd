import Autodiff
import Optimizers
import Tensors
import TestSupport
import Testing
import Verification

@testable import Visualization

@Suite struct MaCoTests {
  private func recorded(_ name: String) throws -> Tensor {
    try GoldenCase.tensor(Recordings.file("parameterizations/\(name).pb"))
  }

  @Test("as Horama, forwards and backwards")
  func horama() throws {
    let (magnitude, phase) = (try recorded("maco_magnitude"), try recorded("maco_phase"))
    let expected = try recorded("maco_rgb")
    let maco = MaCoImage(expected.shape, magnitude: magnitude, normalizesPhases: true)
    #expect((maco.picture([phase]) - expected).absolute().maximum <= 2e-6)
    let weights = try recorded("maco_weights")
    let gradient = Autodiff.gradient(at: phase) { dot(maco.image([$0]), Variable(weights)) }
    let recorded = try recorded("maco_gradient")
    #expect((gradient - recorded).norm <= 1e-4 * recorded.norm)
  }

  @Test("before the colours, every frequency has its magnitude")
  func magnitudes() {
    var random = SplitMix64(seed: 3)
    let maco = MaCoImage([1, 1, 12, 16], colors: ColorMapping(decorrelated: false))
    let image = maco.picture(maco.initialParameters(using: &random))
    let spectrum = maco.colors.inverse(image).rfft2()
    let magnitude = PhotographSpectrum.magnitude(height: 12, width: 16, channels: 1)
    var ratios: [Float] = []
    for row in 0..<12 {
      // The columns 0 and 8 stand for real parts alone.
      for column in 1..<8 {
        let (re, im) = (spectrum[0, 0, row, column, 0], spectrum[0, 0, row, column, 1])
        ratios.append((re * re + im * im).squareRoot() / magnitude[0, row, column])
      }
    }
    #expect(ratios.allSatisfy { abs($0 / ratios[0] - 1) < 1e-3 })
  }

  @Test("a picture is fitted at once where the magnitudes are its own, and learnt to 0.01")
  func fits() {
    var random = SplitMix64(seed: 5)
    let any = MaCoImage([1, 3, 16, 16])
    // Phases that no picture has: what columns share with their mirror images is settled by the first fit.
    let drawn = any.picture(any.initialParameters(using: &random))
    let target = any.picture(any.parameters(fitting: drawn))
    let fitted = any.parameters(fitting: target)
    #expect((any.picture(fitted) - target).absolute().maximum <= 2e-2)
    var parameters = [
      fitted[0] + Tensor.normal(fitted[0].shape, standardDeviation: 0.5, using: &random)
    ]
    var optimizer = Adam(learningRate: 0.05)
    var loss: Float = 1
    for step in 0..<300 {
      if step == 200 { optimizer.learningRate = 0.01 }
      let (value, gradients) = valueWithGradient(at: parameters) {
        square(any.image($0) - Variable(target)).mean()
      }
      loss = value
      optimizer.update(&parameters, along: gradients)
    }
    #expect(loss.squareRoot() <= 0.01)
  }

  @Test("gradient against finite differences", arguments: [true, false])
  func gradient(normalizes: Bool) {
    var random = SplitMix64(seed: 9)
    let maco = MaCoImage([2, 3, 10, 12], normalizesPhases: normalizes)
    let check = checkGradient(at: maco.initialParameters(using: &random)) { maco.image($0) }
    #expect(check.relativeError <= 2e-3)
  }

  @Test("photographs' magnitudes fall by about the frequency, the same at every size")
  func photographs() {
    let small = PhotographSpectrum.magnitude(height: 64, width: 64, channels: 3)
    let large = PhotographSpectrum.magnitude(height: 256, width: 256, channels: 3)
    #expect(small[0, 0, 0] == 0 && small.minimum >= 0 && large.isFinite)
    for channel in 0..<3 {
      #expect(abs(small[channel, 5, 8] / large[channel, 20, 32] - 1) < 1e-4)
      #expect((2.5...6).contains(small[channel, 4, 4] / small[channel, 12, 12]))
    }
  }

  @Test("the magnitude of pictures is that of their frequencies")
  func measured() {
    let scalars = (0..<3072).map { i -> Float in
      let angle = 2 * Float.pi * 4 * Float(i % 32) / 32
      return 0.5 + 0.2 * Tensor(angle).cosine().scalar
    }
    let wave = Tensor([1, 3, 32, 32], scalars)
    let magnitude = MaCoImage.magnitude(of: [wave, wave])
    #expect(magnitude.shape == [3, 32, 17])
    for column in 0...16 where column != 4 {
      #expect(magnitude[0, 0, column] < 1.01 * magnitude[0, 0, 4])
    }
    #expect(magnitude[0, 0, 9] < 1e-2 * magnitude[0, 0, 4])
  }
}
