import Foundation
import Testing

@Suite struct HelpTests {
  @Test(arguments: [
    "picture", "invert", "caricature", "accentuate", "dream", "grid", "saliency", "evaluate",
    "gallery", "inspect", "verify", "bench", "train", "completions",
    "manual",
  ])
  func everyCommandExplainsItself(_ command: String) throws {
    try inEmptyFolder { folder in
      let run = try visualize(command, "--help", in: folder)
      #expect(run.status == 0)
      #expect(run.errors.isEmpty)
      #expect(run.output.contains("visualize \(command == "picture" ? "--unit cat" : command)"))
      for line in run.output.split(separator: "\n") {
        #expect(line.count <= 80, "\(line)")
      }
    }
  }

  @Test func theProgramExplainsItself() throws {
    try inEmptyFolder { folder in
      let help = try visualize("--help", in: folder)
      #expect(help.status == 0)
      #expect(help.output.contains("visualize --unit cat"))
      for command in [
        "picture", "invert", "caricature", "accentuate", "dream", "grid", "saliency", "evaluate",
        "gallery", "inspect", "verify", "bench", "train",
      ] {
        #expect(help.output.contains("\n  \(command)"))
      }
      #expect(try visualize(in: folder).output == help.output)
      #expect(try visualize("help", in: folder).output == help.output)
    }
  }

  @Test func itKnowsItsVersion() throws {
    try inEmptyFolder { folder in
      let run = try visualize("--version", in: folder)
      #expect(run.status == 0)
      #expect(run.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }
  }

  @Test func aMistypedCommandIsToldApartFromAUnit() throws {
    try inEmptyFolder { folder in
      let mistyped = try visualize("salency", "cat.jpg", in: folder)
      #expect(mistyped.status == 64)
      #expect(mistyped.output.isEmpty)
      #expect(mistyped.errors.contains("there is no command 'salency'; did you mean saliency?"))
      let unit = try visualize("tabby cat", in: folder)
      #expect(unit.status == 64)
      #expect(unit.errors.contains("type: visualize --unit 'tabby cat'"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let picture = try visualize("cat.png", in: folder)
      #expect(picture.status == 64)
      #expect(picture.errors.contains("type: visualize saliency cat.png"))
    }
  }

  @Test(arguments: [
    ["--unit"], ["inspect", "--nope"], ["--unit", "cat", "--threads", "0"],
    ["--unit", "cat", "--range", "0"], ["--unit", "cat", "--std", "0"],
    ["--unit", "cat", "--preset", "keras"], ["saliency"], ["verify"],
    ["completions", "tcsh"], ["completions"],
    ["saliency", "cat.png", "--size", "0"],
    ["saliency", "cat.png", "--method", "gradient", "--layer", "conv"],
    ["verify", "case", "--tolerance", "0"],
  ])
  func badArgumentsAreUsageErrors(_ arguments: [String]) throws {
    try inEmptyFolder { folder in
      let run = try run(program(), arguments, in: folder)
      #expect(run.status == 64)
      #expect(run.output.isEmpty)
      #expect(run.errors.hasPrefix("Error: "))
      #expect(files(in: folder).isEmpty)
    }
  }
}
