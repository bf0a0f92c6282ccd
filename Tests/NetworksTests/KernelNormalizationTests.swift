import CKernels
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Parameters of a local response normalization and the map that it normalizes.
struct NormalizationShape: CustomTestStringConvertible {
  var channels, size: Int
  var alpha: Float = 1e-1
  var beta: Float = 0.75
  var bias: Float = 1
  var columns = 3

  var testDescription: String {
    "\(channels) channels, size \(size), alpha \(alpha), beta \(beta), bias \(bias)"
  }

  static let odd = [
    NormalizationShape(channels: 1, size: 1),
    NormalizationShape(channels: 3, size: 5, bias: 2),
    NormalizationShape(channels: 16, size: 4, columns: 33),
    NormalizationShape(channels: 17, size: 5, alpha: 3, columns: 7),
    NormalizationShape(channels: 40, size: 3, beta: 0.5, bias: 0.25),
    NormalizationShape(channels: 64, size: 5, alpha: 1e-4, columns: 15),
    NormalizationShape(channels: 96, size: 40, alpha: 40, beta: 1.3, bias: 30),
    NormalizationShape(channels: 33, size: 99, beta: -0.6, columns: 2),
    NormalizationShape(channels: 4100, size: 7, columns: 1),
    NormalizationShape(channels: 9000, size: 300, beta: 0.9, columns: 1),
  ]
}

@Suite("Kernels: local response normalization")
struct KernelNormalizationTests {
  @Test("is its definition, both ways", arguments: NormalizationShape.odd)
  func definition(_ shape: NormalizationShape) {
    var random = SplitMix64(seed: 1)
    func map() -> FeatureMap {
      FeatureMap(channels: shape.channels, rows: 2, columns: shape.columns, ring: 1, using: &random)
    }
    let (x, y, dy, dx) = (map(), map(), map(), map())
    let epilogue = EpilogueFixture(
      [.bias, .addend, .mask], channels: shape.channels, rows: 2, columns: shape.columns,
      using: &random)
    var kernelEpilogue = epilogue.epilogue
    var lrn = kernel_lrn(
      channels: Int32(shape.channels), size: Int32(shape.size), alpha: shape.alpha,
      beta: shape.beta, bias: shape.bias)
    let expected = Definition(shape, x: x, dy: dy)
    forEachInstructionSet { name in
      kernel_lrn_forward(&lrn, x.map, y.map, Int32(shape.columns), 0, 2)
      #expect(y.worst(expected.forward) <= 1, "\(name)")
      kernel_lrn_backward(&lrn, x.map, dy.map, dx.map, &kernelEpilogue, Int32(shape.columns), 0, 2)
      let error = dx.worst { c, row, column in
        let (value, tolerance) = expected.backward(c, row, column)
        return epilogue.expected(value, tolerance: tolerance, previous: 0, c, row, column)
      }
      #expect(error <= 1, "\(name)")
    }
  }

  @Test("lanes without a channel stay 0 even where the power is infinite")
  func zeros() {
    var random = SplitMix64(seed: 2)
    let x = FeatureMap(channels: 5, rows: 1, columns: 1, using: &random)
    for c in 0..<5 { x[c, 0, 0] = 0 }
    let y = FeatureMap(channels: 5, rows: 1, columns: 1, using: &random)
    forEachInstructionSet { name in
      for beta: Float in [0.75, 0.8] {
        var lrn = kernel_lrn(channels: 5, size: 3, alpha: 1, beta: beta, bias: 0)
        kernel_lrn_forward(&lrn, x.map, y.map, 1, 0, 1)
        #expect((0..<16).allSatisfy { y[$0, 0, 0] == 0 }, "\(name)")
      }
    }
  }
}

/// The formulas of `kernel_lrn`, term by term in `Double`.
private struct Definition {
  let shape: NormalizationShape
  let x, dy: FeatureMap
  /// s of each channel, row and column.
  var sums: [Double]
  private var alpha: Double { Double(shape.alpha) / Double(shape.size) }
  private var before: Int { (shape.size - 1) / 2 }
  private var after: Int { shape.size / 2 }

  init(_ shape: NormalizationShape, x: FeatureMap, dy: FeatureMap) {
    (self.shape, self.x, self.dy) = (shape, x, dy)
    sums = []
    for c in 0..<shape.channels {
      for row in 0..<x.rows {
        for column in 0..<x.columns {
          let squares = window(c, before, after).reduce(0.0) {
            $0 + Double(x[$1, row, column]) * Double(x[$1, row, column])
          }
          sums.append(Double(shape.bias) + alpha * squares)
        }
      }
    }
  }

  private func window(_ c: Int, _ before: Int, _ after: Int) -> Range<Int> {
    max(0, c - before)..<min(shape.channels, c + after + 1)
  }

  private func sum(_ c: Int, _ row: Int, _ column: Int) -> Double {
    sums[(c * x.rows + row) * x.columns + column]
  }

  /// Relative error of s^-beta: |beta| times that of s (one rounding a term, of which none is negative)
  /// and about 4 roundings of the power itself.
  private var powerError: Double {
    roundingError * (abs(Double(shape.beta)) * Double(shape.size + 3) + 6)
  }

  func forward(_ c: Int, _ row: Int, _ column: Int) -> (value: Double, tolerance: Double) {
    let value = Double(x[c, row, column]) * pow(sum(c, row, column), -Double(shape.beta))
    return (value, abs(value) * powerError)
  }

  func backward(_ c: Int, _ row: Int, _ column: Int) -> (value: Double, tolerance: Double) {
    let beta = Double(shape.beta)
    let direct = Double(dy[c, row, column]) * pow(sum(c, row, column), -beta)
    var inner = 0.0
    var magnitude = 0.0
    for j in window(c, after, before) {
      let term =
        Double(dy[j, row, column]) * Double(x[j, row, column])
        * pow(sum(j, row, column), -beta - 1)
      inner += term
      magnitude += abs(term)
    }
    let factor = 2 * alpha * beta * Double(x[c, row, column])
    let roundings = powerError + roundingError * 2 * Double(shape.size + 8)
    return (direct - factor * inner, (abs(direct) + abs(factor) * magnitude) * roundings)
  }
}
