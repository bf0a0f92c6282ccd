/// Anything that JSON can say.
enum JSONValue: Decodable, Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// The number, if it is one.
  var number: Double? { if case .number(let value) = self { value } else { nil } }
  /// The text, if it is one.
  var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The numbers, if it is a list of them, or the only one.
  var numbers: [Double]? {
    switch self {
    case .number(let value): return [value]
    case .array(let values):
      let numbers = values.compactMap(\.number)
      return numbers.count == values.count ? numbers : nil
    default: return nil
    }
  }
  /// The texts, if it is a list of them, or the only one.
  var strings: [String]? {
    switch self {
    case .string(let value): return [value]
    case .array(let values):
      let strings = values.compactMap(\.string)
      return strings.count == values.count ? strings : nil
    default: return nil
    }
  }
}
