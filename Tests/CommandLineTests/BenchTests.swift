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
        "forward alone", "forward and gradient", "a whole step of the ascent", "GFLOP/s",
        "conv 3×3 3→4",
        "conv back", "kernel, the slowest first",
      ] {
        #expect(run.output.contains(text), "\(run.output)")
      }
      #expect(files(in: folder) == ["net.onnx"])
      // Sorted, and then their sum, and that of their roofs.
      let rows = run.output.split(separator: "\n").drop { !$0.contains("slowest first") }
        .dropFirst()
      let times = rows.compactMap { $0.split(separator: " ").first.flatMap { Double($0) } }
      let kernels = times.dropLast(2)
      #expect(kernels.count > 3 && kernels.elementsEqual(kernels.sorted(by: >)))
      #expect(abs(times[kernels.count] - kernels.reduce(0, +)) < 0.001 * Double(kernels.count))
      #expect(rows.dropLast().last?.contains("all \(kernels.count) kernels") == true)
      #expect(rows.last?.hasSuffix("if each took what its roof takes") == true)
    }
  }

  @Test func threadsBeyondTheCoresAreCappedInWords() throws {
    try inModel { folder in
      let cores = ProcessInfo.processInfo.activeProcessorCount
      let run = try visualize(
        "bench", "net.onnx", "--repeats", "3", "--threads", "1000", "--json", in: folder)
      #expect(run.errors.contains("1000 threads are asked for, and there are \(cores) cores"))
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect(object["threads"] as? Int == cores)
      for key in ["passes", "step"] {
        let spread = try #require(object[key] as? [String: Double])
        let (least, most) = (spread["minimum"] ?? 0, spread["maximum"] ?? 0)
        let middle = try #require(spread["median"])
        #expect(0 < least && least <= middle && middle <= most)
        #expect(object["\(key)Milliseconds"] as? Double == middle)
      }
    }
  }

  @Test func otherProgramsCanReadIt() throws {
    try inModel { folder in
      let run = try visualize(
        "bench", "net.onnx", "--size", "12x10", "--repeats", "1", "--threads", "2", "--json",
        "--parameterization", "pyramid", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect(object["size"] as? [Int] == [10, 12])
      #expect(object["threads"] as? Int == 2)
      let kernels = try #require(object["kernels"] as? [[String: Any]])
      #expect(kernels.first?["name"] as? String == "conv 3×3 3→4")
      let times = kernels.compactMap { $0["milliseconds"] as? Double }
      #expect(times.count == kernels.count && times.allSatisfy { $0 > 0 })
      #expect(try #require(object["passesMilliseconds"] as? Double) > 0)
    }
  }

  @Test("with --method it times explanations, and nothing else")
  func methods() throws {
    try inModel { folder in
      let arguments = [
        "bench", "net.onnx", "--unit", "dog", "--method", "gradient", "--method", "smoothgrad",
        "--samples", "3", "--repeats", "2",
      ]
      let plain = try run(program(), arguments, in: folder)
      #expect(plain.status == 0, "\(plain.errors)")
      #expect(plain.output.hasPrefix("dog, 24×16") && !plain.output.contains("GFLOP"))
      for name in ["gradient", "smoothgrad"] {
        #expect(plain.output.contains("  \(name) ") && plain.output.contains("first "))
      }
      let json = try run(program(), arguments + ["--json"], in: folder)
      let entries = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
      #expect(entries.map { $0["method"] as? String } == ["gradient", "smoothgrad"])
      for entry in entries {
        #expect(try #require(entry["firstMilliseconds"] as? Double) > 0)
        #expect(((entry["next"] as? [String: Double])?["median"] ?? 0) > 0)
      }
    }
  }

  @Test(
    arguments: [
      (["nope.onnx"], 1, "nope.onnx: No such file or directory"),
      (["net.onnx", "--unit", "dgo"], 1, "nearest labels are dog (1)"),
      (["net.onnx", "--size", "2"], 1, "Conv 'conv'"),
      (["net.onnx", "--samples", "3"], 64, "--samples goes with --method"),
      (["net.onnx", "--method", "gardient"], 64, "gradient"),
      (["net.onnx", "--repeats", "0"], 64, "--repeats must be 1 to 10000, not 0."),
      (["net.onnx", "--parameterization", "pyramit"], 64, "did you mean `pyramid`?"),
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
