import ArgumentParser

/// The manual page, for `man`: the help of the program and of all its commands, as they print it.
///
/// ArgumentParser's plugin makes one too, but leaves out whatever is not ASCII: of the range -1…1 it makes -11.
struct ManualPage {
  /// The columns of an indented text on a terminal of 80.
  private static let columns = 72

  /// The page in roff's macros for manuals.
  var text: String {
    let program = Visualize.configuration
    var lines = [
      ".TH VISUALIZE 1 \"\" \"visualize \(Visualize.version)\" \"\"",
      ".SH NAME", Self.escaped("visualize - \(program.abstract)"),
      ".SH DESCRIPTION",
    ]
    lines += Self.literal(Visualize.helpMessage(columns: Self.columns))
    for command in program.subcommands {
      lines.append(".SH VISUALIZE \(command._commandName.uppercased())")
      lines += Self.literal(Visualize.helpMessage(for: command, columns: Self.columns))
    }
    lines += [
      ".SH EXIT STATUS",
      "0 where all went well, 64 for a command line that makes no sense, 1 for everything else.",
    ]
    return lines.joined(separator: "\n")
  }

  /// Lines that stay as they are.
  private static func literal(_ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return [".nf"] + lines.map { escaped(String($0)) } + [".fi"]
  }

  /// A line in which roff finds nothing to do; what is not ASCII is named by its number.
  private static func escaped(_ line: String) -> String {
    let characters = line.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\e"
      case "-": "\\-"
      case "'": "\\(aq"
      case "`": "\\(ga"
      case "^": "\\(ha"
      case "~": "\\(ti"
      case _ where scalar.isASCII: String(scalar)
      default: "\\[u\(hexadecimal(scalar))]"
      }
    }.joined()
    return (line.hasPrefix(".") ? "\\&" : "") + characters
  }

  /// A scalar's number in the four to six digits that roff wants.
  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
