import Foundation
public import Imaging
public import Networks
import Tensors
public import Visualization

/// Where a picture comes from, to stand in its file.
public struct Provenance: Hashable, Sendable {
  /// The program and its version.
  public var software: String
  /// The command that made it.
  public var command: String
  /// The options that name the network in the command of a single picture.
  public var modelOptions: String

  /// Creates a provenance.
  public init(software: String, command: String, modelOptions: String = "") {
    (self.software, self.command, self.modelOptions) = (software, command, modelOptions)
  }

  /// The texts of a picture's file.
  ///
  /// - Parameters:
  ///   - network: The network; its file may go by another name than its own.
  ///   - title: What is to be seen.
  ///   - seed: What chance was seeded with, where there was any.
  /// - Returns: The texts in the order in which they stand in the file.
  public func texts(network: Network, title: String, seed: UInt64? = nil) -> [PNGText] {
    var texts = [
      PNGText(keyword: "Title", text: title),
      PNGText(keyword: "Software", text: software),
      PNGText(keyword: "Command", text: command),
      PNGText(keyword: "Model", text: network.name),
      PNGText(keyword: "Model SHA-256", text: network.sha256),
    ]
    if network.precision != .float32 {
      texts.append(PNGText(keyword: "Precision", text: network.precision.rawValue))
    }
    return texts + (seed.map { [PNGText(keyword: "Seed", text: String($0))] } ?? [])
  }
}

extension Provenance {
  /// The texts of a subject's picture.
  ///
  /// - Parameters:
  ///   - subject: What it is of.
  ///   - recipe: How it was made.
  ///   - network: The network.
  ///   - record: What was reached; nil on the way there.
  /// - Returns: The texts in the order in which they stand in the file.
  /// - Throws: Where the recipe cannot be written as JSON.
  public func texts(
    of subject: Subject, by recipe: Recipe, in network: Network, record: PortraitRecord? = nil
  ) throws -> [PNGText] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var recipe = recipe
    recipe.start = recipe.start?.fileName
    recipe.spectrum = recipe.spectrum?.fileName
    let json = String(decoding: try encoder.encode(recipe), as: UTF8.self)
    return texts(network: network, title: subject.description, seed: recipe.seed)
      + [PNGText(keyword: "Recipe", text: json)] + (record?.texts ?? [])
  }
}

extension Subject {
  /// The command that makes a picture of the subject alone.
  ///
  /// - Parameters:
  ///   - recipe: How it is made.
  ///   - network: The network.
  ///   - modelOptions: The options that name the network.
  ///   - scale: How many times its size it is saved.
  /// - Returns: One line, as a shell takes it.
  /// - Throws: `SettingError` where the model's metadata says what a setting cannot be.
  public func command(
    _ recipe: Recipe, in network: Network, modelOptions: String, scale: Int
  ) throws -> String {
    var usual = try usualRecipe(in: network)
    let parameterization = Settings.parameterization.key
    try usual.take(try network.completed([parameterization: recipe.parameterization]))
    usual.parameterization = Recipe().parameterization
    var words = ["visualize \(option(in: network))"]
    if !modelOptions.isEmpty { words.append(modelOptions) }
    words.append("--seed \(recipe.seed)")
    for setting in Settings.all
    where setting.key != Settings.seed.key && setting.key != Settings.scale.key {
      if let value = setting.text(in: recipe), value != setting.text(in: usual) {
        let shown = setting.isPath ? value.fileName : value
        words.append("--\(setting.key) \(shown.quotedForShell)")
      }
    }
    words.append("--scale \(scale)")
    return words.joined(separator: " ")
  }
}

extension String {
  /// The text with the names of files in place of their absolute paths, which say much about a machine and its owner.
  ///
  /// A path begins where a word does, and goes on to a space or a sign that no name has.
  public var withoutFolders: String {
    var result = ""
    var word = ""
    for character in self {
      if character.isWhitespace || "'\"`“”‘’()[]{}<>,;=|&".contains(character) {
        result += word.fileName + String(character)
        word = ""
      } else {
        word.append(character)
      }
    }
    return result + word.fileName
  }

  /// An absolute path without its folders; any other as it is.
  public var fileName: String {
    guard hasPrefix("/") || hasPrefix("~/"), !hasPrefix("//") else { return self }
    return split(separator: "/").last.map(String.init) ?? self
  }

  /// The text as one word of a shell.
  public var quotedForShell: String {
    let isPlain =
      !isEmpty
      && allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:,@=+%".contains($0))
      }
    return isPlain ? self : "'\(replacing("'", with: #"'\''"#))'"
  }

  /// The option of a unit of this name: `--unit cat`; `--unit=-cat` of one that would be taken for an option itself.
  public var asUnitOption: String { "--unit\(hasPrefix("-") ? "=" : " ")\(quotedForShell)" }
}
