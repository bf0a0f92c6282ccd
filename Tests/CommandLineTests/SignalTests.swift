import Foundation
import Imaging
import Testing

/// Every signal ends every command at once, and nothing half-written stays.
@Suite struct SignalTests {
  static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ]

  @Test(arguments: signals)
  func aPictureIsSavedAsItIs(_ signal: Int32) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let arguments = ["--unit", "dog", "--model", "net.onnx", "--size", "24"]
      let run = try RunningProgram(
        arguments + ["--steps", "1000000", "--frames", "frames"], in: folder)
      try run.wait { results(in: folder).contains("frames/frame-00000.png") }
      #expect(run.end(by: signal).signal == signal)
      let path = folder.appending(path: "outputs/net/dog.png").path
      let texts = try PNGText.texts(inFileAt: path)
      let stopped = try #require(texts.first { $0.keyword == "Stopped" }?.text)
      #expect(stopped.hasPrefix("after ") && stopped.hasSuffix(" of 1000000 steps"))
      #expect(run.said.contains("outputs/net/dog.png is the picture so far"))
      #expect(results(in: folder).allSatisfy { !$0.contains("/.") })
      // What is not finished is in nobody's way.
      let again = try visualize(
        "--unit", "dog", "--model", "net.onnx", "--size", "24", "--steps", "3", in: folder)
      #expect(again.status == 0, "\(again.errors)")
      #expect(try !PNGText.texts(inFileAt: path).contains { $0.keyword == "Stopped" })
    }
  }

  @Test func aFinishedPictureIsNotReplacedByAnUnfinishedOne() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let arguments = ["--unit", "dog", "--model", "net.onnx", "--size", "24", "--output", "x.png"]
      #expect(try run(program(), arguments + ["--steps", "3"], in: folder).status == 0)
      let finished = try Data(contentsOf: folder.appending(path: "x.png"))
      let running = try RunningProgram(
        arguments + ["--steps", "1000000", "--frames", "frames"], in: folder)
      try running.wait { results(in: folder).contains("frames/frame-00000.png") }
      #expect(running.end(by: SIGTERM).signal == SIGTERM)
      #expect(try Data(contentsOf: folder.appending(path: "x.png")) == finished)
      #expect(results(in: folder).contains { $0.hasPrefix("x-step-") })
    }
  }

  @Test(arguments: signals)
  func aGalleryKeepsWhatIsFinished(_ signal: Int32) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let plan = """
        model: net.onnx
        defaults: {size: 24}
        pictures: [{unit: dog, steps: 3}, {unit: hot dog, steps: 1000000}]

        """
      try Data(plan.utf8).write(to: folder.appending(path: "plan.yaml"))
      let run = try RunningProgram(["gallery", "plan.yaml", "--threads", "1"], in: folder)
      try run.wait { results(in: folder).contains("outputs/plan/dog.png") }
      #expect(run.end(by: signal).signal == signal)
      let left = results(in: folder).filter { $0.hasPrefix("outputs/plan/") }
      let assets = ["assets", "assets/script.js", "assets/style.css"]
      #expect(left == (assets + ["dog.png", "index.html"]).map { "outputs/plan/\($0)" })
    }
  }

  @Test func aKilledGalleryIsTakenUpWhereItStopped() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let plan = """
        model: net.onnx
        defaults: {size: 24, steps: 3000}
        pictures: [all logits]

        """
      try Data(plan.utf8).write(to: folder.appending(path: "plan.yaml"))
      #expect(try visualize("gallery", "plan.yaml", "-o", "whole", in: folder).status == 0)
      for _ in 0..<3 {
        let run = try RunningProgram(
          ["gallery", "plan.yaml", "-o", "cut", "--cache", "kept", "--threads", "2"],
          in: folder)
        try run.wait { results(in: folder).contains { $0.hasPrefix("cut/.") } }
        _ = run.end(by: SIGKILL)
        // One that runs beside it is waited for.
        let other = try RunningProgram(
          ["gallery", "plan.yaml", "-o", "cut", "--cache", "kept"], in: folder)
        Thread.sleep(forTimeInterval: 0.05)
        _ = other.end(by: SIGKILL)
      }
      #expect(
        try visualize("gallery", "plan.yaml", "-o", "cut", "--cache", "kept", in: folder).status
          == 0)
      let (whole, cut) = (folder.appending(path: "whole"), folder.appending(path: "cut"))
      #expect(files(in: cut) == files(in: whole))
      for name in files(in: whole) where name.hasSuffix(".png") && name != "contact-sheet.png" {
        let bytes = try [whole, cut].map { try Data(contentsOf: $0.appending(path: name)) }
        #expect(bytes[0] == bytes[1], "\(name)")
      }
    }
  }

  @Test(arguments: signals)
  func otherCommandsEndAtOnce(_ signal: Int32) throws {
    try inEmptyFolder { folder in
      try writePicture(to: folder.appending(path: "cat.png"))
      let before = results(in: folder)
      let saliency = try RunningProgram(
        ["saliency", "cat.png", "--size", "1024", "--method", "occlusion"], in: folder)
      try saliency.wait { saliency.said.contains("occlusion of") }
      #expect(saliency.end(by: signal).signal == signal)
      #expect(results(in: folder) == before)
    }
  }

  @Test func whoStopsReadingEndsTheProgramWithoutAWord() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let shell = URL(filePath: "/bin/bash")
      let visualize = try program().path
      let script = "\(visualize) inspect net.onnx --json | head -n 0; echo ${PIPESTATUS[0]}"
      for _ in 0..<3 {
        let closed = try run(shell, ["-c", script], in: folder)
        #expect(["0\n", "141\n"].contains(closed.output), "\(closed.output)")
        #expect(closed.errors.isEmpty)
      }
      let picture = """
        \(visualize) --unit dog --model net.onnx --size 24 --steps 30000000 2>&1 | head -n 0
        echo ${PIPESTATUS[0]}
        """
      let ended = try run(shell, ["-c", picture], in: folder)
      #expect(ended.output == "141\n", "\(ended.output)")
    }
  }

  @Test func aFileBeyondTheShellsLimitIsAnErrorAndLeavesNothing() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let script = """
        ulimit -f 1
        \(try program().path) --unit dog --model net.onnx --size 240 --steps 3 --scale 4 -o x.png 2>&1 | cat
        exit ${PIPESTATUS[0]}
        """
      let run = try run(URL(filePath: "/bin/bash"), ["-c", script], in: folder)
      #expect(run.status == 1)
      #expect(run.output.contains("cannot write x.png: File too large"), "\(run.output)")
      #expect(files(in: folder) == ["net.onnx"])
    }
  }
}
