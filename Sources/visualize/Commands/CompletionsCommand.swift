import ArgumentParser

/// What a shell completes command lines by.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print what a shell completes command lines by.",
    usage: "visualize completions <shell>",
    discussion: """
      Put it where the shell looks for it:

        visualize completions bash > \\
          ~/.local/share/bash-completion/completions/visualize
        visualize completions zsh > ~/.zfunc/_visualize
        visualize completions fish > \\
          ~/.config/fish/completions/visualize.fish

      For zsh, ~/.zshrc has to have fpath+=~/.zfunc before compinit.
      """)

  /// The shells that there are completions for.
  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish
  }

  @Argument(help: "The shell.")
  var shell: Shell

  func run() {
    let shell: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    print(Visualize.completionScript(for: shell))
  }
}
