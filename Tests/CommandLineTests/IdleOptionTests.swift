import Foundation
import Testing

/// Options that would change nothing are refused with a word on what they are for.
@Suite struct IdleOptionTests {
  @Test(
    "before any work",
    arguments: [
      (["--unit", "cat", "--levels", "all"], "--levels is for --parameterization pyramid only."),
      (
        ["--unit", "cat", "--spectrum", "."], "--spectrum is for --parameterization maco only."
      ),
      (["--unit", "cat", "--like-layers", "conv"], "--like-layers is for --like only."),
      (["--unit", "cat", "--like-weight", "2"], "--like-weight is for --like only."),
      (["--unit", "cat", "--fit", "pad"], "--fit is for --init only."),
      (
        ["--unit", "cat", "--jitter", "2", "--parameterization", "pyramid"],
        "--jitter is for --transforms robust, colors, standard, none only."
      ),
      (["--unit", "cat", "--frames", "way.png"], "--frames names a folder, and way.png is"),
      (["--unit", "cat", "--unit", "dog", "-o", "x.gif"], "x.gif is a file's name"),
      (["invert", "a.png", "--layer", "conv", "--fit", "pad"], "--fit is for --init only."),
      (
        ["dream", "a.png", "-u", "conv", "--octaves", "1", "--ratio", "2"], "--ratio is for several"
      ),
      (["dream", "a.png", "-u", "conv", "--jitter", "0", "--seed", "2"], "--seed is for shifts"),
      (
        ["grid", "a.png", "--layer", "conv", "--components", "--steps", "5"],
        "--components has no icons and goes without --steps and --seed."
      ),
      (["saliency", "a.png", "--grid", "picture"], "--grid is for numbers"),
      (["saliency", "a.png", "--channels", "each"], "--channels is for numbers"),
      (
        ["saliency", "a.png", "--format", "npy", "--percentile", "98"],
        "--percentile is for --format png, and npy holds numbers."
      ),
      (["saliency", "a.png", "--format", "csv", "--width", "64"], "--width is for --format png"),
      (["saliency", "a.png", "--each-box"], "--each-box is for detectors"),
      (["saliency", "a.png", "--what-fires", "--against", "dog"], "goes without --against."),
      (["saliency", "a.png", "--what-fires", "--toward", "a.png"], "goes without --toward."),
      (["saliency", "a.png", "--what-fires", "--own-scale"], "goes without --own-scale."),
      (["saliency", "a.png", "--what-fires", "--smooth", "3"], "goes without --smooth."),
      (["saliency", "a.png", "--what-fires", "--seed", "3"], "goes without --seed."),
      (["bench", "net.onnx", "--layer", "conv"], "--layer goes with --method"),
      (["bench", "net.onnx", "--smooth", "4"], "--smooth goes with --method"),
      (
        ["bench", "net.onnx", "--method", "grad-cam", "--parameterization", "pixel"],
        "--parameterization is for pictures' steps"
      ),
      (["inspect", "net.onnx", "--units", "--size", "32"], "--size is for layers and pictures"),
      (
        ["evaluate", "a.png", "-o", "x.gif"], "--output names a folder, and x.gif is a file's name"
      ),
      (["gallery", "plan.yaml", "-o", "x.html"], "--output names a folder, and x.html is"),
      (["microscope", "-o", "pages.zip"], "--output names a folder, and pages.zip is"),
    ])
  func refused(arguments: [String], words: String) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "a.png"))
      let takesModel = !["bench", "inspect", "microscope"].contains(arguments[0])
      let run = try run(
        program(), arguments + (takesModel ? ["--model", "net.onnx"] : []), in: folder)
      #expect(run.status == 64, "\(run.errors)")
      #expect(run.errorWords.contains(words), "\(run.errors)")
      #expect(Set(files(in: folder)) == ["net.onnx", "a.png"])
    }
  }

  @Test("shifts as large as the picture are refused by their size")
  func jitter() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let run = try visualize(
        "--unit", "dog", "--model", "net.onnx", "--jitter", "500", "--steps", "2", in: folder)
      #expect(run.status != 0)
      #expect(run.errorWords.contains("must be less than 16, the picture's shorter side"))
    }
  }

  @Test("a folder that is there may have any name")
  func folders() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "a.png"))
      let there = folder.appending(path: "x.gif", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: there, withIntermediateDirectories: false)
      let run = try visualize(
        "evaluate", "a.png", "--methods", "saliency", "--measures", "sparseness", "-o", "x.gif",
        "--model", "net.onnx", in: folder)
      #expect(run.status == 0, "\(run.errors)")
    }
  }
}
