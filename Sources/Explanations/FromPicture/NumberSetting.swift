/// A number that may be set on a request, by its name on the command line and in plans.
public struct NumberSetting<Request>: Sendable {
  /// What it is called: `step-size`.
  public let name: String
  /// What it must be, to follow “must be”.
  public let expected: String
  /// The number as people write it; nil where it is not set.
  let text: @Sendable (Request) -> String?
  /// Sets it; false for a text that is no such number.
  let take: @Sendable (inout Request, String) -> Bool
  let isAllowed: @Sendable (Request) -> Bool

  /// A whole number; `unset` is what it is where nobody says one.
  static func whole(
    _ name: String, _ range: ClosedRange<Int>, _ path: any WritableKeyPath<Request, Int> & Sendable,
    unless unset: Int? = nil
  ) -> Self {
    Self(
      name: name, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      text: { $0[keyPath: path] == unset ? nil : "\($0[keyPath: path])" },
      take: { request, text in
        guard let number = Int(text), number != unset else { return false }
        request[keyPath: path] = number
        return true
      },
      isAllowed: { $0[keyPath: path] == unset || range.contains($0[keyPath: path]) })
  }

  /// A number above one end, and at most the other.
  static func number<Number: LosslessStringConvertible & BinaryFloatingPoint & Sendable>(
    _ name: String, above lowest: Number, atMost highest: Number,
    _ path: any WritableKeyPath<Request, Number> & Sendable
  ) -> Self {
    Self(
      name: name,
      expected: "a number above \(Int(lowest)), \(Int(highest)) at most",
      text: { "\($0[keyPath: path])" },
      take: { request, text in
        guard let number = Number(text) else { return false }
        request[keyPath: path] = number
        return true
      },
      isAllowed: { $0[keyPath: path] > lowest && $0[keyPath: path] <= highest })
  }

  /// What everything that is random follows from.
  static func seed(_ path: any WritableKeyPath<Request, UInt64> & Sendable) -> Self {
    Self(
      name: "seed", expected: "a whole number, 0 or more", text: { "\($0[keyPath: path])" },
      take: { request, text in
        guard let seed = UInt64(text) else { return false }
        request[keyPath: path] = seed
        return true
      }, isAllowed: { _ in true })
  }
}

/// A request with numbers that may be set.
public protocol NumberedRequest: Hashable, Sendable {
  /// What may be set.
  static var settings: [NumberSetting<Self>] { get }
}

extension NumberedRequest {
  /// Sets a number as people write it.
  ///
  /// - Parameters:
  ///   - text: The number.
  ///   - name: Its name.
  /// - Throws: `NumberSettingError` for another number, or a name that there is not.
  public mutating func take(_ text: String, for name: String) throws {
    guard let setting = Self.settings.first(where: { $0.name == name }) else {
      let names = Self.settings.map(\.name).joined(separator: ", ")
      throw NumberSettingError(name: name, text: text, expected: "one of \(names)")
    }
    var taken = self
    guard setting.take(&taken, text), setting.isAllowed(taken) else {
      throw NumberSettingError(name: name, text: text, expected: setting.expected)
    }
    self = taken
  }

  /// Refuses numbers that are not allowed.
  ///
  /// - Throws: `NumberSettingError` for the first.
  public func check() throws {
    guard let setting = Self.settings.first(where: { !$0.isAllowed(self) }) else { return }
    throw NumberSettingError(
      name: setting.name, text: setting.text(self) ?? "", expected: setting.expected)
  }

  /// All that is set, in one line: where two agree, the requests do.
  package var inWords: String {
    Self.settings.compactMap { setting in setting.text(self).map { "\(setting.name)=\($0)" } }
      .joined(separator: " ")
  }
}

/// A number that a request cannot have.
public struct NumberSettingError: Error, Hashable {
  /// What it was given for: `step-size`.
  public let name: String
  /// What was given.
  public let text: String
  /// What it must be, to follow “must be”.
  public let expected: String
}
