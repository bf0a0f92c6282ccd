import Autodiff
import Tensors
import TestSupport
import Testing
import Verification

@testable import Visualization

@Suite struct PyramidTests {
  private func recorded(_ name: String) throws -> Tensor {
    try GoldenCase.tensor(Recordings.file("parameterizations/\(name).pb"))
  }

  private static func pyramid(_ name: String, _ shape: Shape) -> PyramidImage {
    switch name {
    case "pyramid": PyramidImage(shape)
    case "every_size": .everySize(shape)
    default: .laplacian(shape)
    }
  }

  /// The levels that one tensor holds one after the other.
  private func levels(_ flat: Tensor, of pyramid: PyramidImage) -> [Tensor] {
    var (start, result) = (0, [Tensor]())
    for size in pyramid.levels {
      let shape: Shape = [1, 3, size.height, size.width]
      result.append(flat.sliced([start..<start + shape.count]).reshaped(shape))
      start += shape.count
    }
    #expect(start == flat.count)
    return result
  }

  @Test("as PyTorch, forwards and backwards", arguments: ["pyramid", "every_size", "laplacian"])
  func recorded(name: String) throws {
    let expected = try recorded("\(name)_rgb")
    let pyramid = Self.pyramid(name, expected.shape)
    let levels = levels(try recorded("\(name)_levels"), of: pyramid)
    #expect((pyramid.picture(levels) - expected).absolute().maximum <= 2e-6)
    guard name != "laplacian" else { return }
    let weights = try recorded("\(name)_weights")
    let gradients = gradient(at: levels) { dot(pyramid.image($0), Variable(weights)) }
    let slopes = self.levels(try recorded("\(name)_gradient"), of: pyramid)
    for (gradient, slope) in zip(gradients, slopes) {
      #expect((gradient - slope).norm <= 1e-5 * slope.norm)
    }
  }

  @Test("a reduced picture is the mean of its pixels, and rows sum to 1")
  func averages() {
    let quarter = Interpolation.antialiased.matrix(from: 16, to: 4)
    #expect((quarter.sum(alongAxes: [1]) - 1).absolute().maximum <= 1e-6)
    // A line keeps its slope but for the ends.
    let line = Tensor([16, 1], (0..<16).map { Float($0) })
    let reduced = Tensor.matmul(quarter, line).scalars
    #expect(abs(reduced[1] - 5.5) <= 1e-5 && abs(reduced[2] - 9.5) <= 1e-5)
  }
}
