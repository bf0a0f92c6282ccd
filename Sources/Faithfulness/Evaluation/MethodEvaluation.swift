/// What measures say of methods on pictures.
public struct MethodEvaluation: Sendable {
  /// What one measure says of one method's map of one picture.
  public struct Entry: Sendable {
    /// The picture's name.
    public let picture: String
    /// The unit that is explained.
    public let unit: String
    /// The method's name.
    public let method: String
    /// The measure's name.
    public let measure: String
    /// What it says, or why nothing.
    public let result: Result<Measurement, any Error>
  }

  /// What has been measured, in that order.
  public private(set) var entries: [Entry] = []
  /// Whose numbers each method's maps had in all pictures so far; nil: its own.
  private var alike: [String: String?] = [:]
  /// The measures, in the order of their columns.
  public let measures: [RegisteredMeasure]

  /// Creates an evaluation without entries.
  ///
  /// - Parameter measures: The measures, in the order of their columns.
  public init(by measures: [RegisteredMeasure]) { self.measures = measures }

  /// Adds an entry.
  public mutating func add(_ entry: Entry) { entries.append(entry) }

  /// Says which plainer method had the same numbers as a method's map of a picture; nil: none.
  public mutating func add(_ method: String, alike plainer: String?) {
    alike[method] = .some(alike[method, default: plainer] == plainer ? plainer : nil)
  }

  /// Methods whose maps had a plainer one's numbers in every picture, and whose.
  public var plainer: [String: String] { alike.compactMapValues(\.self) }

  /// Which methods had a plainer one's numbers, in the order of methods; nil: none had.
  public var likeness: String? {
    let pairs = methods.compactMap { method in plainer[method].map { "\(method) (\($0))" } }
    return pairs.isEmpty
      ? nil
      : "The same numbers in every picture here as a plainer method's: "
        + pairs.joined(separator: ", ") + "."
  }

  /// The methods that there are entries of, in the order of the first.
  public var methods: [String] { entries.map(\.method).uniqued }

  /// The pictures that there are entries of, in the order of the first.
  public var pictures: [String] { entries.map(\.picture).uniqued }

  /// What a measure says of a method on all pictures where it says anything.
  public func measurements(_ method: String, _ measure: RegisteredMeasure) -> [Measurement] {
    entries.compactMap {
      $0.method == method && $0.measure == measure.name ? try? $0.result.get() : nil
    }
  }

  /// The mean over pictures.
  ///
  /// - Returns: The mean; its standard error over pictures or, of one picture, that of the draws; how many
  ///   pairs counted together; `nil` where the measure says nothing of any picture.
  public func mean(_ method: String, _ measure: RegisteredMeasure) -> Measurement? {
    let found = measurements(method, measure)
    guard let only = found.first else { return nil }
    if found.count == 1 { return only }
    let (mean, error) = found.map(\.value).meanAndStandardError
    let counted = found.compactMap(\.counted)
    return Measurement(
      mean, standardError: error, parts: Self.means(of: found.map(\.parts)),
      counted: counted.isEmpty
        ? nil
        : .init(
          kept: counted.reduce(0) { $0 + $1.kept }, total: counted.reduce(0) { $0 + $1.total }),
      isBlind: measure.isCheck && mean > WeightRandomization.limit)
  }

  /// The means place by place, where all lists are equally long.
  private static func means(of lists: [[Double]]) -> [Double] {
    guard let count = lists.first?.count, lists.allSatisfy({ $0.count == count }) else { return [] }
    return (0..<count).map { place in
      lists.reduce(0) { $0 + $1[place] } / Double(lists.count)
    }
  }
}

extension RegisteredMeasure {
  /// Whether a method that has too much of it does not notice what changes everything.
  public var isCheck: Bool { name == Self.randomWeights.name || name == Self.otherUnits.name }
}

extension Sequence<String> {
  /// The elements, each at its first place only.
  fileprivate var uniqued: [String] {
    var seen = Set<String>()
    return filter { seen.insert($0).inserted }
  }
}
