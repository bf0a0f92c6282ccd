import ArgumentParser
import Foundation
import Networks
import Portraits

extension Visualize {
  /// Refuses arguments that nobody can mean, before they are parsed.
  ///
  /// - Parameter arguments: What follows the program's name.
  /// - Throws: `ValidationError`.
  static func checkWords(_ arguments: [String]) throws {
    try checkFirstWord(of: arguments)
    for (place, argument) in arguments.enumerated() {
      // A variable of the shell that is not set, as a rule.
      if argument.isEmpty {
        let before = place > 0 ? " after \(arguments[place - 1])" : ""
        throw ValidationError("the argument\(before) is empty; is a variable of the shell not set?")
      }
      if argument.hasPrefix("--"), argument.hasSuffix("=") {
        throw ValidationError("nothing stands behind \(argument)")
      }
    }
  }

  /// Refuses a first word that is no command, and says what was probably meant.
  ///
  /// Without this, the default command would take a mistyped one for a surplus argument of its own.
  ///
  /// - Parameter arguments: What follows the program's name.
  /// - Throws: `ValidationError`.
  private static func checkFirstWord(of arguments: some Collection<String>) throws {
    guard let word = arguments.first, !word.hasPrefix("-") else { return }
    let commands = configuration.subcommands.map { $0._commandName } + ["help"]
    guard !commands.contains(word) else {
      if word == "help" { try checkFirstWord(of: arguments.dropFirst()) }
      return
    }
    let near = nearest(to: word, in: commands, count: 1).first
    let isFile = FileManager.default.fileExists(atPath: word)
    let hint =
      if isFile && word.hasSuffix(".onnx") {
        "to look into that file, type: visualize inspect \(word)"
      } else if isFile {
        "to see what matters in that picture, type: visualize saliency \(word)"
      } else if let near, isPlausible(word, for: near) {
        "did you mean \(near)?"
      } else {
        "for a picture of the unit \(word), type: visualize --unit \(word.quotedForShell)"
      }
    throw ValidationError("there is no command '\(word)'; \(hint)")
  }

  /// Whether one word can be a slip of the other: they have most letters in common at the start.
  private static func isPlausible(_ word: String, for command: String) -> Bool {
    word.first?.lowercased() == command.first?.lowercased() && word.count > 2
  }
}
