import Foundation
import Networks
import ONNX
import Testing

@Suite struct ErrorTests {
  @Test("layouts of one processor come with the line that saves the file without them")
  func laidOut() {
    let error = NetworkError.unsupported(["com.microsoft.nchwc.Conv 'a'", "Other 'b'"])
    #expect("\(error)".contains("graph_optimization_level = ORT_ENABLE_EXTENDED"))
    #expect(!"\(NetworkError.unsupported(["Other 'b'"]))".contains("ORT_ENABLE"))
  }

  /// Runs `saliency` with a small model and a picture at hand, and expects it to fail without a trace.
  func expectFailure(
    _ arguments: [String], _ messages: String..., prepare: (URL) throws -> Void = { _ in }
  ) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      try prepare(folder)
      let before = files(in: folder)
      let run = try run(program(), ["saliency"] + arguments, in: folder)
      #expect(run.status == 1)
      #expect(run.output.isEmpty)
      for message in messages { #expect(run.errors.contains(message), "\(run.errors)") }
      #expect(!run.errors.contains("Fatal error"))
      #expect(files(in: folder) == before)
    }
  }

  @Test func aModelThatIsMissing() throws {
    try expectFailure(["cat.png", "-m", "nope.onnx"], "nope.onnx", "No such file")
  }

  @Test func aModelThatIsTruncated() throws {
    try expectFailure(["cat.png", "-m", "half.onnx"], "half.onnx", "Download or export it again") {
      let whole = try Data(contentsOf: $0.appending(path: "net.onnx"))
      try whole.prefix(whole.count / 2).write(to: $0.appending(path: "half.onnx"))
    }
  }

  @Test func aModelThatIsNone() throws {
    try expectFailure(["cat.png", "-m", "cat.png"], "cat.png is not a readable ONNX file")
  }

  @Test func aNetworkThatTakesNoPictures() throws {
    try inEmptyFolder { folder in
      var graph = GraphProto()
      graph.name = "row"
      graph.input = [ValueInfoProto("x", [1, 1, 1, 1, 1, 5])]
      graph.output = [ValueInfoProto("y", [1, 1, 1, 1, 1, 5])]
      graph.node = [NodeProto("Relu", ["x"], ["y"], name: "relu")]
      try Model(ModelProto(graph: graph, metadata: [])).write(
        to: folder.appending(path: "row.onnx").path)
      let run = try visualize("--unit", "relu:1", "--model", "row.onnx", in: folder)
      #expect(run.status == 1)
      #expect(run.errors.contains("row.onnx takes no pictures: its input has 6 axes"))
    }
  }

  @Test func operatorsThatAreNotSupportedAreAllNamed() throws {
    try expectFailure(["cat.png", "-m", "odd.onnx"], "2 nodes", "Bogus 'act0'", "Strange 'act2'") {
      try writeSmallModel(
        to: $0.appending(path: "odd.onnx"), operators: ["Bogus", "Relu", "Strange"])
    }
  }

  @Test func aPictureThatIsMissing() throws {
    try expectFailure(["nope.png", "-m", "net.onnx"], "nope.png", "No such file")
  }

  @Test func aPictureThatIsCorrupt() throws {
    try expectFailure(["half.png", "-m", "net.onnx"], "half.png is a damaged PNG file") {
      let whole = try Data(contentsOf: $0.appending(path: "cat.png"))
      try whole.prefix(whole.count / 2).write(to: $0.appending(path: "half.png"))
    }
    try expectFailure(["net.onnx", "-m", "net.onnx"], "net.onnx is neither PNG nor JPEG")
  }

  @Test func anOutputThatCannotBeWritten() throws {
    try expectFailure(
      ["cat.png", "-m", "net.onnx", "-o", "cat.png/map.png"], "cannot write cat.png/map.png")
  }

  @Test func aSizeThatIsTooSmall() throws {
    try expectFailure(["cat.png", "-m", "net.onnx", "--size", "2"], "Conv 'conv'", "--size")
  }

  @Test func unitsThatAreNotThere() throws {
    try expectFailure(
      ["cat.png", "-m", "net.onnx", "-u", "dgo"], "no unit `dgo`", "nearest labels are dog (1)")
    try expectFailure(
      ["cat.png", "-m", "net.onnx", "-u", "crane"], "`crane` matches 2 labels",
      "crane (3), crane (4)")
    try expectFailure(["cat.png", "-m", "net.onnx", "-u", "9"], "this model has the classes 0…4")
    try expectFailure(["cat.png", "-m", "net.onnx", "-u", "conv:4"], "the channels 0…3, not 4")
    try expectFailure(["cat.png", "-m", "net.onnx", "-u", "conv:1@30,2"], "columns 0…21")
    try expectFailure(["cat.png", "-m", "net.onnx", "-u", "cnov:1"], "did you mean conv")
  }

  @Test func settingsThatMakeNoSense() throws {
    try expectFailure(["cat.png", "-m", "net.onnx"], "net.json", "did you mean input.color?") {
      try Data(#"{"input.colour": "BGR"}"#.utf8).write(to: $0.appending(path: "net.json"))
    }
    try expectFailure(["cat.png", "-m", "net.onnx"], "net.json: input.range is “0..255”") {
      try Data(#"{"input.range": "0..255"}"#.utf8).write(to: $0.appending(path: "net.json"))
    }
    try expectFailure(["cat.png", "-m", "bad.onnx"], "bad.onnx: input.std is “1,0,1”") {
      try writeSmallModel(to: $0.appending(path: "bad.onnx"), metadata: [("input.std", "1,0,1")])
    }
    try expectFailure(
      ["cat.png", "-m", "net.onnx", "--labels", "no.txt"], "cannot read the labels")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskBehindStandardOutput() throws {
    try inEmptyFolder { folder in
      let shell = URL(filePath: "/bin/sh")
      let full = try run(shell, ["-c", "\(program().path) inspect > /dev/full"], in: folder)
      #expect(full.status == 1)
      #expect(full.errors.contains("cannot write to standard output"))
      let closed = try run(
        shell, ["-c", "\(program().path) inspect --json | head -n 1"], in: folder)
      #expect(closed.status == 0)
      #expect(closed.output == "{\n")
      #expect(closed.errors.isEmpty)
    }
  }

  @Test func anInterruptionLeavesNothingBehind() throws {
    try inEmptyFolder { folder in
      try writePicture(to: folder.appending(path: "cat.png"))
      let process = Process()
      process.executableURL = try program()
      process.arguments = ["saliency", "cat.png", "--size", "1024", "--method", "occlusion"]
      process.currentDirectoryURL = folder
      (process.standardOutput, process.standardError) = (
        FileHandle.nullDevice, FileHandle.nullDevice
      )
      try process.run()
      Thread.sleep(forTimeInterval: 1)
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(process.terminationStatus == SIGINT)
      #expect(files(in: folder) == ["cat.png"])
    }
  }
}
