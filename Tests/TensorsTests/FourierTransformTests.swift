import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct PlaneCase: CustomTestStringConvertible {
  let height, width: Int
  var testDescription: String { "\(height)×\(width)" }

  /// Every radix, odd sizes, primes beyond 13 (Bluestein) and sizes that fill no vector.
  static let all = [
    (1, 1), (1, 2), (2, 1), (4, 4), (5, 5), (6, 10), (7, 9), (8, 14), (11, 13), (15, 17), (16, 16),
    (24, 20), (17, 34), (23, 19), (37, 41), (21, 22), (28, 25), (49, 33),
  ].map { PlaneCase(height: $0.0, width: $0.1) }
}

@Suite struct FourierTransformTests {
  @Test("rfft2 against the definition", arguments: PlaneCase.all)
  func definition(_ c: PlaneCase) {
    var random = SplitMix64(seed: 1)
    let x = Tensor.normal([2, c.height, c.width], using: &random)
    let fast = x.rfft2()
    let slow = slowTransform(x)
    #expect(fast.shape == slow.shape)
    #expect((fast - slow).absolute().maximum <= 4e-6)
  }

  @Test("irfft2 inverts rfft2", arguments: PlaneCase.all)
  func inverse(_ c: PlaneCase) {
    var random = SplitMix64(seed: 2)
    let x = Tensor.normal([3, c.height, c.width], using: &random)
    #expect((x.rfft2().irfft2(width: c.width) - x).absolute().maximum <= 1e-5)
  }

  @Test(
    "⟨irfft2 s, g⟩ = ⟨s, irfft2ᵀ g⟩ for spectra that belong to no real picture",
    arguments: PlaneCase.all)
  func adjoint(_ c: PlaneCase) {
    var random = SplitMix64(seed: 3)
    let s = Tensor.normal([2, c.height, c.width / 2 + 1, 2], using: &random)
    let g = Tensor.normal([2, c.height, c.width], using: &random)
    let (forward, back) = (s.irfft2(width: c.width), g.rfft2(interiorWeight: 2))
    let scale = forward.norm * g.norm
    #expect(abs(Tensor.dot(forward, g) - Tensor.dot(s, back)) <= 1e-6 * scale)
  }

  @Test("A scale multiplies the spectrum, in either direction", arguments: PlaneCase.all)
  func scaled(_ c: PlaneCase) {
    var random = SplitMix64(seed: 5)
    let (x, spectrum) = (
      Tensor.normal([7, c.height, c.width], using: &random),
      Tensor.normal([7, c.height, c.width / 2 + 1, 2], using: &random)
    )
    let scale = Tensor.uniform([c.height, c.width / 2 + 1, 2], using: &random)
    let (forward, back) = (x.rfft2(scale: scale), spectrum.irfft2(width: c.width, scale: scale))
    #expect((forward - x.rfft2() * scale).absolute().maximum <= 1e-6)
    #expect((back - (spectrum * scale).irfft2(width: c.width)).absolute().maximum <= 1e-6)
  }

  /// A spectrum with real parts 0/24 … 11/24 and imaginary parts 12/24 … 23/24, scaled as a Fourier image's.
  ///
  /// Source: lucent 0.1.8, `fft_image` at this spectrum.
  @Test func goldenSpectrum() {
    let scale: [Float] = [
      4, 4, 2, 4, 2.828427, 1.788854, 2, 1.788854, 1.414214, 4, 2.828427, 1.788854,
    ]
    var scalars: [Float] = []
    for k in 0..<12 {
      scalars += [Float(k) / 24 * scale[k] / 4, Float(k + 12) / 24 * scale[k] / 4]
    }
    let image = Tensor([4, 3, 2], scalars).irfft2(width: 4)
    let expected: [Float] = [
      0.56295651, -0.9658133, -0.02162641, 1.0494832, 0.08415777, 0.01692233, -0.0038483, 0.0277682,
      -0.24859365, 0.05284364, -0.00821865, -0.17103134, -0.27352063, -0.22895267, -0.0079733,
      0.1354466,
    ]
    #expect((image - Tensor([4, 4], expected)).absolute().maximum <= 2e-6)
  }

  private func slowTransform(_ x: Tensor) -> Tensor {
    let (planes, height, width) = (x.shape[0], x.shape[1], x.shape[2])
    var result = Tensor([planes, height, width / 2 + 1, 2])
    for p in 0..<planes {
      for u in 0..<height {
        for v in 0...width / 2 {
          var (re, im) = (0.0, 0.0)
          for y in 0..<height {
            for z in 0..<width {
              let turn =
                Double(u * y % height) / Double(height) + Double(v * z % width) / Double(width)
              re += Double(x[p, y, z]) * cos(2 * .pi * turn)
              im -= Double(x[p, y, z]) * sin(2 * .pi * turn)
            }
          }
          let norm = Double(height * width).squareRoot()
          result[p, u, v, 0] = Float(re / norm)
          result[p, u, v, 1] = Float(im / norm)
        }
      }
    }
    return result
  }
}
