import CKernels
import Tensors

/// The instruction sets that this processor and this build have.
let instructionSets = ["portable", "neon", "avx2", "avx512"].filter { name in
  let present = kernel_instruction_set().map { String(cString: $0) }
  defer { kernel_use_instruction_set(present) }
  return kernel_use_instruction_set(name) != 0
}

/// Runs `body` once for each instruction set, on this thread.
func forEachInstructionSet(_ body: (String) -> Void) {
  let present = kernel_instruction_set().map { String(cString: $0) }
  for name in instructionSets {
    kernel_use_instruction_set(name)
    body(name)
  }
  kernel_use_instruction_set(present)
}

/// Half the distance from 1 to the next `Float`: the relative error of one rounding.
let roundingError = 0x1p-24

/// Memory that a kernel may be given a pointer to.
final class Memory<Element: BitwiseCopyable> {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int, repeating value: Element) {
    self.count = count
    pointer = .allocate(capacity: count)
    pointer.initialize(repeating: value, count: count)
  }

  convenience init(_ elements: [Element]) {
    self.init(count: elements.count, repeating: elements[0])
    for (i, element) in elements.enumerated() { pointer[i] = element }
  }

  deinit { pointer.deallocate() }
}

extension Memory where Element == Float {
  convenience init(count: Int, using random: inout SplitMix64) {
    self.init((0..<count).map { _ in Float.random(in: -1..<1, using: &random) })
  }
}

/// A feature map of random numbers in channel blocks, with zeros in the ring and in the lanes without
/// a channel, and a value that no kernel makes in the gaps that it must not touch.
final class FeatureMap {
  static let untouched: Float = 12345
  let memory: Memory<Float>
  let map: kernel_map
  let channels, rows, columns: Int

  var blocks: Int { (channels + 15) / 16 }

  /// Makes the map; `pixel` is the distance from pixel to pixel: 16, 32 for a strided map, or
  /// `channels` for an interleaved picture.
  init(
    channels: Int, rows: Int, columns: Int, ring: Int = 0, pixel: Int = 16,
    using random: inout SplitMix64
  ) {
    (self.channels, self.rows, self.columns) = (channels, rows, columns)
    let row = (columns + 2 * ring) * pixel
    let block = (rows + 2 * ring) * row + 16
    memory = Memory(count: (channels + 15) / 16 * block, repeating: Self.untouched)
    map = kernel_map(
      data: memory.pointer + ring * row + ring * pixel, block: block, row: row, pixel: pixel)
    for c in 0..<(pixel < 16 ? channels : blocks * 16) {
      for y in -ring..<rows + ring {
        for x in -ring..<columns + ring {
          let isInside = c < channels && (0..<rows).contains(y) && (0..<columns).contains(x)
          self[c, y, x] = isInside ? Float.random(in: -1..<1, using: &random) : 0
        }
      }
    }
  }

  subscript(c: Int, y: Int, x: Int) -> Float {
    get { map.data[offset(c, y, x)] }
    set { map.data[offset(c, y, x)] = newValue }
  }

  private func offset(_ c: Int, _ y: Int, _ x: Int) -> Int {
    c / 16 * map.block + y * map.row + x * map.pixel + c % 16
  }

  /// Everything in memory, gaps and rings included.
  var contents: [Float] {
    get { Array(UnsafeBufferPointer(start: memory.pointer, count: memory.count)) }
    set { for (i, value) in newValue.enumerated() { memory.pointer[i] = value } }
  }

  /// How many floats are still what no kernel makes.
  var untouchedCount: Int { contents.count { $0 == Self.untouched } }

  /// The greatest of |self − expected| / tolerance, over all elements.
  func worst(_ expected: (Int, Int, Int) -> (value: Double, tolerance: Double)) -> Double {
    var worst = 0.0
    for c in 0..<channels {
      for y in 0..<rows {
        for x in 0..<columns {
          let (value, tolerance) = expected(c, y, x)
          let actual = Double(self[c, y, x])
          if actual == value { continue }
          let error = abs(actual - value) / tolerance
          worst = error.isNaN ? .infinity : max(worst, error)
        }
      }
    }
    return worst
  }
}
