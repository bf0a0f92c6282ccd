import Foundation
import Imaging
import Testing

@Suite struct JudgeCommandTests {
  private static let arguments = ["--model", "net.onnx", "--steps", "3", "--size=24"]

  private func inModel(_ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writeSmallModel(to: folder.appending(path: "other.onnx"), operators: ["Sigmoid"])
      try body(folder)
    }
  }

  @Test("pictures are judged by the class that stands in their files")
  func classes() throws {
    try inModel { folder in
      for unit in ["cat", "conv:1"] {
        #expect(try run(program(), ["--unit", unit] + Self.arguments, in: folder).status == 0)
      }
      try writePicture(to: folder.appending(path: "outputs/net/a.png"))
      let run = try visualize(
        "judge", "outputs/net", "--by", "other.onnx", "--by", "net.onnx", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("cat: rank ") && run.output.contains("; sees "))
      #expect(run.output.contains("other.onnx: of 1, ") && run.output.contains("net.onnx: of 1, "))
      #expect(run.output.contains("saturation "))
      let json = try visualize(
        "judge", "outputs/net", "--by", "other.onnx", "--class", "dog", "--json", in: folder)
      let entries = try #require(
        JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
      #expect(entries.count == 3 && entries.allSatisfy { $0["class"] as? String == "dog" })
      let seen = try #require(entries[0]["judges"] as? [[String: Any]])
      #expect((1...5).contains(try #require(seen[0]["rank"] as? Int)))
    }
  }

  @Test(
    "a judge whose pictures nothing describes says how they are prepared"
  )
  func guesses() throws {
    try inEmptyFolder { folder in
      try writePicture(to: folder.appending(path: "cat.png"))
      try writeSmallModel(
        to: folder.appending(path: "net.onnx"), metadata: [("labels", "cat\ndog\nhen\nowl\npig")])
      let run = try visualize("judge", "cat.png", "--by", "net.onnx", "--class", "cat", in: folder)
      #expect(run.status == 0 && run.output.contains("cat: rank "), "\(run.errors)")
      #expect(run.errors.contains("Assuming RGB in 0…1"), "\(run.errors)")
      #expect(run.errors.contains("--preset says better"))
    }
  }

  @Test("labels and preparations of judges, for all or for each, and what JSON says of them")
  func options() throws {
    try inEmptyFolder { folder in
      try writePicture(to: folder.appending(path: "cat.png"))
      try writeSmallModel(to: folder.appending(path: "bare.onnx"), metadata: [])
      try writeSmallModel(to: folder.appending(path: "own.onnx"))
      for (name, labels) in [("a", "ant\nbee\nfly\ngnat\nmoth"), ("b", "oak\nash\nelm\nfir\nyew")] {
        try Data(labels.utf8).write(to: folder.appending(path: "\(name).txt"))
      }
      func seen(_ words: [String]) throws -> [[String: Any]] {
        let run = try run(program(), ["judge", "cat.png", "--json"] + words, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let entries = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        let pictures = try #require(entries as? [[String: Any]])
        return try #require(pictures[0]["judges"] as? [[String: Any]])
      }
      func preparation(_ judge: [String: Any]) throws -> [String: Any] {
        try #require(judge["pictures"] as? [String: Any])
      }
      let two = ["--by", "bare.onnx", "--by", "own.onnx"]
      let assumed = try seen(two).map(preparation)
      #expect(assumed.map { $0["isKnown"] as? Bool } == [false, true])
      #expect((assumed[0]["guess"] as? String)?.contains("RGB in 0…1 is assumed") == true)
      #expect(assumed[1]["guess"] == nil)
      let each = try seen(two + ["--labels", "a.txt", "--labels", "b.txt", "--preset", "caffe"])
      #expect("ant bee fly gnat moth".contains(try #require(each[0]["first"] as? String)))
      #expect("oak ash elm fir yew".contains(try #require(each[1]["first"] as? String)))
      for judge in each {
        let pictures = try preparation(judge)
        #expect(pictures["color"] as? String == "BGR" && pictures["isKnown"] as? Bool == true)
        #expect(pictures["mean"] as? [Double] == [104, 117, 123])
      }
      let wrong = try visualize(
        "judge", "cat.png", "--by", "own.onnx", "--preset", "tf", "--preset", "tf", in: folder)
      #expect(wrong.status == 64 && wrong.errorWords.contains("--preset is said 2 times for 1"))
      // What a model says itself gave way to the preset above.
      let help = try visualize("judge", "--help", in: folder)
      #expect(help.words.contains("How pictures are prepared, in place of what the models say"))
    }
  }

  @Test("a picture is shown to others, and the seed that they name best is kept")
  func jury() throws {
    try inModel { folder in
      let run = try run(
        program(),
        ["--unit", "dog", "--judge", "other.onnx", "--tries", "3", "-o", "x.png"] + Self.arguments,
        in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("other.onnx: dog: rank "))
      let said = run.errorWords
      #expect(said.contains(" was the best of 3"), "\(run.errors)")
      let texts = try PNGText.texts(inFileAt: folder.appending(path: "x.png").path)
      let recipe = try #require(texts.first { $0.keyword == "Recipe" }?.text)
      #expect(recipe.contains(#""tries":1"#))
      let judged = try #require(texts.first { $0.keyword == "Judged by others" }?.text)
      #expect(judged.hasPrefix("other.onnx: dog: rank "))
      let seed = try #require(texts.first { $0.keyword == "Seed" }?.text)
      #expect(said.contains("seed \(seed) was the best"))
    }
  }

  @Test("a network that yields no numbers is said once the picture is safe")
  func notFinite() throws {
    try inModel { folder in
      try writeSmallModel(to: folder.appending(path: "other.onnx"), operators: ["Neg", "Log"])
      let made = try run(
        program(), ["--unit", "dog", "--judge", "other.onnx", "-o", "x.png"] + Self.arguments,
        in: folder)
      #expect(made.status == 1 && made.output == "x.png\n", "\(made.output)")
      #expect(made.errors.contains("other.onnx computes numbers that are not finite"))
      let judged = try visualize("judge", "x.png", "--by", "other.onnx", in: folder)
      #expect(judged.status == 1 && judged.errors.contains("not finite"))
    }
  }

  @Test("wrong use is said")
  func mistakes() throws {
    try inModel { folder in
      try writePicture(to: folder.appending(path: "a.png"))
      let nobody = try visualize("judge", "a.png", in: folder)
      #expect(nobody.status == 64 && nobody.errors.contains("--by"))
      let names = try run(
        program(), ["--unit", "dog", "--names", "x.txt"] + Self.arguments, in: folder)
      #expect(names.status == 64 && names.errors.contains("--judge"))
      let missing = try visualize("judge", "a.png", "--by", "none.onnx", in: folder)
      #expect(missing.status == 1 && missing.errors.contains("none.onnx"))
      let frames = try run(
        program(), ["--unit", "dog", "--tries", "2", "--frames", "f"] + Self.arguments, in: folder)
      #expect(frames.status == 64 && frames.errors.contains("--tries"))
    }
  }

  @Test("the way there: numbered files without gaps, and an animation")
  func frames() throws {
    try inModel { folder in
      let run = try run(
        program(),
        ["--unit", "dog", "--frames", "f", "--animate", "way.png", "--scale", "1"] + Self.arguments,
        in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "f").path
      ).sorted()
      #expect(names == (0...3).map { "frame-0000\($0).png" })
      let last = try Picture(contentsOf: folder.appending(path: "f/frame-00003.png").path)
      #expect(try Picture(contentsOf: folder.appending(path: "outputs/net/dog.png").path) == last)
      let animation = try Picture(contentsOf: folder.appending(path: "way.png").path)
      #expect(
        try animation == Picture(contentsOf: folder.appending(path: "f/frame-00000.png").path))
      let bytes = try Data(contentsOf: folder.appending(path: "way.png"))
      #expect(bytes.range(of: Data("acTL".utf8)) != nil)
      let again = try CommandLineTests.run(
        program(), ["--unit", "dog", "--frames", "f"] + Self.arguments, in: folder)
      #expect(again.status == 1 && again.errors.contains("a folder with something in it"))
    }
  }
}
