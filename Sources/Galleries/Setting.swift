import Visualization

/// A setting as plans write it: its key, what it may be, and where it goes.
///
/// The keys are the names of the picture command's options, so that a plan reads like the command line.
struct Setting: Sendable {
  /// The key: `learning-rate`.
  let key: String
  /// What a value must be, after “must be”.
  let expected: String
  /// The values to choose from, if there are few.
  var choices: [String] = []
  /// Takes a value; false if it is none.
  let write: @Sendable (inout PictureSettings, String) -> Bool
  /// The value as it would be written; nil: left to the program.
  let read: @Sendable (PictureSettings) -> String?

  /// All of them, in the order in which they are shown.
  static let all: [Setting] = [
    size,
    integer("steps", \.recipe.steps, 1...1_000_000),
    number("learning-rate", \.recipe.learningRate, isPositive: true),
    choice("parameterization", \.recipe.parameterization),
    choice("optimizer", \.recipe.optimizer),
    choice("transforms", \.recipe.transforms),
    optionalInteger("jitter", \.recipe.jitter, 0...1000),
    number("l1", \.recipe.l1),
    number("l2", \.recipe.l2),
    number("tv", \.recipe.tv),
    number("blur", \.recipe.blur),
    optionalInteger("scale", \.scale, 1...64),
    start,
  ]

  /// The setting of a key.
  static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

  /// The largest height or width, in pixels.
  private static let largestSide = 8192

  private static let size = Setting(
    key: "size",
    expected: "a number of pixels such as 224, or width × height such as 320x240",
    write: { settings, text in
      let parts = text.lowercased().split(omittingEmptySubsequences: false) {
        $0 == "x" || $0 == "×"
      }.map { Int($0) ?? 0 }
      guard (1...2).contains(parts.count), parts.allSatisfy({ (1...largestSide).contains($0) })
      else { return false }
      settings.size = PixelSize(height: parts[parts.count - 1], width: parts[0])
      return true
    },
    read: { settings in
      settings.size.map { $0.width == $0.height ? "\($0.width)" : "\($0.width)x\($0.height)" }
    })

  private static let start = Setting(
    key: "init", expected: "the path of a picture to start from",
    write: { settings, text in
      settings.start = text
      return !text.isEmpty
    }, read: { $0.start })

  private static func integer(
    _ key: String, _ path: any WritableKeyPath<PictureSettings, Int> & Sendable,
    _ range: ClosedRange<Int>
  ) -> Setting {
    Setting(
      key: key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      write: { settings, text in
        guard let value = Int(text), range.contains(value) else { return false }
        settings[keyPath: path] = value
        return true
      }, read: { String($0[keyPath: path]) })
  }

  private static func optionalInteger(
    _ key: String, _ path: any WritableKeyPath<PictureSettings, Int?> & Sendable,
    _ range: ClosedRange<Int>
  ) -> Setting {
    Setting(
      key: key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      write: { settings, text in
        guard let value = Int(text), range.contains(value) else { return false }
        settings[keyPath: path] = value
        return true
      }, read: { $0[keyPath: path].map(String.init) })
  }

  private static func number(
    _ key: String, _ path: any WritableKeyPath<PictureSettings, Float> & Sendable,
    isPositive: Bool = false
  ) -> Setting {
    Setting(
      key: key, expected: isPositive ? "a number above 0" : "a number, 0 or more",
      write: { settings, text in
        guard let value = Float(text), value.isFinite, isPositive ? value > 0 : value >= 0 else {
          return false
        }
        settings[keyPath: path] = value
        return true
      }, read: { $0[keyPath: path].plain })
  }

  private static func choice<Value: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ key: String, _ path: any WritableKeyPath<PictureSettings, Value> & Sendable
  ) -> Setting {
    let choices = Value.allCases.map(\.rawValue)
    return Setting(
      key: key, expected: "one of \(choices.joined(separator: ", "))", choices: choices,
      write: { settings, text in
        guard let value = Value(rawValue: text) else { return false }
        settings[keyPath: path] = value
        return true
      }, read: { $0[keyPath: path].rawValue })
  }
}
