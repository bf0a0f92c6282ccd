import Foundation
import Testing

/// The manual page, and what shells complete by.
@Suite struct ManualTests {
  /// The commands that the program's help lists, but for `help` itself.
  private func commands(in folder: URL) throws -> [String] {
    let help = try visualize("--help", in: folder).output
    let list = help.split(separator: "SUBCOMMANDS:").last ?? ""
    let names = list.matches(of: /\n  ([a-z]+)/).map { String($0.output.1) }
    #expect(names.count > 8 && names.contains("manual"))
    return names.filter { $0 != "help" }
  }

  @Test func theManualSaysWhatTheCommandsSay() throws {
    try inEmptyFolder { folder in
      let manual = try visualize("manual", in: folder)
      #expect(manual.status == 0 && manual.errors.isEmpty)
      let lines = manual.output.split(separator: "\n")
      #expect(lines.first?.hasPrefix(".TH VISUALIZE 1 ") == true)
      let isPlain = manual.output.allSatisfy(\.isASCII)
      #expect(isPlain)
      let macros = lines.filter { $0.hasPrefix(".") }.map { $0.prefix { $0 != " " } }
      #expect(Set(macros) == [".TH", ".SH", ".nf", ".fi"])
      #expect(!lines.contains { $0.hasPrefix("'") })
      let words = Set(plain(manual.output).split(whereSeparator: \.isWhitespace))
      for command in try commands(in: folder) {
        #expect(lines.contains(".SH VISUALIZE \(command.uppercased())"))
        let help = try visualize(command, "--help", in: folder).output
        for word in help.split(whereSeparator: \.isWhitespace) {
          #expect(words.contains(word), "\(command): \(word)")
        }
      }
    }
  }

  /// What a reader sees of a page.
  private func plain(_ roff: String) -> String {
    var text = roff.replacing(/\\\[u([0-9A-F]{4,6})\]/) { match in
      UInt32(match.output.1, radix: 16).flatMap(Unicode.Scalar.init).map { String($0) } ?? ""
    }
    for (escape, character) in [
      ("\\-", "-"), ("\\(aq", "'"), ("\\(ga", "`"), ("\\(ha", "^"), ("\\(ti", "~"), ("\\&", ""),
      ("\\e", "\\"),
    ] {
      text = text.replacing(escape, with: character)
    }
    return text
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsKnowEveryCommand(_ shell: String) throws {
    try inEmptyFolder { folder in
      let script = try visualize("completions", shell, in: folder)
      #expect(script.status == 0 && script.errors.isEmpty)
      for command in try commands(in: folder) { #expect(script.output.contains(command)) }
      for option in ["learning-rate", "smoothgrad", "dry-run"] {
        #expect(script.output.contains(option))
      }
    }
  }

  @Test func bashCompletesByThem() throws {
    try inEmptyFolder { folder in
      try Data(visualize("completions", "bash", in: folder).output.utf8)
        .write(to: folder.appending(path: "visualize.bash"))
      func completions(of words: String...) throws -> [Substring] {
        let line = words.joined(separator: " ")
        let program = """
          source visualize.bash
          COMP_WORDS=(\(words.map { $0.isEmpty ? "''" : $0 }.joined(separator: " ")))
          COMP_CWORD=\(words.count - 1) COMP_LINE='\(line)' COMP_POINT=\(line.count) COMP_TYPE=9 COMP_KEY=9
          _visualize visualize "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
          printf '%s\\n' "${COMPREPLY[@]}"
          """
        let run = try run(URL(filePath: "/bin/bash"), ["-c", program], in: folder)
        #expect(run.errors == "")
        return run.output.split(separator: "\n")
      }
      let commands = try completions(of: "visualize", "sal")
      #expect(commands.map { $0.filter { $0 != " " } } == ["saliency"])
      let flags = try completions(of: "visualize", "gallery", "--dry")
      #expect(flags.map { $0.filter { $0 != " " } } == ["--dry-run"])
    }
  }
}
