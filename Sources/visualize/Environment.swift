import ArgumentParser
import CKernels
import Foundation
import Memory

extension Visualize {
  /// Refuses variables of the environment that say what cannot be; without this, they would go unheard.
  ///
  /// - Throws: `ValidationError`.
  static func checkEnvironment() throws {
    let environment = ProcessInfo.processInfo.environment
    func check(_ variable: String, _ expected: String, _ isRight: (String) -> Bool) throws {
      guard let value = environment[variable], !isRight(value) else { return }
      throw ValidationError(
        "the variable \(variable) is “\(value)” and must be \(expected)")
    }
    try check(
      "VISUALIZE_ISA", "portable, or avx2, avx512 or neon where the processor has it"
    ) { kernel_use_instruction_set($0) != 0 }
    try check("VISUALIZE_CONVOLUTION", "direct or winograd") {
      ["direct", "winograd"].contains($0)
    }
    try check(MemoryLimit.variable, "an amount of memory such as 2GB") {
      MemoryLimit.amount($0) != nil
    }
  }
}
