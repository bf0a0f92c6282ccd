import Foundation
import Testing

/// A file of a folder that is no picture is left out and named, whatever the folder is for.
@Suite struct BrokenPictureTests {
  /// A model, five pictures and one that ends too early.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let pictures = folder.appending(path: "all", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: false)
      for name in ["a", "c", "d", "e", "f"] {
        try writePicture(to: pictures.appending(path: "\(name).png"))
      }
      let whole = try Data(contentsOf: pictures.appending(path: "a.png"))
      try whole.prefix(whole.count / 2).write(to: pictures.appending(path: "b.png"))
      try body(folder)
    }
  }

  @Test(
    "one result is made of the rest",
    arguments: [
      (["--unit", "dog", "--steps", "2", "--like", "all"], "--like"),
      (
        ["--unit", "dog", "--steps", "2", "--parameterization", "maco", "--spectrum", "all"],
        "--spectrum"
      ),
      (["--unit", "dog", "--steps", "2", "--trust", "all"], "--trust"),
      (["saliency", "all/a.png", "--what-fires", "--usual", "all"], "--usual"),
    ])
  func one(arguments: [String], option: String) throws {
    try inFolder { folder in
      let run = try run(program(), arguments + ["--model", "net.onnx"], in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.hasSuffix(".png\n"))
      #expect(run.errorWords.contains("\(option): all/b.png is a damaged PNG file"))
      #expect(run.errorWords.contains("it is left out."))
    }
  }

  @Test("a gallery names it before the work")
  func gallery() throws {
    try inFolder { folder in
      let plan = "model: net.onnx\npictures: [{unit: dog, steps: 2, size: 16, like: all}]\n"
      try Data(plan.utf8).write(to: folder.appending(path: "plan.yaml"))
      let run = try visualize("gallery", "plan.yaml", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errorWords.contains("like: all/b.png is a damaged PNG file"), "\(run.errors)")
      #expect(run.output.contains("index.html"))
    }
  }

  @Test(
    "of several results the rest is made, and the status is 1",
    arguments: [
      ["saliency", "all", "--model", "net.onnx"],
      [
        "evaluate", "all", "--methods", "saliency", "--measures", "sparseness", "--model",
        "net.onnx",
      ],
      ["judge", "all", "--by", "net.onnx"],
    ])
  func several(arguments: [String]) throws {
    try inFolder { folder in
      let run = try run(program(), arguments, in: folder)
      #expect(run.status == 1, "\(run.errors)")
      #expect(run.errorWords.contains("all/b.png is a damaged PNG file"), "\(run.errors)")
      #expect(!run.output.isEmpty)
    }
  }
}
