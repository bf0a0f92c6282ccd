/// A share of pictures that several machines divide among themselves: the second of four is `2/4`.
///
/// Who makes what follows from the list of pictures alone, whatever is there already.
public struct Part: Hashable, Sendable, CustomStringConvertible {
  /// Which it is, from 1.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// Creates a part.
  ///
  /// - Returns: nil for a number that is not within 1…count.
  public init?(_ number: Int, of count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    (self.number, self.count) = (number, count)
  }

  /// Reads `2/4`.
  ///
  /// - Returns: nil where the text is anything else.
  public init?(_ text: String) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false)
    guard numbers.count == 2, numbers.allSatisfy({ $0.allSatisfy("0123456789".contains) }),
      let number = Int(numbers[0]), let count = Int(numbers[1])
    else { return nil }
    self.init(number, of: count)
  }

  /// `2/4`.
  public var description: String { "\(number)/\(count)" }

  /// Deals pictures out like cards, the dearest first: no two parts differ by more than the dearest picture costs.
  ///
  /// - Parameters:
  ///   - costs: What each picture costs, in any unit; equal ones stay in order.
  ///   - count: How many parts there are.
  /// - Returns: The number of each picture's part, from 1.
  package static func numbers(dealing costs: [Double], among count: Int) -> [Int] {
    var numbers = [Int](repeating: 0, count: costs.count)
    let order = costs.indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
    for (place, index) in order.enumerated() { numbers[index] = place % count + 1 }
    return numbers
  }

  /// The places of this part's pictures, in order.
  ///
  /// - Parameter costs: What each picture costs.
  /// - Returns: The places.
  package func share(of costs: [Double]) -> [Int] {
    let numbers = Self.numbers(dealing: costs, among: count)
    return costs.indices.filter { numbers[$0] == number }
  }
}
