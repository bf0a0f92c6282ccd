import Networks

/// A measure by the name that people type, with its defaults.
public struct RegisteredMeasure: Sendable, CustomStringConvertible {
  /// What is good.
  public enum Better: Sendable, Hashable {
    case higher, lower
    /// A property that is neither.
    case neither
  }

  /// How much work a measure is for each method.
  public struct Work: Sendable, Hashable {
    /// How many maps the method makes.
    public var maps = 0
    /// How many times the scalar is computed.
    public var values = 0
    /// How many times its progress is called for each method.
    public var visits = 1

    /// Creates an amount of work.
    ///
    /// - Parameters:
    ///   - maps: How many maps the method makes.
    ///   - values: How many times the scalar is computed.
    ///   - visits: How many times its progress is called for each method.
    public init(maps: Int = 0, values: Int = 0, visits: Int = 1) {
      (self.maps, self.values, self.visits) = (maps, values, visits)
    }
  }

  /// Says something of each of several methods' maps of one picture, calling back before each.
  public typealias Measure =
    @Sendable (_ explanations: [MeasuredMap], _ progress: (MeasuredMap) throws -> Void) throws ->
    [Result<Measurement, any Error>]

  /// The name that people type.
  public let name: String
  /// What stands above its column, 5 characters at most.
  public let heading: String
  /// What it says, in a line.
  public let summary: String
  /// What is good.
  public let better: Better
  /// Whether methods are ranked by it.
  public let ranks: Bool
  /// How much work it is.
  public let work: Work
  /// The measure.
  public let measure: Measure

  /// Creates a measure of all methods together; `all` lists those that there are.
  ///
  /// - Parameters:
  ///   - measure: The measure.
  ///   - name: The name that people type, in small letters with dashes.
  ///   - heading: What stands above its column, 5 characters at most.
  ///   - summary: What it says, in a line.
  ///   - better: What is good.
  ///   - ranks: Whether methods are ranked by it.
  ///   - work: How much work it is.
  public init(
    ofAll measure: @escaping Measure, _ name: String, heading: String, _ summary: String,
    better: Better, ranks: Bool = false, work: Work = Work()
  ) {
    (self.name, self.heading, self.summary) = (name, heading, summary)
    (self.better, self.ranks, self.work, self.measure) = (better, ranks, work, measure)
  }

  /// Creates a measure of one method at a time.
  ///
  /// - Parameters:
  ///   - name: The name that people type, in small letters with dashes.
  ///   - heading: What stands above its column, 5 characters at most.
  ///   - summary: What it says, in a line.
  ///   - better: What is good.
  ///   - ranks: Whether methods are ranked by it.
  ///   - work: How much work it is.
  ///   - measure: The measure.
  public init(
    _ name: String, heading: String, _ summary: String, better: Better, ranks: Bool = false,
    work: Work = Work(), of measure: @escaping @Sendable (MeasuredMap) throws -> Measurement
  ) {
    let ofAll: Measure = { explanations, progress in
      try explanations.map { explanation in
        try progress(explanation)
        do {
          return .success(try measure(explanation))
        } catch let error as CancellationError {
          throw error
        } catch {
          return .failure(error)
        }
      }
    }
    self.init(
      ofAll: ofAll, name, heading: heading, summary, better: better, ranks: ranks, work: work)
  }

  /// The name.
  public var description: String { name }

  /// The measure of a name.
  ///
  /// - Throws: `FaithfulnessError.unknownMeasure` with the names most like it.
  public static func named(_ name: String) throws -> RegisteredMeasure {
    if let measure = all.first(where: { $0.name == name }) { return measure }
    throw FaithfulnessError.unknownMeasure(
      name, candidates: nearest(to: name, in: all.map(\.name), count: 3))
  }
}
