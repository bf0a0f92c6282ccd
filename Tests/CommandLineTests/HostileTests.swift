import Foundation
import Imaging
import ONNX
import TestSupport
import Testing

/// What files and arguments can do to somebody who runs the program.
@Suite struct HostileTests {
  /// A model of some kilobytes that declares a picture of any size.
  private func writeModel(_ extents: [Int], to path: URL) throws {
    var graph = GraphProto()
    graph.name = "declared"
    graph.input = [ValueInfoProto("x", extents)]
    graph.output = [ValueInfoProto("y", [1, 4])]
    graph.initializer = [
      TensorProto(
        TensorData(dims: [4, 3, 3, 3], floats: [Float](repeating: 0.1, count: 108), name: "w"))
    ]
    graph.node = [
      NodeProto("Conv", ["x", "w"], ["c"], name: "conv"),
      NodeProto("GlobalAveragePool", ["c"], ["m"], name: "mean"),
      NodeProto("Flatten", ["m"], ["y"], name: "flat"),
    ]
    try Model(ModelProto(graph: graph)).write(to: path.path)
  }

  @Test(
    "a picture of a declared size is not made before it is known that there is room",
    arguments: [
      [1, 3, 100_000, 3000], [1, 3, 1 << 31, 1 << 40], [1, 3, 1 << 40, 1 << 16],
      [1, 3, 100_000, 500],
    ])
  func declaredSizes(_ extents: [Int]) throws {
    try inEmptyFolder { folder in
      try writeModel(extents, to: folder.appending(path: "large.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      for arguments in [
        ["saliency", "cat.png", "-m", "large.onnx"], ["-u", "flat:1", "-m", "large.onnx"],
        ["inspect", "large.onnx", "--picture", "cat.png"], ["bench", "large.onnx"],
      ] {
        let run = try run(program(), arguments, in: folder)
        #expect(run.status == 1, "\(arguments): \(run.errors)")
        #expect(run.errors.contains("memory"), "\(run.errors)")
        #expect(run.output.isEmpty)
      }
    }
  }

  @Test func theLimitOfMemoryCanBeSaid() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let small = [
        "-u", "dog", "-m", "net.onnx", "--size", "300", "--transforms", "robust", "--steps", "1",
      ]
      let refused = try run(program(), small + ["--memory", "3MB"], in: folder)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("memory that may be taken"), "\(refused.errors)")
      #expect(refused.errors.contains("--memory"))
      let done = try run(program(), small + ["--memory", "300MB"], in: folder)
      #expect(done.status == 0, "\(done.errors)")
      let odd = try run(program(), small + ["--memory", "much"], in: folder)
      #expect(odd.status == 64)
      #expect(odd.errors.contains("--memory must be an amount such as 2GB"), "\(odd.errors)")
      // What stands between parameters and picture is counted, and every level of a pyramid.
      for more in [
        ["--size", "2000"], ["--parameterization", "pyramid", "--size", "1000"],
        ["--parameterization", "pyramid", "--levels", "all", "--size", "300"],
      ] {
        let asked = ["-u", "dog", "-m", "net.onnx", "--steps", "1", "--memory", "300MB"] + more
        let large = try run(program(), asked, in: folder)
        #expect(large.status == 1 && large.errors.contains("the making of "), "\(large.errors)")
      }
      let scaled = try run(
        program(), small + ["--scale", "64", "--memory", "300MB"], in: folder)
      #expect(scaled.status == 1)
      #expect(scaled.errors.contains("the picture at 64 times its size needs"), "\(scaled.errors)")
      let file = try run(
        program(), ["inspect", "net.onnx", "--size", "400", "--memory", "1MB"], in: folder)
      #expect(file.status == 1 && file.errors.contains("memory"), "\(file.errors)")
    }
  }

  @Test func labelsCannotCommandATerminal() throws {
    try inEmptyFolder { folder in
      let labels =
        "\u{1B}[31mred\n\u{202E}turned\nbell\u{7}\nnul\u{0}\n" + "z"
        + String(
          repeating: "\u{301}", count: 60)
      try writeSmallModel(
        to: folder.appending(path: "net.onnx"), operators: ["Relu"],
        metadata: [("labels", labels), ("input.size", "16,24"), ("source", "a\u{1B}]0;x\u{7}")])
      try writePicture(to: folder.appending(path: "cat.png"))
      for arguments in [
        ["inspect", "net.onnx"], ["inspect", "net.onnx", "--units"],
        ["inspect", "net.onnx", "--json"], ["saliency", "cat.png", "-m", "net.onnx"],
        ["-u", "0", "-m", "net.onnx", "--steps", "2"],
        ["-u", "3", "-m", "net.onnx", "--steps", "2"],
        ["-u", "4", "-m", "net.onnx", "--steps", "2"],
        ["-u", "\u{1B}[31m", "-m", "net.onnx"], ["saliency", "\u{1B}[31m.png"],
      ] {
        let run = try run(program(), arguments, in: folder)
        #expect([0, 1].contains(run.status), "\(run.errors)")
        for sign in ["\u{1B}", "\u{202E}", "\u{7}", "\u{0}"] {
          #expect(!(run.output + run.errors).unicodeScalars.contains(Unicode.Scalar(sign)!))
        }
      }
      let red = try #require(
        FileManager.default.subpaths(atPath: "\(folder.path)/outputs")?.first {
          $0.contains("red") && $0.hasSuffix(".png")
        })
      let texts = try PNGText.texts(inFileAt: "\(folder.path)/outputs/\(red)")
      #expect(texts.first { $0.keyword == "Title" }?.text == #"\u{1B}[31mred (class 0)"#)
    }
  }

  @Test func absolutePathsStayOutOfPictures() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let (model, cat) = ("\(folder.path)/net.onnx", "\(folder.path)/cat.png")
      for arguments in [
        ["-u", "dog", "--model=\(model)", "--init", cat, "--steps", "2", "-o", "out.png"],
        ["saliency", cat, "--model", model, "-o", "out.png"],
      ] {
        let run = try run(program(), arguments + ["--force"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let bytes = try Data(contentsOf: folder.appending(path: "out.png"))
        #expect(bytes.firstRange(of: Data(folder.path.utf8)) == nil)
        #expect(bytes.firstRange(of: Data("net.onnx".utf8)) != nil)
      }
    }
  }

  @Test(
    arguments: [
      (["--model", "", "--unit", "cat"], 64, "the argument after --model is empty"),
      (["--model=", "--unit", "cat"], 64, "nothing stands behind --model="),
      (["help", "nope"], 64, "there is no command 'nope'"),
      (["help", "saliencey"], 64, "did you mean saliency?"),
      (["verify", "/dev/zero"], 64, "nothing to compare: /dev/zero is no folder"),
      (["saliency", "/dev/zero", "-m", "net.onnx"], 1, "/dev/zero: it is a device"),
      (["saliency", "pipe", "-m", "net.onnx"], 1, "a pipe that nobody writes to"),
      (["gallery", "/dev/zero"], 1, "/dev/zero: it is a device"),
      (["gallery", "pipe"], 1, "a pipe that nobody writes to"),
      (["gallery", "."], 1, "it is a folder"),
      (["inspect", "pipe"], 1, "not a regular file"),
      (["-u", "cat", "-m", "net.onnx", "--mean", "1,2"], 64, "one for each of the 3 channels"),
      (["-u", "cat", "-m", "net.onnx", "--std", "1,2,3,4"], 64, "--std is “1,2,3,4”"),
      (["-u", "cat", "-m", "net.onnx", "--labels", "two.txt"], 1, "two.txt has 2 labels, and"),
      (["-u", "cat", "--stesp", "3"], 64, "Did you mean '--steps'?"),
      (["inspect", "--modle", "x"], 64, "Did you mean '--model'?"),
      (
        ["-u", "cat", "-m", "net.onnx", "--learning-rate", "1e30", "--steps", "20"], 1,
        "the ascent diverged"
      ),
    ] as [([String], Int32, String)])
  func theRightWord(_ arguments: [String], _ status: Int32, _ words: String) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try Data("one\ntwo\n".utf8).write(to: folder.appending(path: "two.txt"))
      mkfifo(folder.appending(path: "pipe").path, 0o600)
      let run = try run(program(), arguments, in: folder)
      #expect(run.status == status)
      #expect(run.errors.replacing("\n", with: " ").contains(words), "\(run.errors)")
    }
  }

  @Test(
    arguments: [
      ("VISUALIZE_ISA", "bogus"), ("VISUALIZE_MEMORY", "much"), ("VISUALIZE_CONVOLUTION", "fast"),
    ])
  func variablesThatSayNothing(_ variable: String, _ value: String) throws {
    try inEmptyFolder { folder in
      let shell = URL(filePath: "/bin/sh")
      let run = try run(
        shell, ["-c", "\(variable)=\(value) '\(program().path)' inspect"], in: folder)
      #expect(run.status == 64)
      #expect(run.errors.contains("the variable \(variable) is “\(value)” and must be"))
    }
  }

  @Test func aMarkOfTheOrderOfBytesIsNoPartOfAPlan() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try Data("\u{FEFF}model: net.onnx\npictures: [dog]\n".utf8).write(
        to: folder.appending(path: "plan.yaml"))
      let run = try visualize("gallery", "plan.yaml", "--dry-run", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output == "outputs/plan/dog.png\n")
    }
  }
}
