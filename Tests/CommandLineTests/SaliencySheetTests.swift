import Foundation
import Imaging
import Testing

/// Several pictures, units and methods at once, and what is saved of them.
@Suite struct SaliencySheetTests {
  private func inFolder(_ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      try body(folder)
    }
  }

  private func saliency(_ arguments: String..., in folder: URL) throws -> Run {
    try run(program(), ["saliency", "cat.png", "-m", "net.onnx"] + arguments, in: folder)
  }

  @Test func severalUnitsAndMethodsStandOnOneSheet() throws {
    try inFolder { folder in
      let run = try saliency(
        "-u", "dog", "-u", "hot dog", "--method", "gradient", "--method", "grad-cam", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output == "outputs/cat-saliency-gradient-grad-cam-dog-hot-dog.png\n")
      let sheet = try Picture(contentsOf: folder.appending(path: run.output.dropLast()).path)
      // A line a unit, a column a method and one for the photograph.
      #expect(sheet.width > 3 * 260 && sheet.height > 2 * 200)
      let top = try saliency("--top", "3", "--method", "gradient", in: folder)
      #expect(top.status == 0 && top.output == "outputs/cat-saliency-gradient-top-3.png\n")
      let against = try saliency(
        "-u", "dog", "--against", "hot dog", "--method", "gradient", in: folder)
      #expect(against.output == "outputs/cat-saliency-gradient-dog-against-hot-dog.png\n")
    }
  }

  @Test func everyMethodThatTheNetworkAllows() throws {
    try inFolder { folder in
      let run = try saliency("--method", "all", "--steps", "3", "--samples", "4", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output == "outputs/cat-saliency-all.png\n")
    }
  }

  @Test("Broken pictures are named, the rest is made")
  func brokenPictures() throws {
    try inFolder { folder in
      let pictures = folder.appending(path: "pictures")
      try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
      try writePicture(to: pictures.appending(path: "a.png"))
      try writePicture(to: pictures.appending(path: "b.png"), width: 50)
      for name in ["x.png", "y.jpg", "z.jpeg"] {
        try Data("no picture".utf8).write(to: pictures.appending(path: name))
      }
      try Data("notes".utf8).write(to: pictures.appending(path: "notes.txt"))
      let run = try visualize(
        "saliency", "pictures", "-m", "net.onnx", "--method", "gradient", in: folder)
      #expect(run.status == 1)
      #expect(run.output == "outputs/saliency-gradient.png\n")
      for name in ["x.png", "y.jpg", "z.jpeg"] {
        #expect(run.errors.contains("pictures/\(name)"), "\(run.errors)")
      }
      #expect(run.errors.contains("3 could not be made"))
      #expect(!run.errors.contains("notes.txt"))
      let empty = try visualize("saliency", "outputs/none", "-m", "net.onnx", in: folder)
      #expect(empty.status == 1 && empty.errors.contains("outputs/none"))
    }
  }

  @Test func numbersAreSavedAsTheyAre() throws {
    try inFolder { folder in
      let run = try saliency(
        "--method", "gradient", "--format", "npy", "--format", "json", "--format", "csv", in: folder
      )
      #expect(run.status == 0, "\(run.errors)")
      let stem = "outputs/cat-saliency-gradient"
      #expect(run.output == "\(stem).npy\n\(stem).json\n\(stem).csv\n")
      let npy = try Data(contentsOf: folder.appending(path: "\(stem).npy"))
      #expect(npy.count == 128 + 4 * 16 * 24)
      #expect(String(decoding: npy[10..<128], as: UTF8.self).contains("'shape': (16, 24), "))
      let json = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "\(stem).json")))
          as? [String: Any])
      #expect((json["shape"] as? [Int]) == [16, 24] && (json["values"] as? [Any])?.count == 384)
      let table = try String(contentsOf: folder.appending(path: "\(stem).csv"), encoding: .utf8)
      #expect(table.split(separator: "\n").count == 16)
      // The same numbers in all three.
      let first = try #require(table.split(separator: ",").first.flatMap { Float($0) })
      let bits = npy[128..<132].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      #expect(Float(bitPattern: bits) == first)
      #expect((json["values"] as? [Double])?.first.map { Float($0) } == first)
      let each = try saliency(
        "--method", "gradient", "--format", "npy", "--channels", "each", "--grid", "picture", "-o",
        "each.npy", in: folder)
      #expect(each.output == "each.npy\n")
      #expect(
        try Data(contentsOf: folder.appending(path: "each.npy")).count == 128 + 4 * 3 * 40 * 30)
    }
  }

  @Test(
    "An output that cannot be written is an error before the work",
    arguments: [
      (["-o", "map.gif"], "--output cannot be written as .gif"),
      (["-o", "map.npy"], "say --format npy"),
      (["-o", "map.png", "--format", "npy"], "say --format png"),
      (["-o", "map.png", "--only", "overlay", "--top", "2"], "name a folder"),
      (["--format", "csv", "--channels", "each"], "one number a pixel"),
      (["--top", "0"], "--top must be 1 to 100"), (["--percentile", "0"], "--percentile must be"),
      (["--width", "3"], "--width must be 32"), (["--blur=-1"], "--blur must be"),
      (["--usual", "x"], "--usual is for --what-fires only"),
      (["--what-fires", "-u", "dog"], "makes no map of a unit and goes without"),
      (["--what-fires", "--format", "csv"], "--what-fires makes pictures"),
      (["--top", "2", "-u", "dog"], "exclude each other"),
      (["--baseline", "nothing"], "is no baseline"), (["--steps", "0"], "--steps must be 1"),
    ])
  func wrongUse(_ arguments: [String], _ message: String) throws {
    try inFolder { folder in
      let before = files(in: folder)
      let run = try run(
        program(), ["saliency", "cat.png", "-m", "net.onnx"] + arguments, in: folder)
      #expect(run.status == 64)
      #expect(run.errors.contains(message), "\(run.errors)")
      // Whether the command line was wrong by itself or only for this network and these files.
      #expect(run.errors.contains("Usage: visualize saliency <picture>"), "\(run.errors)")
      #expect(files(in: folder) == before)
    }
  }

  @Test(
    "Pictures of the map alone have the photograph's own size", arguments: ["heatmap", "overlay"])
  func only(_ part: String) throws {
    try inFolder { folder in
      let run = try saliency("--method", "gradient", "--only", part, in: folder)
      #expect(run.output == "outputs/cat-saliency-gradient-\(part).png\n", "\(run.errors)")
      let picture = try Picture(contentsOf: folder.appending(path: run.output.dropLast()).path)
      #expect((picture.width, picture.height) == (40, 30))
      // The network is shown 24×16 of 40×30: the middle 40×27.
      #expect(run.errors.contains("the network is shown the middle 40×27 of 40×30"))
      let wide = try saliency(
        "--method", "gradient", "--only", part, "--width", "80", "--fit", "pad", "-o", "w.png",
        in: folder)
      #expect(!wide.errors.contains("the middle"))
      #expect(try Picture(contentsOf: folder.appending(path: "w.png").path).height == 60)
    }
  }

  @Test func aMapInWhichThereIsNothingIsSaidAndNotDrawn() throws {
    try inFolder { folder in
      try writePicture(to: folder.appending(path: "black.png"))
      try Picture(width: 24, height: 16, filledWith: .black).write(
        to: folder.appending(path: "black.png").path)
      let run = try visualize(
        "saliency", "black.png", "-m", "net.onnx", "--method", "input-x-gradient", in: folder)
      #expect(run.status == 1 && run.output.isEmpty)
      #expect(run.errors.contains("nothing to see: the map is 0 everywhere"))
      let beside = try visualize(
        "saliency", "black.png", "-m", "net.onnx", "--method", "input-x-gradient", "--method",
        "gradient", in: folder)
      #expect(beside.status == 0 && beside.errors.contains("nothing to see"))
    }
  }

  @Test func aUnitThatIsNotThereIsFoundOutBeforeTheWork() throws {
    try inFolder { folder in
      let run = try saliency("-u", "dog", "-u", "hot dgo", in: folder)
      #expect(run.status == 1 && run.output.isEmpty && run.errors.contains("hot dog"))
    }
  }

  @Test func whatFires() throws {
    try inFolder { folder in
      let own = try saliency("--what-fires", "--top", "2", in: folder)
      #expect(own.status == 0, "\(own.errors)")
      #expect(own.output == "outputs/cat-what-fires.png\n")
      let one = try saliency("--what-fires", "--usual", ".", in: folder)
      #expect(one.status == 1 && one.errors.contains("at least two pictures"))
      try writePicture(to: folder.appending(path: "other.png"), width: 31)
      let beyond = try saliency(
        "--what-fires", "--usual", ".", "--layer", "conv", "-o", "fires.png", in: folder)
      #expect(beyond.status == 0 && beyond.output == "fires.png\n", "\(beyond.errors)")
      let flat = try saliency("--what-fires", "--layer", "fc", in: folder)
      #expect(flat.status == 1 && flat.errors.contains("fc has no positions"))
    }
  }
}
