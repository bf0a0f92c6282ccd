import Blocks
import CKernels
import Networks
import Tensors
import Testing

@testable import Training

/// A convolution's weight gradient in numbers.
struct WeightGradientCase: CustomTestStringConvertible, Sendable {
  var channels, outputs, size, stride, side, images: Int

  var testDescription: String {
    "\(channels)→\(outputs), \(size)×\(size)/\(stride), \(images) of \(side)×\(side)"
  }

  /// Pictures, odd widths, more pixels than a chunk, several images, windows that overlap and do not.
  static let all = [
    WeightGradientCase(channels: 3, outputs: 32, size: 3, stride: 1, side: 9, images: 2),
    WeightGradientCase(channels: 3, outputs: 17, size: 5, stride: 2, side: 8, images: 1),
    WeightGradientCase(channels: 1, outputs: 5, size: 3, stride: 1, side: 5, images: 3),
    WeightGradientCase(channels: 16, outputs: 16, size: 1, stride: 1, side: 13, images: 2),
    WeightGradientCase(channels: 19, outputs: 40, size: 3, stride: 1, side: 7, images: 2),
    WeightGradientCase(channels: 33, outputs: 48, size: 4, stride: 2, side: 8, images: 3),
    WeightGradientCase(channels: 40, outputs: 20, size: 2, stride: 2, side: 150, images: 1),
  ]
}

/// Random maps and what the definition makes of them in `Double`.
private final class Fixture {
  let shape: WeightGradientCase
  let source, gradient: FeatureMap
  let arena = Arena()
  let taps: TapOffsets
  var outputs: Int { shape.side / shape.stride }

  init(_ shape: WeightGradientCase) throws {
    self.shape = shape
    source = FeatureMap(
      batch: shape.images, channels: shape.channels, height: shape.side, width: shape.side,
      lanes: min(16, shape.channels))
    let side = shape.side / shape.stride
    gradient = FeatureMap(
      batch: shape.images, channels: shape.outputs, height: side, width: side)
    source.widenRing(to: shape.size)
    gradient.widenRing(to: 1)
    arena.use(source, at: 0)
    arena.use(gradient, at: 0)
    try arena.layOut()
    taps = TapOffsets(
      (0..<shape.size * shape.size).map { [source] in
        $0 / shape.size * source.rowStride + $0 % shape.size * source.lanes
      })
    var random = SplitMix64(seed: 7)
    for map in [source, gradient] {
      for image in 0..<map.batch {
        for c in 0..<map.channels {
          for y in 0..<map.height {
            for x in 0..<map.width {
              map.pointer(image, c, y, x).pointee = Float.random(in: -1...1, using: &random)
            }
          }
        }
      }
    }
  }

  /// The definition; the second sum is of the terms' magnitudes.
  func expected(_ o: Int, _ c: Int, _ tap: Int) -> (Double, Double) {
    var (sum, magnitude) = (0.0, 0.0)
    for image in 0..<shape.images {
      for y in 0..<outputs {
        for x in 0..<outputs {
          let term =
            Double(gradient.pointer(image, o, y, x).pointee)
            * Double(
              source.pointer(
                image, c, y * shape.stride + tap / shape.size,
                x * shape.stride + tap % shape.size
              ).pointee)
          sum += term
          magnitude += abs(term)
        }
      }
    }
    return (sum, magnitude)
  }

  func call(_ weights: FloatBuffer, _ bias: FloatBuffer) -> kernel_weight_gradient {
    kernel_weight_gradient(
      source: source.kernelMap(image: 0).phase(
        y: 0, x: 0, strideY: shape.stride, strideX: shape.stride),
      source_image: source.imageStride, channels: Int32(shape.channels), taps: taps.pointer,
      tap_count: Int32(taps.count), gradient: gradient.kernelMap(image: 0),
      gradient_image: gradient.imageStride, images: Int32(shape.images), rows: Int32(outputs),
      columns: Int32(outputs), weights: weights.pointer, bias: bias.pointer)
  }
}

extension FeatureMap {
  /// The memory of one number.
  func pointer(_ image: Int, _ c: Int, _ y: Int, _ x: Int) -> UnsafeMutablePointer<Float> {
    let map = kernelMap(image: image, block: c / lanes)
    return map.data + (y * map.row + x * map.pixel + c % lanes)
  }
}

@Suite("The kernel of the weight gradients")
struct WeightKernelTests {
  static let sets = ["portable", "neon", "avx2", "avx512"].filter { name in
    let present = kernel_instruction_set().map { String(cString: $0) }
    defer { kernel_use_instruction_set(present) }
    return kernel_use_instruction_set(name) != 0
  }

  @Test("is the sum over pixels and images", arguments: WeightGradientCase.all)
  func definition(_ shape: WeightGradientCase) throws {
    let fixture = try Fixture(shape)
    let (blocks, inputs) = ((shape.outputs + 15) / 16, (shape.channels + 15) / 16)
    let taps = shape.size * shape.size
    let present = kernel_instruction_set().map { String(cString: $0) }
    defer { kernel_use_instruction_set(present) }
    for set in Self.sets {
      kernel_use_instruction_set(set)
      let weights = FloatBuffer(
        [Float](repeating: 99, count: blocks * inputs * taps * 256))
      let bias = FloatBuffer([Float](repeating: 99, count: blocks * 16))
      var call = fixture.call(weights, bias)
      kernel_convolve_weights(&call, 0, Int32(blocks), 0, Int32(inputs))
      for o in 0..<shape.outputs {
        for c in 0..<shape.channels {
          for tap in 0..<taps {
            let (sum, magnitude) = fixture.expected(o, c, tap)
            let place = ((o / 16 * inputs + c / 16) * taps + tap) * 256 + c % 16 * 16 + o % 16
            #expect(abs(Double(weights.pointer[place]) - sum) <= 1e-6 * magnitude + 1e-30, "\(set)")
          }
        }
        let sum = (0..<shape.images).reduce(0.0) { sum, image in
          (0..<fixture.outputs * fixture.outputs).reduce(sum) {
            $0
              + Double(
                fixture.gradient.pointer(image, o, $1 / fixture.outputs, $1 % fixture.outputs)
                  .pointee)
          }
        }
        #expect(abs(Double(bias.pointer[o]) - sum) <= 1e-3)
      }
    }
  }

  @Test("does not depend on how it is shared out", arguments: WeightGradientCase.all)
  func sharing(_ shape: WeightGradientCase) throws {
    let fixture = try Fixture(shape)
    let (blocks, inputs) = ((shape.outputs + 15) / 16, (shape.channels + 15) / 16)
    let count = blocks * inputs * shape.size * shape.size * 256
    let (whole, parts) = (FloatBuffer(count: count), FloatBuffer(count: count))
    let (bias, partBias) = (FloatBuffer(count: blocks * 16), FloatBuffer(count: blocks * 16))
    var call = fixture.call(whole, bias)
    kernel_convolve_weights(&call, 0, Int32(blocks), 0, Int32(inputs))
    call = fixture.call(parts, partBias)
    for block in 0..<Int32(blocks) {
      for input in 0..<Int32(inputs) {
        kernel_convolve_weights(&call, block, block + 1, input, input + 1)
      }
    }
    #expect((0..<count).allSatisfy { whole.pointer[$0] == parts.pointer[$0] })
    #expect((0..<blocks * 16).allSatisfy { bias.pointer[$0] == partBias.pointer[$0] })
  }

  @Test("⟨convolution by w, g⟩ = ⟨w, gradient of the weights⟩", arguments: WeightGradientCase.all)
  func adjoint(_ shape: WeightGradientCase) throws {
    let fixture = try Fixture(shape)
    let (blocks, inputs) = ((shape.outputs + 15) / 16, (shape.channels + 15) / 16)
    let count = blocks * inputs * shape.size * shape.size * 256
    let (weights, result) = (FloatBuffer(count: count), FloatBuffer(count: count))
    let bias = FloatBuffer(count: blocks * 16)
    var random = SplitMix64(seed: 3)
    for i in 0..<count { weights.pointer[i] = Float.random(in: -1...1, using: &random) }
    var call = fixture.call(result, bias)
    kernel_convolve_weights(&call, 0, Int32(blocks), 0, Int32(inputs))
    let product = (0..<count).reduce(0.0) {
      $0 + Double(weights.pointer[$1]) * Double(result.pointer[$1])
    }
    let output = FeatureMap(
      batch: shape.images, channels: shape.outputs, height: fixture.outputs,
      width: fixture.outputs)
    let arena = Arena()
    arena.use(output, at: 0)
    try arena.layOut()
    var (other, magnitude) = (0.0, 0.0)
    for image in 0..<shape.images {
      var forward = kernel_convolution(
        source: fixture.source.kernelMap(image: image).phase(
          y: 0, x: 0, strideY: shape.stride, strideX: shape.stride),
        channels: Int32(shape.channels), taps: fixture.taps.pointer,
        tap_count: Int32(fixture.taps.count), weights: weights.pointer,
        destination: output.kernelMap(image: image), blocks: Int32(blocks),
        rows: Int32(fixture.outputs), columns: Int32(fixture.outputs), epilogue: .plain)
      kernel_convolve(&forward, 0, Int32(blocks), 0, forward.rows)
      for o in 0..<shape.outputs {
        for i in 0..<fixture.outputs * fixture.outputs {
          let (y, x) = (i / fixture.outputs, i % fixture.outputs)
          let term =
            Double(output.pointer(image, o, y, x).pointee)
            * Double(fixture.gradient.pointer(image, o, y, x).pointee)
          other += term
          magnitude += abs(term)
        }
      }
    }
    #expect(abs(product - other) <= 1e-5 * magnitude)
  }
}
