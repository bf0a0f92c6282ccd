/// What a measure says of a map.
public struct Measurement: Sendable, Hashable {
  /// The number.
  public var value: Double
  /// The standard error of what was drawn at random; `nil` where nothing was, or it is not known.
  public var standardError: Double?
  /// What the number was made of, in order: a curve, or one number a change or stage.
  public var parts: [Double]
  /// How many pairs of pictures counted, of how many; `nil` where all do.
  public var counted: Counted?
  /// Whether the method does not notice what changes everything, and so explains nothing.
  public var isBlind: Bool

  /// How many of how many.
  public struct Counted: Sendable, Hashable {
    /// How many counted.
    public let kept: Int
    /// How many there were.
    public let total: Int
  }

  /// Creates a measurement.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - standardError: The standard error of what was drawn at random.
  ///   - parts: What the number was made of, in order.
  ///   - counted: How many pairs of pictures counted.
  ///   - isBlind: Whether the method does not notice what changes everything.
  public init(
    _ value: Double, standardError: Double? = nil, parts: [Double] = [], counted: Counted? = nil,
    isBlind: Bool = false
  ) {
    (self.value, self.standardError, self.parts) = (value, standardError, parts)
    (self.counted, self.isBlind) = (counted, isBlind)
  }
}
