import Portraits

/// A value that begins with a dash, and so was taken for another option.
struct DashedValue: Error, CustomStringConvertible {
  private let option: String
  private let value: String

  /// Finds the one that a command line failed by; nil: it failed by something else.
  ///
  /// - Parameters:
  ///   - arguments: What follows the program's name.
  ///   - message: What ArgumentParser says of it.
  init?(in arguments: [String], message: String) {
    let pairs = zip(arguments, arguments.dropFirst())
    guard
      let (option, value) = pairs.first(where: { option, value in
        value.hasPrefix("-") && !value.hasPrefix("--")
          && message.contains("Missing value for '\(option) ")
      })
    else { return nil }
    (self.option, self.value) = (option, value)
  }

  var description: String {
    "Error: '\(option)' needs a value, and '\(value)' begins with a dash as options do; if it is the value, write "
      + (option.hasPrefix("--") ? "\(option)=" : "the option's long name, = and ")
      + value.quotedForShell
  }
}
