import Foundation
import Imaging
import Testing

@Suite struct SettingOptionsTests {
  /// Runs the picture command with the small model, 3 steps and 16 pixels.
  private func picture(_ arguments: String..., in folder: URL) throws -> Run {
    try writeSmallModel(to: folder.appending(path: "net.onnx"))
    return try run(
      program(), arguments + ["--model", "net.onnx", "--steps", "3", "--size=16"], in: folder)
  }

  private func texts(_ file: String, in folder: URL) throws -> [String: String] {
    let texts = try PNGText.texts(inFileAt: folder.appending(path: file).path)
    return Dictionary(texts.map { ($0.keyword, $0.text) }) { first, _ in first }
  }

  @Test("the record has what was said, whichever way it is written")
  func options() throws {
    try inEmptyFolder { folder in
      let run = try picture(
        "--unit", "dog", "--learning-rate=0.125", "--optimizer", "nadam", "--tv", "0.5", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output == "outputs/net/dog.png\n")
      let recipe = try #require(try texts("outputs/net/dog.png", in: folder)["Recipe"])
      let object = try #require(
        JSONSerialization.jsonObject(with: Data(recipe.utf8)) as? [String: Any])
      #expect(
        object["learning-rate"] as? Double == 0.125 && object["optimizer"] as? String == "nadam")
      #expect(object["tv"] as? Double == 0.5 && object["steps"] as? Int == 3)
      #expect(object["size"] as? String == "16")
    }
  }

  @Test(
    "wrong values and misspelt options are usage errors",
    arguments: [
      (["--steps", "0"], "--steps is “0” and must be a whole number from 1 to 1000000."),
      (["--learning-rate", "x"], "--learning-rate is “x” and must be a number above 0."),
      (["--optimizer=adamm"], "did you mean `adam`?\n"),
      (["--jitter", "1001"], "--jitter is “1001” and must be a whole number from 0 to 1000."),
      (["--size", "0"], "--size is “0” and must be a number of pixels"),
      (["--batch", "0"], "--batch is “0” and must be"), (["--scale", "65"], "--scale is “65”"),
      (["--lerning-rate", "1"], "Did you mean '--learning-rate'?"),
      (["--steps"], "Missing value for '--steps <steps>'"),
    ])
  func usageErrors(arguments: [String], message: String) throws {
    try inEmptyFolder { folder in
      let run = try run(program(), ["--unit", "cat"] + arguments, in: folder)
      #expect(run.status == 64)
      #expect(run.errors.contains(message), "\(run.errors)")
      #expect(files(in: folder).isEmpty)
    }
  }

  @Test("help lists every setting that the record has, and its names")
  func help() throws {
    try inEmptyFolder { folder in
      let help = try visualize("picture", "--help", in: folder).output
      try writePicture(to: folder.appending(path: "start.png"))
      let run = try picture(
        "--unit", "dog", "--jitter", "1", "--init", "start.png", "--scale", "1", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let recipe = try #require(try texts("outputs/net/dog.png", in: folder)["Recipe"])
      let object = try #require(
        JSONSerialization.jsonObject(with: Data(recipe.utf8)) as? [String: Any])
      #expect(object.count >= 15)
      for key in object.keys { #expect(help.contains("--\(key) <"), "\(key)") }
      for name in ["fourier", "pixel", "robust", "nadam", "momentum-pytorch"] {
        #expect(help.contains("\n        \(name) - "), "\(name)")
      }
      #expect(help.contains("(default: 256)") && help.contains("(default: the network's)"))
    }
  }

  @Test("an objective is made, recorded and made again by its command")
  func objective() throws {
    try inEmptyFolder { folder in
      let run = try picture("--objective", "-conv:1 + 0.5 * \"hot dog\"", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let path = "outputs/net/minus-conv-1-plus-0.5-hot-dog.png"
      #expect(run.output == path + "\n")
      let texts = try texts(path, in: folder)
      #expect(texts["Title"] == "-conv:1 + 0.5 * \"hot dog\"")
      let first = try Data(contentsOf: folder.appending(path: path))
      let command = try #require(texts["Command"]).replacing(
        "visualize ", with: "", maxReplacements: 1)
      let again = try CommandLineTests.run(
        URL(filePath: "/bin/sh"), ["-c", "\(program().path) \(command)"], in: folder)
      #expect(again.status == 0, "\(again.errors)")
      #expect(try Data(contentsOf: folder.appending(path: path)) == first)
    }
  }

  @Test("pictures that are compared stand side by side")
  func batch() throws {
    try inEmptyFolder { folder in
      let run = try picture(
        "--objective", "conv:1 - 100 * diversity(conv)", "--batch", "3", "--scale", "2", "-o",
        "d.png", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let picture = try Picture(contentsOf: folder.appending(path: "d.png").path)
      #expect(picture.width == 96 && picture.height == 32)
      let alone = try self.picture("--objective", "alignment(conv)", in: folder)
      #expect(alone.status == 1)
      #expect(alone.errors.contains("`alignment` compares several pictures"))
      #expect(alone.errors.contains("--batch"))
    }
  }

  @Test("a typo in an objective is shown with its place")
  func typos() throws {
    try inEmptyFolder { folder in
      let typo = try picture("--objective", "dog + diversty(conv)", in: folder)
      #expect(typo.status == 64)
      #expect(
        typo.errors.hasPrefix(
          "Error: --objective: there is no function `diversty`; did you mean `diversity`?\n"
            + "  dog + diversty(conv)\n        ^\n"))
      let unknown = try picture("--objective", "dog + cnov:1", in: folder)
      #expect(unknown.status == 1)
      #expect(unknown.errors.contains("did you mean conv?\n  dog + cnov:1\n        ^"))
      for arguments in [["--unit", "dog", "--objective", "cat"], ["--steps", "3"]] {
        #expect(try run(program(), arguments, in: folder).status == 64)
      }
    }
  }

  @Test("a gallery takes objectives")
  func gallery() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let plan = """
        model: net.onnx
        defaults: {steps: 3, size: 16}
        pictures:
          - {objective: dog - conv:1, batch: 2}
        """
      try Data(plan.utf8).write(to: folder.appending(path: "plan.yaml"))
      let run = try visualize("gallery", "plan.yaml", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let texts = try texts("outputs/plan/dog-minus-conv-1.png", in: folder)
      #expect(
        texts["Command"]
          == "visualize --objective='dog - conv:1' --model net.onnx --seed 0 --size 16 --batch 2 "
          + "--steps 3 --scale 16")
    }
  }
}
