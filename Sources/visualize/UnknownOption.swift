import ArgumentParser
import Foundation
import Networks

/// An option that its command does not have.
///
/// ArgumentParser tells what is missing before what is unknown, and so never says of `--modle` what was meant.
struct UnknownOption: Error, CustomStringConvertible {
  private let option: String
  private let near: String?
  private let command: any ParsableCommand.Type

  /// Finds the first unknown option of a command line; nil: there is none.
  ///
  /// - Parameter arguments: What follows the program's name.
  init?(in arguments: [String]) {
    let named = Visualize.configuration.subcommands.first { $0._commandName == arguments.first }
    command = named ?? PictureCommand.self
    let known = Self.options(of: command)
    let written = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
      .map { String($0.prefix { $0 != "=" }) }
    guard !known.isEmpty, let option = written.first(where: { !known.contains($0) }) else {
      return nil
    }
    self.option = option
    near =
      nearest(
        to: String(option.dropFirst(2)), in: known.map { String($0.dropFirst(2)) }, count: 1
      ).first.map { "--\($0)" }
  }

  /// The same words as ArgumentParser's own, with the command's usage.
  var description: String {
    let hint = near.map { ". Did you mean '\($0)'?" } ?? ""
    return """
      Error: Unknown option '\(option)'\(hint)
      Usage: \(Visualize.usageString(for: command, includeHidden: false))
        See 'visualize \(command._commandName) --help' for more information.
      """
  }

  private struct Dump: Decodable {
    struct Command: Decodable { let arguments: [Argument]? }
    struct Argument: Decodable { let names: [Name]? }
    struct Name: Decodable { let kind, name: String }
    let command: Command
  }

  /// All that a command takes, with its dashes.
  private static func options(of command: any ParsableCommand.Type) -> [String] {
    let dump = try? JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8))
    let names = dump?.command.arguments?.flatMap { $0.names ?? [] } ?? []
    guard !names.isEmpty else { return [] }
    return names.filter { $0.kind == "long" }.map { "--\($0.name)" }
      + ["--help", "--version", "--generate-completion-script"]
  }
}
