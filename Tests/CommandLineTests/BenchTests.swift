import Foundation
import Testing

@Suite struct BenchTests {
  private func inModel(_ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try body(folder)
    }
  }

  @Test func itSaysWhatEachKernelTakes() throws {
    try inModel { folder in
      let run = try visualize(
        "bench", "net.onnx", "--unit", "dog", "--repeats", "1", "--threads", "1", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.hasPrefix("dog, 24×16, 1 thread"))
      for text in [
        "forward and gradient", "a whole step of the ascent", "GFLOP/s", "conv 3×3 3→4",
        "conv back",
      ] {
        #expect(run.output.contains(text), "\(run.output)")
      }
      #expect(files(in: folder) == ["net.onnx"])
    }
  }

  @Test func otherProgramsCanReadIt() throws {
    try inModel { folder in
      let run = try visualize(
        "bench", "net.onnx", "--size", "12x10", "--repeats", "1", "--threads", "2", "--json",
        in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect(object["size"] as? [Int] == [10, 12])
      #expect(object["threads"] as? Int == 2)
      let kernels = try #require(object["kernels"] as? [[String: Any]])
      #expect(kernels.first?["name"] as? String == "conv 3×3 3→4")
      let times = kernels.compactMap { $0["milliseconds"] as? Double }
      #expect(times.count == kernels.count && times.allSatisfy { $0 > 0 })
      // What is printed is of milliseconds: a pass takes no less than the best of its kernels.
      let passes = try #require(object["passesMilliseconds"] as? Double)
      #expect(passes > (times.max() ?? .infinity) / 100 && passes < 10_000)
    }
  }

  @Test(
    arguments: [
      (["nope.onnx"], 1, "nope.onnx: No such file or directory"),
      (["net.onnx", "--unit", "dgo"], 1, "nearest labels are dog (1)"),
      (["net.onnx", "--size", "2"], 1, "Conv 'conv'"),
      (["net.onnx", "--repeats", "0"], 64, "--repeats must be 1 to 10000, not 0."),
      ([], 64, "Missing expected argument '<file>'"),
    ] as [([String], Int32, String)])
  func whatCannotBeMeasured(_ arguments: [String], _ status: Int32, _ words: String) throws {
    try inModel { folder in
      let run = try run(program(), ["bench"] + arguments, in: folder)
      #expect(run.status == status)
      #expect(run.output.isEmpty)
      #expect(run.errors.contains(words), "\(run.errors)")
    }
  }
}
