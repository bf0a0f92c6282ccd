import Foundation
import Testing

@Suite struct PartOptionTests {
  private static let units = "[dog, 'conv:0-3', hot dog]"

  private func inPlan(steps: Int = 3, _ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let plan = """
        model: net.onnx
        defaults: {size: 24, steps: \(steps)}
        pictures: \(Self.units)

        """
      try Data(plan.utf8).write(to: folder.appending(path: "plan.yaml"))
      try body(folder)
    }
  }

  private func bytes(_ name: String, in folder: URL) throws -> [String: Data] {
    var bytes: [String: Data] = [:]
    for file in files(in: folder.appending(path: name)) {
      let url = folder.appending(path: name).appending(path: file)
      if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
        bytes[file] = try Data(contentsOf: url)
      }
    }
    return bytes
  }

  @Test func partsOfAGallery() throws {
    try inPlan { folder in
      #expect(try visualize("gallery", "plan.yaml", "-o", "alone", in: folder).status == 0)
      var made: [Substring] = []
      for part in ["1/2", "2/2"] {
        let early = try visualize("gallery", "plan.yaml", "-o", "all", "--merge", in: folder)
        #expect(early.status == 1 && early.output.isEmpty)
        #expect(early.errors.contains(part == "1/2" ? "6 pictures are" : "part 2/2, not begun: "))
        let run = try visualize(
          "gallery", "plan.yaml", "-o", "all", "--part", part, "--cache", "parts", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        made += run.output.split(separator: "\n")
      }
      #expect(made.count == 6 && Set(made).count == 6 && made.contains("all/dog.png"))
      let run = try visualize("gallery", "plan.yaml", "-o", "all", "--merge", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output == "all/contact-sheet.png\nall/index.html\n")
      #expect(try bytes("all", in: folder) == bytes("alone", in: folder))
    }
  }

  @Test func partsOfAMicroscope() throws {
    try inPlan { folder in
      #expect(try visualize("microscope", "net.onnx", "-o", "alone", in: folder).status == 0)
      try FileManager.default.removeItem(at: folder.appending(path: "net.onnx.cache"))
      for part in ["1/2", "2/2"] {
        let run = try visualize("microscope", "net.onnx", "-o", "all", "--part", part, in: folder)
        #expect(run.status == 0 && !run.output.contains("index.html"), "\(run.errors)")
        #expect(run.errors.contains("Part \(part) of "))
      }
      let run = try visualize("microscope", "net.onnx", "-o", "all", "--merge", in: folder)
      #expect(run.status == 0 && run.output == "all/index.html\n", "\(run.errors)")
      #expect(try bytes("all", in: folder) == bytes("alone", in: folder))
    }
  }

  @Test func aPartThatIsKilledGoesOn() throws {
    try inPlan(steps: 600) { folder in
      let alone = try visualize("gallery", "plan.yaml", "-o", "alone", in: folder)
      #expect(alone.status == 0)
      let arguments = [
        "gallery", "plan.yaml", "-o", "all", "--part", "1/1", "--threads", "1", "--cache", "parts",
      ]
      let running = try RunningProgram(arguments, in: folder)
      try running.wait {
        results(in: folder).contains { $0.hasPrefix("all/") && $0.hasSuffix("g") }
      }
      #expect(running.end(by: SIGKILL).signal == SIGKILL)
      let first = try String(contentsOf: folder.appending(path: ".out"), encoding: .utf8)
      let again = try run(program(), arguments, in: folder)
      #expect(again.status == 0, "\(again.errors)")
      let made = (first + again.output).split(separator: "\n")
      // The last before the kill may have been written and not printed.
      #expect((5...6).contains(made.count) && Set(made).count == made.count)
      #expect(try visualize("gallery", "plan.yaml", "-o", "all", "--merge", in: folder).status == 0)
      #expect(try bytes("all", in: folder) == bytes("alone", in: folder))
    }
  }

  @Test(arguments: [
    (["--part", "0/4"], "from 1/4 to 4/4"), (["--part", "5/4"], "from 1/4 to 4/4"),
    (["--part", "a/b"], "“a/b”"), (["--part", "1/2", "--merge"], "say one of them"),
  ])
  func whatMakesNoSense(options: [String], words: String) throws {
    try inPlan { folder in
      let before = files(in: folder)
      for command in [["gallery", "plan.yaml"], ["microscope", "net.onnx"]] {
        let run = try run(program(), command + options, in: folder)
        #expect(run.status == 64 && run.output.isEmpty)
        #expect(run.errors.contains(words), "\(run.errors)")
      }
      #expect(files(in: folder) == before)
    }
  }
}
