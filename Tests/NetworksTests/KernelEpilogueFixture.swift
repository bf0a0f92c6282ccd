import CKernels
import Foundation
import Tensors
import Testing

/// The parts of an epilogue that a test asks for.
struct EpilogueParts: OptionSet, CustomTestStringConvertible {
  let rawValue: Int
  static let bias = EpilogueParts(rawValue: 1)
  static let accumulate = EpilogueParts(rawValue: 2)
  static let addend = EpilogueParts(rawValue: 4)
  static let clamp = EpilogueParts(rawValue: 8)
  static let mask = EpilogueParts(rawValue: 16)
  static let activation = EpilogueParts(rawValue: 32)
  static let factor = EpilogueParts(rawValue: 64)
  static let all: EpilogueParts = [
    .bias, .accumulate, .addend, .activation, .clamp, .mask, .factor,
  ]

  /// None, each alone, all together.
  static let choices: [EpilogueParts] = [
    [], .bias, .accumulate, .addend, .activation, .clamp, .mask, .factor, .all,
  ]

  var testDescription: String { "epilogue \(rawValue)" }
}

/// An epilogue over random maps, and its definition.
struct EpilogueFixture {
  let parts: EpilogueParts
  let bias: Memory<Float>
  let addend, slopes, mask, factor: FeatureMap
  let lower: Float = -0.3, upper: Float = 0.8
  let maskLower: Float = -0.25, maskUpper: Float = 0.5

  init(
    _ parts: EpilogueParts, channels: Int, rows: Int, columns: Int, using random: inout SplitMix64
  ) {
    self.parts = parts
    bias = Memory(count: (channels + 15) / 16 * 16, using: &random)
    addend = FeatureMap(channels: channels, rows: rows, columns: columns, ring: 1, using: &random)
    slopes = FeatureMap(channels: channels, rows: rows, columns: columns, ring: 1, using: &random)
    mask = FeatureMap(channels: channels, rows: rows, columns: columns, pixel: 32, using: &random)
    factor = FeatureMap(channels: channels, rows: rows, columns: columns, pixel: 32, using: &random)
  }

  var epilogue: kernel_epilogue {
    var epilogue = Self.plain
    if parts.contains(.bias) { epilogue.bias = UnsafePointer(bias.pointer) }
    if parts.contains(.accumulate) { epilogue.accumulate = 1 }
    if parts.contains(.addend) { epilogue.addend = addend.map }
    if parts.contains(.activation) {
      (epilogue.activation, epilogue.slopes) = (Self.gelu, slopes.map)
    }
    if parts.contains(.clamp) { (epilogue.lower, epilogue.upper) = (lower, upper) }
    if parts.contains(.mask) {
      (epilogue.mask, epilogue.mask_lower, epilogue.mask_upper) = (mask.map, maskLower, maskUpper)
    }
    if parts.contains(.factor) { epilogue.factor = factor.map }
    return epilogue
  }

  /// What is stored for `sum`, and how far rounding may take the kernel from it if the sum may be off
  /// by `tolerance`; beside it the activation's derivative.
  func stored(
    _ sum: Double, tolerance: Double, previous: Float, _ c: Int, _ y: Int, _ x: Int
  ) -> (value: Double, tolerance: Double, slope: Double) {
    var (value, slope) = (sum, 1.0)
    if parts.contains(.bias) { value += Double(bias.pointer[c]) }
    if parts.contains(.accumulate) { value += Double(previous) }
    if parts.contains(.addend) { value += Double(addend[c, y, x]) }
    // Each of three additions rounds a number below |sum| + 3, as all maps hold numbers below 1.
    var tolerance = tolerance + 3 * roundingError * (abs(sum) + 3)
    if parts.contains(.activation) {
      // Neither derivative exceeds 1.2; the error function is off by 2 units in the last place of at most 1.
      tolerance = 1.2 * tolerance + 16 * roundingError * (abs(value) + 1)
      let below = 0.5 * erfc(-value / 2.0.squareRoot())
      slope = below + value * exp(-value * value / 2) / (2 * .pi).squareRoot()
      value *= below
    }
    if parts.contains(.clamp) { value = min(max(value, Double(lower)), Double(upper)) }
    if parts.contains(.mask) {
      let isKept = maskLower < mask[c, y, x] && mask[c, y, x] < maskUpper
      if !isKept { (value, tolerance) = (0, 0) }
    }
    if parts.contains(.factor) { value *= Double(factor[c, y, x]) }
    return (value, tolerance + roundingError * abs(value), slope)
  }

  /// The same without the derivative.
  func expected(
    _ sum: Double, tolerance: Double, previous: Float, _ c: Int, _ y: Int, _ x: Int
  ) -> (value: Double, tolerance: Double) {
    let stored = stored(sum, tolerance: tolerance, previous: previous, c, y, x)
    return (stored.value, stored.tolerance)
  }
}

extension EpilogueFixture {
  /// What stores a result as it is.
  static var plain: kernel_epilogue {
    var epilogue = kernel_epilogue()
    (epilogue.lower, epilogue.upper) = (-.infinity, .infinity)
    return epilogue
  }

  private static let gelu = kernel_activation(function: KERNEL_GELU, alpha: 0, beta: 0)
}
