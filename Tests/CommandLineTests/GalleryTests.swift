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
          "assets", "assets/script.js", "assets/style.css", "contact-sheet.png", "conv-0.html",
          "conv-0.png", "conv-1.html", "conv-1.png", "dog.html", "dog.png", "index.html",
          "search.js", "search.json",
        ])
      let picture = made.appending(path: "dog.png")
      let bytes = try Data(contentsOf: picture)
      try FileManager.default.removeItem(at: made.appending(path: "conv-1.png"))
      let second = try visualize("gallery", "plan.yaml", in: folder)
      #expect(second.status == 0)
      #expect(second.errors.contains("2 there already, 1 in the cache."))
      #expect(second.errors.hasSuffix("3 there already.\n"))
      // What neither the folder nor the cache has is made.
      try FileManager.default.removeItem(at: made.appending(path: "conv-1.png"))
      try FileManager.default.removeItem(at: folder.appending(path: "net.onnx.cache"))
      let third = try visualize("gallery", "plan.yaml", in: folder)
      #expect(third.errors.hasSuffix("1 made, 2 there already.\n"))
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

  @Test func whatCannotBeMadeIsNamedAndTheRestIsMade() throws {
    try inPlan("[dgo, dog, 'conv:4', {unit: dog, size: big}]") { folder in
      let dry = try visualize("gallery", "plan.yaml", "--dry-run", in: folder)
      #expect(dry.status == 1 && dry.output == "outputs/plan/dog.png\n")
      for end in ["1 made", "1 there already"] {
        let run = try visualize("gallery", "plan.yaml", in: folder)
        #expect(run.status == 1)
        #expect(run.output == "outputs/plan/contact-sheet.png\noutputs/plan/index.html\n")
        // At the start and at the end.
        for words in ["nearest labels are dog (1)", "the channels 0…3, not 4", "`size` is “big”"] {
          #expect(run.errors.split(separator: "plan.yaml:4: ").count { $0.contains(words) } == 2)
        }
        #expect(run.errors.contains("These 3 are left out; everything else is made.\n"))
        #expect(run.errors.hasSuffix("\(end), 3 of the plan left out.\n"), "\(run.errors)")
      }
      // Another try of a part would not help; who merges is told.
      let part = try visualize("gallery", "plan.yaml", "--part", "1/2", in: folder)
      #expect(part.status == 0 && part.errors.contains("nearest labels are dog (1)"))
      let merged = try visualize("gallery", "plan.yaml", "--merge", in: folder)
      #expect(merged.status == 1 && merged.errors.contains("nearest labels are dog (1)"))
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

@Suite struct GallerySaliencyTests {
  @Test func aPlanExplainsPhotographs() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let plan = folder.appending(path: "plan.yaml")
      try Data(
        """
        model: net.onnx
        saliency:
          - picture: cat.png
            units: [dog, hot dog]
            methods: [gradient, grad-cam]
            fit: pad
            caption: A cat, and why it is no dog.
        """.utf8
      ).write(to: plan)
      let first = try visualize("gallery", "plan.yaml", in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let sheet = folder.appending(path: "outputs/plan/saliency-cat.png")
      let made = try Data(contentsOf: sheet)
      let page = try String(
        contentsOf: folder.appending(path: "outputs/plan/index.html"), encoding: .utf8)
      #expect(page.contains("<img src=\"saliency-cat.png\"") && page.contains("why it is no dog"))
      // What is there stays; what the plan says otherwise is made anew.
      let written = try sheet.resourceValues(forKeys: [.contentModificationDateKey])
      #expect(try visualize("gallery", "plan.yaml", in: folder).status == 0)
      #expect(
        try URL(filePath: sheet.path).resourceValues(forKeys: [.contentModificationDateKey])
          .contentModificationDate == written.contentModificationDate)
      let text = try String(contentsOf: plan, encoding: .utf8)
      try Data(text.replacing("fit: pad", with: "top: 0").utf8).write(to: plan)
      let wrong = try visualize("gallery", "plan.yaml", in: folder)
      #expect(wrong.status == 1 && wrong.errors.contains("plan.yaml:6: `top` must be"))
      try Data(
        text.replacing("[dog, hot dog]", with: "[dgo]").replacing("grad-cam", with: "gradcam").utf8
      ).write(to: plan)
      let names = try visualize("gallery", "plan.yaml", in: folder)
      #expect(names.status == 1 && names.errors.contains("did you mean grad-cam"))
      #expect(names.errors.contains("plan.yaml:4: ") && names.errors.contains("plan.yaml:5: "))
      #expect(try Data(contentsOf: sheet) == made)
    }
  }
}
