import Foundation
import Testing

/// Options that are misspelt, also where they leave what is required missing.
@Suite struct UnknownOptionTests {
  @Test(
    "what is unknown is told before what is missing, with what was meant",
    arguments: [
      (["saliency", "--modle", "net.onnx"], "--modle", "--model", "saliency"),
      (["saliency", "cat.png", "--modle=net.onnx"], "--modle", "--model", "saliency"),
      (["--modle", "net.onnx"], "--modle", "--model", "picture"),
      (["judge", "--bye", "net.onnx"], "--bye", "--by", "judge"),
      (["accentuate", "--unti", "cat"], "--unti", "--unit", "accentuate"),
      (["invert", "--modle", "net.onnx"], "--modle", "--model", "invert"),
      (["grid", "--layre", "conv"], "--layre", "--layer", "grid"),
      (["gallery", "--modle", "net.onnx"], "--modle", "--model", "gallery"),
      (["train", "--epohcs", "3"], "--epohcs", "--epochs", "train"),
      (["verify", "--toleranze", "3"], "--toleranze", "", "verify"),
      (["inspect", "--picure", "cat.png"], "--picure", "--picture", "inspect"),
    ])
  func told(_ arguments: [String], option: String, meant: String, command: String) throws {
    try inEmptyFolder { folder in
      let run = try run(program(), arguments, in: folder)
      #expect(run.status == 64 && run.output.isEmpty)
      #expect(run.errors.hasPrefix("Error: Unknown option '\(option)'"), "\(run.errors)")
      #expect(
        meant.isEmpty || run.errors.contains("Did you mean '\(meant)'?"), "\(run.errors)")
      #expect(run.errors.contains("See 'visualize \(command) --help'"), "\(run.errors)")
    }
  }

  @Test("what is known, a value or behind -- is not told to be unknown")
  func known() throws {
    try inEmptyFolder { folder in
      let missing = try visualize("saliency", "--model", "net.onnx", in: folder)
      #expect(missing.status == 64 && missing.errors.contains("Missing expected argument"))
      let behind = try visualize("inspect", "--all", "--units", "--", "--modle", in: folder)
      #expect(behind.status == 64 && !behind.errors.contains("Unknown option"), "\(behind.errors)")
      #expect(try visualize("inspect", "--help", in: folder).status == 0)
    }
  }

  @Test("a value that begins with a dash is told how to be written")
  func dashes() throws {
    try inEmptyFolder { folder in
      let run = try visualize("--unit", "-mixed4a:10", in: folder)
      #expect(run.status == 64)
      #expect(run.errors.contains("write --unit=-mixed4a:10"), "\(run.errors)")
      let written = try visualize("--unit=-mixed4a:10", in: folder)
      #expect(written.status == 1 || written.status == 64)
      #expect(written.errors.contains("-mixed4a"), "\(written.errors)")
    }
  }
}
