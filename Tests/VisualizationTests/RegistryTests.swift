import Optimizers
import Testing
import Visualization

@Suite struct RegistryTests {
  @Test(
    "every name of a registry is there once, and something is said of it",
    arguments: [
      ("settings", Settings.all.map { ($0.key, $0.help) }),
      ("parameterizations", NamedParameterization.all.map { ($0.name, $0.help) }),
      ("transforms", NamedTransforms.all.map { ($0.name, $0.help) }),
      ("optimizers", NamedOptimizer.all.map { ($0.name, $0.help) }),
      ("functions", ObjectiveFunction.all.map { ($0.name, $0.help) }),
    ] as [(String, [(name: String, help: String)])])
  func names(registry: String, entries: [(name: String, help: String)]) {
    #expect(!entries.isEmpty)
    #expect(Set(entries.map(\.name)).count == entries.count, "\(registry)")
    for entry in entries {
      #expect(!entry.help.isEmpty && entry.name == entry.name.lowercased(), "\(entry.name)")
    }
  }

  @Test("no two settings share a letter")
  func letters() {
    let letters = Settings.all.compactMap(\.letter)
    #expect(Set(letters).count == letters.count)
  }
}
