import ArgumentParser

/// The manual page.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Print the manual page: the help of every command.",
    usage: "visualize manual",
    discussion: """
        visualize manual | man -l -
        visualize manual > ~/.local/share/man/man1/visualize.1
      """)

  func run() {
    print(ManualPage().text)
  }
}
