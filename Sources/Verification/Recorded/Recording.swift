/// A result of another program: what it is called, and all that `case.json` says of it.
public struct Recording: Sendable {
  /// The lists of `case.json`.
  public enum Section: String, Sendable, CaseIterable {
    /// Maps of methods, and vectors.
    case attributions
    /// What transformers attend to, and relevance through it.
    case attention
    /// Measures of maps.
    case metrics
    /// Concepts and factors of activations.
    case concepts

    /// The key of an entry's name.
    var nameKey: String {
      switch self {
      case .attributions, .attention: "method"
      case .metrics: "metric"
      case .concepts: "concept"
      }
    }

    /// What one entry is called in reports.
    public var singular: String {
      switch self {
      case .attributions: "attribution"
      case .attention: "attention"
      case .metrics: "metric"
      case .concepts: "concept"
      }
    }
  }

  /// The list that it stands in.
  public let section: Section
  /// The method's, metric's or concept's name.
  public let name: String
  /// The unit of the first output that is explained; that of the case where the entry names none.
  public let unit: Int
  /// By how much its numbers may differ, over the largest of them; `nil`: as everywhere.
  public let tolerance: Double?
  /// All that is said of it.
  let values: [String: JSONValue]

  init(_ values: [String: JSONValue], _ section: Section, unit: Int?, place: Int) throws {
    func missing(_ key: String) -> DecodingError {
      .keyNotFound(
        Key(key), .init(codingPath: [Key(section.rawValue), Key("\(place)")], debugDescription: ""))
    }
    guard let name = values[section.nameKey]?.string else { throw missing(section.nameKey) }
    guard let unit = values["unit"]?.number.flatMap({ Int(exactly: $0) }) ?? unit else {
      throw missing("unit")
    }
    (self.section, self.name, self.unit, self.values) = (section, name, unit, values)
    tolerance = values["tolerance"]?.number
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}

extension Recording {
  /// The integer of a key.
  public func integer(_ key: String) -> Int? {
    values[key]?.number.flatMap { Int(exactly: $0) }
  }

  /// The number of a key.
  public func number(_ key: String) -> Double? { values[key]?.number }

  /// The numbers of a key; a single one is a list of one.
  public func numbers(_ key: String) -> [Double]? { values[key]?.numbers }

  /// The text of a key.
  public func text(_ key: String) -> String? { values[key]?.string }

  /// The texts of a key; a single one is a list of one.
  public func texts(_ key: String) -> [String]? { values[key]?.strings }

  /// The keys under which a file with results, or a list of numbers, is recorded.
  ///
  /// What a method is given, such as a baseline or a metric's map, is none: its file is called otherwise.
  var resultKeys: [String] {
    values.keys.filter { key in
      guard let file = values[key]?.string, key != "map", key != "inputs" else { return false }
      return key == "file" || file.hasPrefix("\(section.singular)_") && file.hasSuffix(".pb")
    }.sorted()
  }
}
