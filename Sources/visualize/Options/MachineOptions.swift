import ArgumentParser
import Networks

/// How much of the machine a command may take.
struct MachineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How many processor cores to use. (default: all; the result is the same)",
      valueName: "count"))
  var threads: Int?

  @Option(help: MemoryOption.help, transform: MemoryOption.bytes)
  var memory: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be 1 to 1024, not \(threads).")
    }
  }

  /// How many threads share the work.
  var threadCount: Int { threads ?? processorCount }
}
