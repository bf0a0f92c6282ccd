import Foundation

/// How much memory a plan may take: a file can ask for any amount, and gets an error instead of an end
/// of the process.
package enum MemoryLimit {
  /// Bytes of a plan in all: what the machine has, unless a task is given less.
  @TaskLocal package static var bytes = Int(clamping: ProcessInfo.processInfo.physicalMemory)

  /// The largest number of scalars of one tensor: 2 GiB, or what the limit leaves.
  static var largestTensor: Int { min(1 << 29, bytes / 4) }

  /// Whether a tensor of these extents can be.
  ///
  /// Zeros do not excuse the others: loops multiply them in an order of their own.
  static func allows(_ extents: [Int]) -> Bool {
    extents.allSatisfy { $0 >= 0 } && product(extents.map { max($0, 1) }) <= largestTensor
  }

  /// The product of numbers from 0 on; `Int.max` where it is beyond all numbers.
  static func product(_ factors: [Int]) -> Int {
    factors.reduce(1) { product, factor in
      let (result, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : result
    }
  }

  /// Refuses so many scalars at once.
  ///
  /// - Throws: `NetworkError.memory` where they are beyond the limit.
  static func check(scalars: Int) throws {
    guard scalars <= bytes / 4 else {
      throw NetworkError.memory(needed: Self.product([scalars, 4]), limit: bytes)
    }
  }
}
