import Foundation

/// How much memory a plan may take: a file can ask for any amount, and gets an error instead of an end
/// of the process.
package enum MemoryLimit {
  /// Bytes of a plan in all: what the machine has, unless a task is given less.
  @TaskLocal package static var bytes = Int(clamping: ProcessInfo.processInfo.physicalMemory)

  /// The largest number of scalars of one tensor: 2 GiB, or what the limit leaves.
  package static var largestTensor: Int { min(1 << 29, bytes / 4) }

  /// Whether a tensor of these extents can be.
  ///
  /// Zeros do not excuse the others: loops multiply them in an order of their own.
  package static func allows(_ extents: [Int]) -> Bool {
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
  /// - Throws: `MemoryError` where they are beyond the limit.
  package static func check(scalars: Int) throws {
    guard scalars <= bytes / 4 else {
      throw MemoryError(needed: Self.product([scalars, 4]), limit: bytes)
    }
  }
}

/// More memory than there is.
public struct MemoryError: Error, Equatable, CustomStringConvertible {
  /// Bytes that a network would take.
  public let needed: Int
  /// Bytes that there are.
  public let limit: Int

  /// What is wrong, in words for a person.
  public var description: String {
    "the network needs \(Self.gigabytes(needed)) GB for this input, and there are "
      + "\(Self.gigabytes(limit)) GB; use a smaller picture or fewer at a time"
  }

  private static func gigabytes(_ bytes: Int) -> String {
    let tenths = (Double(bytes) / 1e8).rounded(.up)
    return tenths < 1e6 ? "\(tenths / 10)" : "over 100000"
  }
}
