import Foundation
import Testing

/// Pictures that steps hardly change anything for.
@Suite struct MovementTests {
  private func errors(_ more: String...) throws -> String {
    var errors = ""
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let run = try run(
        program(), ["--unit", "dog", "--model", "net.onnx", "-o", "a.png"] + more, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      errors = run.errors
    }
    return errors
  }

  @Test("a unit that hardly moved is said to have, and the two values are shown to differ")
  func hardly() throws {
    let still = try errors("--steps", "2", "--learning-rate", "0.000001")
    #expect(still.contains("hardly moved: the picture shows next to nothing"), "\(still)")
    let way = try #require(still.firstMatch(of: /: ([−0-9.e-]+) → ([−0-9.e-]+)/))
    #expect(way.output.1 != way.output.2 || still.contains("did not move"), "\(still)")
    let moved = try errors("--steps", "24")
    #expect(!moved.contains("moved"), "\(moved)")
  }
}
