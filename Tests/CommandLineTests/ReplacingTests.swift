import Foundation
import Imaging
import Testing

/// What is replaced without a word, and what is not.
@Suite struct ReplacingTests {
  private static let unit = [
    "--unit", "dog", "--size", "24", "--steps", "3", "--model", "net.onnx",
  ]

  private func inModel(_ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writeSmallModel(to: folder.appending(path: "other.onnx"), operators: ["Sigmoid"])
      try writePicture(to: folder.appending(path: "cat.png"))
      try body(folder)
    }
  }

  private func expectRefusal(
    _ arguments: [String], of name: String, _ words: String, in folder: URL
  ) throws {
    let before = try Data(contentsOf: folder.appending(path: name))
    let refused = try run(program(), arguments, in: folder)
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(refused.errors.contains("\(name) is there already"), "\(refused.errors)")
    #expect(refused.errors.contains(words), "\(refused.errors)")
    #expect(refused.errors.contains("--force replaces it"))
    #expect(try Data(contentsOf: folder.appending(path: name)) == before)
    #expect(try run(program(), arguments + ["--force"], in: folder).status == 0)
    #expect(try Data(contentsOf: folder.appending(path: name)) != before)
  }

  @Test func thePictureOfTheSameUnitIs() throws {
    try inModel { folder in
      for settings in [[], ["--steps", "4"], ["--seed", "7"]] {
        let run = try run(program(), Self.unit + settings, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == "outputs/net/dog.png\n")
      }
    }
  }

  @Test func thatOfAnotherUnitOrModelIsNot() throws {
    try inModel { folder in
      #expect(try run(program(), Self.unit, in: folder).status == 0)
      try expectRefusal(
        Self.unit + ["--model", "other.onnx", "--output", "outputs/net/dog.png"],
        of: "outputs/net/dog.png",
        "a picture of dog (class 1) by net.onnx", in: folder)
      try expectRefusal(
        ["--unit", "3", "--size", "24", "--steps", "3", "--model", "other.onnx"]
          + ["--output", "outputs/net/dog.png"], of: "outputs/net/dog.png", "a picture of dog",
        in: folder)
    }
  }

  @Test func aPhotographIsNot() throws {
    try inModel { folder in
      try expectRefusal(
        Self.unit + ["--output", "cat.png"], of: "cat.png", "a file that this program did not make",
        in: folder)
      try writePicture(to: folder.appending(path: "cat.png"))
      try expectRefusal(
        ["saliency", "cat.png", "--model", "net.onnx", "--method", "gradient", "-o", "cat.png"],
        of: "cat.png", "did not make", in: folder)
    }
  }

  @Test func theMapOfAnotherPhotographOfTheNameIsNot() throws {
    try inModel { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "b"), withIntermediateDirectories: true)
      try writePicture(to: folder.appending(path: "b/cat.png"), width: 17)
      func map(_ name: String, _ options: String...) -> [String] {
        ["saliency", name, "--model", "net.onnx", "--method", "gradient"] + options
      }
      let cases: [([String], String)] = [
        ([], "cat-saliency-gradient.png"),
        (["--only", "overlay"], "cat-saliency-gradient-overlay.png"),
      ]
      for (options, name) in cases {
        // The same photograph again is, also from another place.
        for _ in 0..<2 {
          #expect(try run(program(), map("cat.png") + options, in: folder).status == 0)
        }
        try expectRefusal(
          map("b/cat.png") + options, of: "outputs/\(name)", "of another photograph", in: folder)
      }
      #expect(try run(program(), map("cat.png", "b/cat.png"), in: folder).status == 0)
      #expect(try run(program(), map("b/cat.png", "cat.png"), in: folder).status == 1)
      let evaluate = ["evaluate", "--model", "net.onnx", "--methods", "gradient", "--measures"]
      #expect(try run(program(), evaluate + ["sparseness", "cat.png"], in: folder).status == 0)
      try expectRefusal(
        evaluate + ["sparseness", "b/cat.png"], of: "outputs/evaluation/evaluation.csv",
        "an evaluation of other pictures", in: folder)
    }
  }

  @Test func anEmptyFileIs() throws {
    try inModel { folder in
      try Data().write(to: folder.appending(path: "new.png"))
      #expect(try run(program(), Self.unit + ["--output", "new.png"], in: folder).status == 0)
    }
  }

  @Test func aFrameOfSomebodyElseIsNot() throws {
    try inModel { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "frames"), withIntermediateDirectories: true)
      try writePicture(to: folder.appending(path: "frames/cat.png"))
      let before = files(in: folder)
      let refused = try run(program(), Self.unit + ["--frames", "frames"], in: folder)
      #expect(refused.status == 1 && files(in: folder) == before)
      #expect(refused.errors.contains("a folder with something in it"), "\(refused.errors)")
    }
  }

  @Test func aPageInAGallerysFolderIsNot() throws {
    try inModel { folder in
      let plan = "model: net.onnx\noutput: site\ndefaults: {size: 24, steps: 3}\npictures: [dog]\n"
      try Data(plan.utf8).write(to: folder.appending(path: "plan.yaml"))
      try FileManager.default.createDirectory(
        at: folder.appending(path: "site"), withIntermediateDirectories: true)
      try Data("<html>home</html>".utf8).write(to: folder.appending(path: "site/index.html"))
      try expectRefusal(
        ["gallery", "plan.yaml"], of: "site/index.html", "a page that this program did not make",
        in: folder)
    }
  }

  @Test func aPlanMayNotWriteOutsideOfItsFolder() throws {
    try inModel { folder in
      let plan =
        "model: ../net.onnx\noutput: ../site\ndefaults: {size: 24, steps: 3}\npictures: [dog]\n"
      let plans = folder.appending(path: "plans")
      try FileManager.default.createDirectory(at: plans, withIntermediateDirectories: true)
      try Data(plan.utf8).write(to: plans.appending(path: "plan.yaml"))
      let before = files(in: folder)
      let refused = try visualize("gallery", "plans/plan.yaml", in: folder)
      #expect(refused.status == 1 && files(in: folder) == before)
      #expect(refused.errors.contains("outside of the folder that the plan lies in"))
      #expect(refused.errors.contains("--output FOLDER"))
      #expect(try visualize("gallery", "plans/plan.yaml", "-o", "site", in: folder).status == 0)
    }
  }

  @Test(arguments: ["x.jpg", "x.gif", "a.b/x.npy"])
  func anotherFormatIsAMistake(_ name: String) throws {
    try inModel { folder in
      let before = files(in: folder)
      let run = try run(program(), Self.unit + ["--output", name], in: folder)
      #expect(run.status == 64 && files(in: folder) == before)
      #expect(run.errors.contains("must end in .png"))
    }
  }
}
