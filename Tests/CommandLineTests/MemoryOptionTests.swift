import ArgumentParser
import Testing

@testable import visualize

@Suite struct MemoryOptionTests {
  @Test("every command that takes --memory keeps to it")
  func all() {
    let commands = Visualize.configuration.subcommands
    let taking = commands.filter { $0.helpMessage().contains("--memory") }
    #expect(taking.count > 14)
    for command in taking { #expect(command is any MemoryLimited.Type, "\(command)") }
  }
}
