import CKernels
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
  static let all: EpilogueParts = [.bias, .accumulate, .addend, .clamp, .mask]

  /// None, each alone, all together.
  static let choices: [EpilogueParts] = [[], .bias, .accumulate, .addend, .clamp, .mask, .all]

  var testDescription: String { "epilogue \(rawValue)" }
}

/// An epilogue over random maps, and its definition.
struct EpilogueFixture {
  let parts: EpilogueParts
  let bias: Memory<Float>
  let addend, mask: FeatureMap
  let lower: Float = -0.3, upper: Float = 0.8
  let maskLower: Float = -0.25, maskUpper: Float = 0.5

  init(
    _ parts: EpilogueParts, channels: Int, rows: Int, columns: Int, using random: inout SplitMix64
  ) {
    self.parts = parts
    bias = Memory(count: (channels + 15) / 16 * 16, using: &random)
    addend = FeatureMap(channels: channels, rows: rows, columns: columns, ring: 1, using: &random)
    mask = FeatureMap(channels: channels, rows: rows, columns: columns, pixel: 32, using: &random)
  }

  var epilogue: kernel_epilogue {
    let none = kernel_map(data: nil, block: 0, row: 0, pixel: 0)
    return kernel_epilogue(
      bias: parts.contains(.bias) ? UnsafePointer(bias.pointer) : nil,
      accumulate: parts.contains(.accumulate) ? 1 : 0,
      addend: parts.contains(.addend) ? addend.map : none,
      lower: parts.contains(.clamp) ? lower : -.infinity,
      upper: parts.contains(.clamp) ? upper : .infinity,
      mask: parts.contains(.mask) ? mask.map : none,
      mask_lower: maskLower, mask_upper: maskUpper)
  }

  /// What is stored for `sum`, and how far rounding may take the kernel from it if the sum may be off
  /// by `tolerance`.
  func expected(
    _ sum: Double, tolerance: Double, previous: Float, _ c: Int, _ y: Int, _ x: Int
  ) -> (value: Double, tolerance: Double) {
    var value = sum
    if parts.contains(.bias) { value += Double(bias.pointer[c]) }
    if parts.contains(.accumulate) { value += Double(previous) }
    if parts.contains(.addend) { value += Double(addend[c, y, x]) }
    if parts.contains(.clamp) { value = min(max(value, Double(lower)), Double(upper)) }
    if parts.contains(.mask) {
      let isKept = maskLower < mask[c, y, x] && mask[c, y, x] < maskUpper
      if !isKept { return (0, 0) }
    }
    // Each of three additions rounds a number below |sum| + 3, as all maps hold numbers below 1.
    return (value, tolerance + 3 * roundingError * (abs(sum) + 3))
  }
}

extension EpilogueFixture {
  /// What stores a result as it is.
  static var plain: kernel_epilogue {
    let nothing = kernel_map(data: nil, block: 0, row: 0, pixel: 0)
    return kernel_epilogue(
      bias: nil, accumulate: 0, addend: nothing, lower: -.infinity, upper: .infinity, mask: nothing,
      mask_lower: 0, mask_upper: 0)
  }
}
