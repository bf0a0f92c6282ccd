import Foundation
import Imaging
import Testing

/// The commands whose pictures begin with another, and options that name files.
@Suite struct FromPictureTests {
  private func inFolder(_ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "my cat.png"))
      try body(folder)
    }
  }

  private func texts(_ path: String, in folder: URL) throws -> [String: String] {
    let texts = try PNGText.texts(inFileAt: folder.appending(path: path).path)
    return Dictionary(uniqueKeysWithValues: texts.map { ($0.keyword, $0.text) })
  }

  @Test(
    "each makes its picture, prints its path alone, and says how it was made",
    arguments: [
      ("invert", ["--layer", "conv", "--steps", "3"], "inversion-conv"),
      ("caricature", ["--layer", "conv", "--steps", "3", "--power", "2"], "caricature-conv"),
      ("accentuate", ["--unit", "dog", "--steps", "3"], "accentuation-dog"),
      ("dream", ["--unit", "conv:1", "--steps", "2"], "dream-conv-1"),
      ("grid", ["--layer", "conv", "--steps", "2", "--stride", "8"], "grid-conv"),
      ("grid", ["--layer", "conv", "--steps", "2", "--groups", "2"], "groups-conv"),
      ("grid", ["--layer", "conv", "--components"], "components-conv"),
    ])
  func makes(command: String, options: [String], name: String) throws {
    try inFolder { folder in
      let arguments = [command, "my cat.png", "-m", "net.onnx"] + options
      let first = try run(program(), arguments, in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let path = "outputs/my cat-\(name).png"
      #expect(first.output == "\(path)\n")
      let said = try texts(path, in: folder)
      #expect(said["Command"]?.hasPrefix("visualize \(command) 'my cat.png'") == true)
      #expect(said["Seed"] == "0" && said["Title"]?.isEmpty == false)
      let bytes = try Data(contentsOf: folder.appending(path: path))
      let again = try run(program(), arguments + ["--threads", "3"], in: folder)
      #expect(again.status == 0, "\(again.errors)")
      #expect(try Data(contentsOf: folder.appending(path: path)) == bytes)
      // Somebody else's file stays.
      try Data("mine".utf8).write(to: folder.appending(path: path))
      #expect(try run(program(), arguments, in: folder).status == 1)
    }
  }

  @Test("a dream keeps the picture's size, a grid has its cells' size for each position")
  func sizes() throws {
    try inFolder { folder in
      _ = try visualize(
        "dream", "my cat.png", "-u", "conv", "-m", "net.onnx", "--steps", "1", "-o", "d.png",
        in: folder)
      let dream = try Picture(contentsOf: folder.appending(path: "d.png").path)
      #expect(dream.width == 40 && dream.height == 30)
      // 24×16 pixels, of which 22×14 positions; every seventh.
      _ = try visualize(
        "grid", "my cat.png", "--layer", "conv", "-m", "net.onnx", "--steps", "1", "--stride", "7",
        "--cell", "16", "-o", "g.png", in: folder)
      let grid = try Picture(contentsOf: folder.appending(path: "g.png").path)
      #expect(grid.width == 3 * 16 && grid.height == 2 * 16)
    }
  }

  @Test("what is wrong is said with its option or name")
  func wrong() throws {
    try inFolder { folder in
      func expect(_ arguments: [String], _ status: Int32, _ words: String) throws {
        let run = try run(program(), arguments + ["-m", "net.onnx"], in: folder)
        #expect(run.status == status && run.errors.contains(words), "\(run.errors)")
      }
      try expect(["invert", "none.png", "--layer", "conv"], 1, "none.png")
      try expect(["invert", "my cat.png", "--layer", "cnov"], 1, "did you mean conv")
      try expect(["invert", "my cat.png"], 64, "--layer")
      try expect(["caricature", "my cat.png", "--layer", "conv", "--power", "-1"], 64, "--power")
      try expect(["dream", "my cat.png", "--unit", "conv", "--ratio", "1"], 64, "--ratio")
      try expect(["grid", "my cat.png", "--layer", "fc"], 1, "fc has no positions")
      try expect(["grid", "my cat.png", "--layer", "conv", "--groups", "0"], 64, "--groups")
      try expect(["--unit", "cat", "--like", "none"], 1, "none")
      try expect(["--unit", "cat", "--batch-norm", "1"], 1, "holds no batch normalizations")
      try expect(["--unit", "cat", "--trust", "none"], 1, "none")
    }
  }

  @Test("directions: of a row, at one position, and what does not fit")
  func directions() throws {
    try inFolder { folder in
      let numbers: [Float] = [1, 0, 0, 0, 0, 1, -1, 0.5]
      let bytes = numbers.flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
      }
      let header = Array(#"{"w":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]}}"#.utf8)
      let length = [UInt8(header.count)] + [UInt8](repeating: 0, count: 7)
      try Data(length + header + bytes).write(to: folder.appending(path: "v.safetensors"))
      func run(_ arguments: String...) throws -> Run {
        try CommandLineTests.run(
          program(), arguments + ["-m", "net.onnx", "--steps", "3", "-o", "d.png"], in: folder)
      }
      let row = try run("--direction", "v.safetensors:1", "--layer", "act0")
      #expect(row.status == 0, "\(row.errors)")
      #expect(
        try texts("d.png", in: folder)["Title"] == #"direction("act0", "v.safetensors:1", 2)"#)
      let place = try run(
        "--direction", "v.safetensors:w:0", "--layer", "act0@3,2", "--power", "0", "--force")
      #expect(place.status == 0, "\(place.errors)")
      let wrong = try run("--direction", "v.safetensors:0", "--layer", "fc", "--force")
      #expect(wrong.status == 1 && wrong.errors.contains("has 4 numbers, but fc has 5 channels"))
      #expect(try run("--direction", "v.safetensors:9", "--layer", "act0").status == 1)
      #expect(try run("--direction", "v.safetensors:0").status == 64)
      #expect(try run("--layer", "act0", "--unit", "cat").status == 64)
      #expect(
        try run("--direction", "v.safetensors:0", "--layer", "act0", "--unit", "cat").status == 64)
    }
  }

  @Test("--like says that pictures are few; --trust says what it found, also in the file")
  func folders() throws {
    try inFolder { folder in
      let natural = folder.appending(path: "natural")
      try FileManager.default.createDirectory(at: natural, withIntermediateDirectories: true)
      for index in 0..<5 {
        try writePicture(
          to: natural.appending(path: "\(index).png"), width: 24 + 4 * index, height: 16 + index)
      }
      let run = try visualize(
        "--unit", "cat", "--like", "natural", "--trust", "natural", "-m", "net.onnx", "--steps",
        "3", "-o", "a.png", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("natural has 5 pictures, of which statistics are rough"))
      #expect(run.errors.contains("contributions of channels"))
      let said = try texts("a.png", in: folder)
      let verdict = try #require(said["Trust"])
      let words = run.errorWords
      #expect(verdict.contains("responds") && words.contains(verdict), "\(run.errors)")
    }
  }

  @Test("where there is one unit, several are refused with what is taken")
  func one() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      for arguments in [
        ["bench", "net.onnx", "--unit", "conv:0-1"],
        ["saliency", "cat.png", "-m", "net.onnx", "--unit", "dog", "--against", "conv:all"],
      ] {
        let run = try run(program(), arguments, in: folder)
        #expect(run.status == 64 && run.errors.contains("one unit is meant here, and `conv:"))
      }
    }
  }

  @Test("ranges and several units are a picture each")
  func several() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      for (command, name, last) in [
        ("accentuate", "accentuation", "dog"), ("dream", "dream", "conv"),
      ] {
        let run = try visualize(
          command, "cat.png", "--unit", "conv:0-1", "--unit", last, "--steps", "1", "-m",
          "net.onnx", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let files = ["conv-0", "conv-1", last].map { "outputs/cat-\(name)-\($0).png" }
        #expect(run.output.split(separator: "\n").map(String.init) == files)
        let one = try visualize(
          command, "cat.png", "--unit", "conv:0-1", "-m", "net.onnx", "-o", "a.png", in: folder)
        #expect(one.status == 64 && one.errors.contains("--output names one file, and 2 pictures"))
      }
    }
  }
}
