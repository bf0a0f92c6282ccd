import Foundation
import Imaging
import Testing

@Suite struct TrainTests {
  /// A folder `data` of two classes, ten pictures of 8×8 each: red ones and blue ones.
  private func inData(_ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      for (name, color) in [("red", Color(0xC80A14)), ("blue", Color(0x0000FF))] {
        for number in 0..<10 {
          try Picture(width: 8, height: 8, filledWith: color).write(
            to: folder.appending(path: "data/\(name)/\(number).png").path)
        }
      }
      try body(folder)
    }
  }

  private func train(_ arguments: String..., in folder: URL) throws -> Run {
    try run(
      program(), ["train", "--data", "data", "--architecture", "mlp:8"] + arguments, in: folder)
  }

  @Test func aNetworkThatThisProgramCanRead() throws {
    try inData { folder in
      let run = try train("--epochs", "8", "--output", "mine.onnx", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let lines = run.output.split(separator: "\n")
      #expect(
        lines.first
          == "2 classes, 18 pictures of 8×8, 2 for validation; 1.56 k weights")
      #expect(lines.count == 10 && lines.last == "mine.onnx")
      #expect(lines[8].hasPrefix("epoch 8/8  loss 0."))
      #expect(lines[8].hasSuffix("validation 100.0 %"))
      #expect(
        files(in: folder).filter { $0.hasPrefix("mine") } == ["mine.onnx", "mine.png", "mine.svg"])

      // It tells a red picture from a blue one.
      for name in ["red", "blue"] {
        let saliency = try visualize(
          "saliency", "data/\(name)/0.png", "--model", "mine.onnx", "--method", "gradient",
          "--output", "\(name).png", in: folder)
        #expect(saliency.status == 0, "\(saliency.errors)")
        let top = saliency.errors.split(separator: "\n").first { $0.contains(" %  ") }
        #expect(top?.contains(" %  \(name)") == true, "\(saliency.errors)")
      }
    }
  }

  @Test func theSameCommandGivesTheSameBytesOnAnyNumberOfThreads() throws {
    try inData { folder in
      for threads in ["1", "3"] {
        let run = try train(
          "--epochs", "1", "--threads", threads, "--output", "\(threads).onnx", in: folder)
        #expect(run.status == 0, "\(run.errors)")
      }
      let networks = try ["1.onnx", "3.onnx"].map {
        try Data(contentsOf: folder.appending(path: $0))
      }
      #expect(networks[0] == networks[1])
      let other = try train("--epochs", "1", "--seed", "1", "--output", "other.onnx", in: folder)
      #expect(other.status == 0)
      #expect(try Data(contentsOf: folder.appending(path: "other.onnx")) != networks[0])
    }
  }

  @Test func theDigitsOfTheSnippets() throws {
    try inEmptyFolder { folder in
      let digits = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Snippets/Resources/digits").standardized
      let run = try visualize(
        "train", "--data", digits.path, "--architecture", "mlp:16", "--epochs", "1", "--output",
        "digits.onnx", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.hasPrefix("10 classes, 1500 pictures of 8×8, 297 for validation"))
      let inspection = try visualize("inspect", "digits.onnx", "--units", in: folder)
      #expect(inspection.output.hasPrefix("0\t0\n1\t1\n") && inspection.status == 0)
    }
  }

  @Test(
    arguments: [
      (["--data", "nope"], 1, "nope: there is no such folder"),
      (["--data", "data/red"], 1, "there must be a folder for each class"),
      (["--data", "broken"], 1, "neither PNG nor JPEG"),
      (["--data", "data", "--architecture", "foo:1"], 64, "write for example mlp:128"),
      (["--data", "data", "--adversary", "l3:1"], 64, "'l3:1' is no adversary"),
      (["--data", "data", "--epochs", "0"], 64, "--epochs must be 1 to 100000, not 0."),
      (["--data", "data", "--size", "0"], 64, "--size must be 1 to 4096, not 0."),
      (["--data", "data", "--grow", "8,x"], 64, "--grow takes widths such as 40,48, not 8,x."),
      (
        ["--data", "data", "--grow", "8,12", "--epochs", "2"], 64,
        "--grow names 2 widths before the full one, which takes --epochs 3 or more, not 2."
      ),
      ([], 64, "Missing expected argument '--data <folder>'"),
    ] as [([String], Int32, String)])
  func whatCannotBeTrained(_ arguments: [String], _ status: Int32, _ words: String) throws {
    try inData { folder in
      for name in ["red", "blue"] {
        let file = folder.appending(path: "broken/\(name)/1.png")
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("no picture".utf8).write(to: file)
      }
      let before = files(in: folder)
      let run = try run(program(), ["train", "--output", "mine.onnx"] + arguments, in: folder)
      #expect(run.status == status)
      #expect(run.output.isEmpty, "\(run.output)")
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(files(in: folder) == before)
    }
  }

  @Test func anOutputThatIsNoModel() throws {
    try inData { folder in
      let run = try train("--output", "mine.txt", in: folder)
      #expect(run.status == 64)
      #expect(run.errors.contains("--output must end in .onnx, not mine.txt."))
    }
  }
}
