#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How much memory may be taken: a file can ask for any amount, and gets an error instead of an end of the
/// process.
///
/// What is checked is what sizes in files and options ask for, before it is taken; the program itself takes
/// some 30 MB beside it.
public enum MemoryLimit {
  /// The environment variable that says the limit: `VISUALIZE_MEMORY=2GB`.
  public static let variable = "VISUALIZE_MEMORY"

  /// What the environment says, if that is an amount.
  private static let said = getenv(variable).flatMap { amount(String(cString: $0)) }

  /// Bytes in all: what somebody says, else what the machine and its containers have left, less a reserve.
  @TaskLocal package static var bytes = said ?? MemoryLeft.bytes()

  /// Whether somebody says the limit; if nobody does, what a file alone asks for has a narrower one.
  @TaskLocal package static var isSaid = said != nil

  /// Sets the limit for some work.
  ///
  /// - Parameters:
  ///   - bytes: The limit.
  ///   - body: The work.
  /// - Returns: What the work returns.
  public static func limited<Result>(
    to bytes: Int, _ body: () throws -> Result
  ) rethrows -> Result {
    try $isSaid.withValue(true) { try $bytes.withValue(bytes, operation: body) }
  }

  /// Narrows the limit for work that a file alone asks for, unless somebody says what may be taken.
  package static func narrowed<Result>(
    to bytes: Int, _ body: () throws -> Result
  ) rethrows -> Result {
    isSaid ? try body() : try $bytes.withValue(min(bytes, Self.bytes), operation: body)
  }

  /// Reads an amount: `2GB`, `512 MB`, `1.5GiB`, `2000000000`.
  ///
  /// - Parameter text: A number and a unit, in small letters or capitals; without a unit, bytes.
  /// - Returns: Bytes; `nil` where it is no amount from 1 byte on.
  public static func amount(_ text: String) -> Int? {
    let text = text.lowercased().filter { $0 != " " }
    let number = text.prefix { "0123456789.".contains($0) }
    let units: [String: Double] = [
      "": 1, "b": 1, "k": 1e3, "kb": 1e3, "kib": 0x1p10, "m": 1e6, "mb": 1e6, "mib": 0x1p20,
      "g": 1e9, "gb": 1e9, "gib": 0x1p30, "t": 1e12, "tb": 1e12, "tib": 0x1p40,
    ]
    guard let value = Double(number), let unit = units[String(text.dropFirst(number.count))],
      case let bytes = value * unit, bytes >= 1, bytes < 0x1p62
    else { return nil }
    return Int(bytes)
  }
}

// MARK: Checks

extension MemoryLimit {
  /// The largest number of scalars of one tensor: 2 GiB, or a quarter of the limit, since what makes a tensor
  /// holds others beside it.
  package static var largestTensor: Int { min(1 << 29, bytes / 16) }

  /// Whether a tensor of these extents can be.
  ///
  /// Zeros do not excuse the others: loops multiply them in an order of their own.
  package static func allows(_ extents: [Int]) -> Bool {
    extents.allSatisfy { $0 >= 0 } && product(extents.map { max($0, 1) }) <= largestTensor
  }

  /// The product of numbers from 0 on; `Int.max` where it is beyond all numbers.
  package static func product(_ factors: [Int]) -> Int {
    factors.reduce(1) { product, factor in
      let (result, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : result
    }
  }

  /// The sum of numbers from 0 on; `Int.max` where it is beyond all numbers.
  package static func sum(_ summands: Int...) -> Int {
    summands.reduce(0) { sum, summand in
      let (result, overflow) = sum.addingReportingOverflow(summand)
      return overflow ? .max : result
    }
  }

  /// Refuses so many scalars at once.
  ///
  /// - Throws: `MemoryError` where they are beyond the limit.
  package static func check(scalars: Int, of what: String = "the network") throws {
    try check(bytes: product([scalars, MemoryLayout<Float>.stride]), of: what)
  }

  /// Refuses so many bytes at once.
  ///
  /// - Throws: `MemoryError` where they are beyond the limit.
  package static func check(bytes: Int, of what: String) throws {
    guard bytes <= Self.bytes else {
      throw MemoryError(what, needed: bytes, limit: Self.bytes)
    }
  }
}
