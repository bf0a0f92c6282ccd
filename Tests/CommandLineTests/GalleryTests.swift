import Foundation
import Imaging
import Testing

@Suite struct GalleryTests {
  /// A folder with the small model and a plan for it.
  private func inPlan(
    _ pictures: String, model: String = "net.onnx", _ body: (URL) throws -> Void
  ) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let plan = """
        title: Small
        model: \(model)
        defaults: {size: 24, steps: 3}
        pictures: \(pictures)

        """
      try Data(plan.utf8).write(to: folder.appending(path: "plan.yaml"))
      try body(folder)
    }
  }

  @Test func itMakesWhatThePlanSaysAndOnlyOnce() throws {
    try inPlan("[dog, 'conv:0-1']") { folder in
      let first = try visualize("gallery", "plan.yaml", in: folder)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output == "outputs/plan/contact-sheet.png\noutputs/plan/index.html\n")
      #expect(first.errors.contains("Small: 3 pictures in outputs/plan"))
      #expect(first.errors.hasSuffix("3 made.\n"))
      let made = folder.appending(path: "outputs/plan")
      #expect(
        files(in: made) == [
          "contact-sheet.png", "conv-0.png", "conv-1.png", "dog.png", "index.html",
        ])
      let picture = made.appending(path: "dog.png")
      let bytes = try Data(contentsOf: picture)
      try FileManager.default.removeItem(at: made.appending(path: "conv-1.png"))
      let second = try visualize("gallery", "plan.yaml", in: folder)
      #expect(second.status == 0)
      #expect(second.errors.hasSuffix("1 made, 2 there already.\n"))
      #expect(try Data(contentsOf: picture) == bytes)
    }
  }

  @Test func aPictureOfItIsThatOfItsCommand() throws {
    try inPlan("[dog]") { folder in
      #expect(try visualize("gallery", "plan.yaml", "--threads", "1", in: folder).status == 0)
      let path = folder.appending(path: "outputs/plan/dog.png").path
      let command = try PNGText.texts(inFileAt: path).first { $0.keyword == "Command" }?.text ?? ""
      let words = command.split(separator: " ").map(String.init)
      #expect(words.prefix(3) == ["visualize", "--unit", "dog"] && words.contains("net.onnx"))
      let alone = try run(program(), words.dropFirst() + ["--output", "alone.png"], in: folder)
      #expect(alone.status == 0, "\(alone.errors)")
      let pictures = try [path, folder.appending(path: "alone.png").path].map {
        try Picture(contentsOf: $0)
      }
      let isTheSame = pictures[0].bytes == pictures[1].bytes
      #expect(isTheSame)
    }
  }

  @Test func aDryRunMakesNothing() throws {
    try inPlan("[dog, 'conv:0-1']") { folder in
      let before = files(in: folder)
      let run = try visualize("gallery", "plan.yaml", "--dry-run", "-o", "there", in: folder)
      #expect(run.status == 0)
      #expect(run.output == "there/dog.png\nthere/conv-0.png\nthere/conv-1.png\n")
      #expect(files(in: folder) == before)
    }
  }

  @Test(arguments: [
    ("[dgo]", "net.onnx", "plan.yaml:4", "nearest labels are dog (1)"),
    ("[{unit: dog, stepz: 4}]", "net.onnx", "plan.yaml:4", "stepz"),
    ("['conv:4']", "net.onnx", "plan.yaml:4", "the channels 0…3, not 4"),
    ("[dog", "net.onnx", "plan.yaml", "plan.yaml"),
    ("[dog]", "nope.onnx", "nope.onnx", "No such file"),
  ])
  func aPlanThatMakesNoSense(pictures: String, model: String, place: String, words: String) throws {
    try inPlan(pictures, model: model) { folder in
      let before = files(in: folder)
      let run = try visualize("gallery", "plan.yaml", in: folder)
      #expect(run.status == 1)
      #expect(run.output.isEmpty)
      #expect(run.errors.contains("Error: \(place)") && run.errors.contains(words), "\(run.errors)")
      #expect(files(in: folder) == before)
    }
  }

  @Test func aPlanThatIsMissing() throws {
    try inEmptyFolder { folder in
      let run = try visualize("gallery", "nope.yaml", in: folder)
      #expect(run.status == 1 && run.output.isEmpty)
      #expect(run.errors == "Error: nope.yaml: No such file or directory; check the path\n")
      #expect(try visualize("gallery", in: folder).status == 64)
    }
  }
}
