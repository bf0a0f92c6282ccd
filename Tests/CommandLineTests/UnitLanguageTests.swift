import Foundation
import Imaging
import TestSupport
import Testing

/// Units are written in one language in every command that takes them.
///
/// | written | is |
/// | --- | --- |
/// | `cat`, `hot dog`, `Route 66`, `1984`, `3:10 to Yuma`, `"3:10 to Yuma"` | a class by its label, in quotes or not |
/// | `4`, `0-1`, `all logits` | classes by their numbers |
/// | `conv:2`, `conv:2@4,5`, `conv` | a channel, a neuron, a layer |
/// | `conv:0-1`, `conv:1,3`, `conv:all` | several channels |
@Suite struct UnitLanguageTests {
  private static let labels = "cat, house cat\n3:10 to Yuma\nRoute 66\n1984\nhot dog"

  private static let written = [
    "cat", "4", "\"3:10 to Yuma\"", "3:10 to Yuma", "Route 66", "1984", "hot dog", "conv:2",
    "conv:2@4,5", "conv", "conv:0-1", "conv:1,3", "0-1", "conv:all", "all logits",
  ]
  /// What all of these are, by the names of files.
  private static let meant: Set = [
    "cat", "3-10-to-Yuma", "Route-66", "1984", "hot-dog", "conv-0", "conv-1", "conv-2", "conv-3",
    "conv-2-x4-y5", "conv",
  ]

  /// What is wrong, and words of what is said.
  private static let wrong = [
    ("ct", "cat (0)"), ("conv:9", "has the channels 0…3, not 9"), ("cnv:1", "conv"),
    ("conv:3-1", "write 1-3"), ("17", "the classes 0…4"),
  ]

  private func inFolder(_ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(
        to: folder.appending(path: "net.onnx"),
        metadata: [("labels", Self.labels), ("input.range", "0,1"), ("input.size", "16,16")])
      try writePicture(to: folder.appending(path: "photo.png"))
      try body(folder)
    }
  }

  /// A command that takes units, as it is typed before them.
  private static let commands: [String: [String]] = [
    "picture": ["--steps", "1"],
    "saliency": ["photo.png", "--method", "gradient", "--format", "csv"],
    "evaluate": ["photo.png", "--methods", "gradient", "--measures", "sparseness"],
    "accentuate": ["photo.png", "--steps", "1"],
    "dream": ["photo.png", "--steps", "1", "--octaves", "1", "--side", "64"],
  ]

  private func made(_ command: String, _ units: [String], in folder: URL) throws -> Run {
    try run(
      program(),
      [command] + (Self.commands[command] ?? []) + ["--model", "net.onnx"]
        + units.flatMap { ["--unit", $0] }, in: folder)
  }

  @Test(
    "every way to write units is understood by every command", arguments: commands.keys.sorted())
  func understood(command: String) throws {
    try inFolder { folder in
      let found = try made(command, Self.written, in: folder)
      #expect(found.status == 0, "\(found.errors)")
      let lines = found.output.split(separator: "\n").map(String.init)
      switch command {
      case "evaluate":
        let table = try String(
          contentsOf: folder.appending(path: "outputs/evaluation/evaluation.csv"), encoding: .utf8)
        #expect(table.split(whereSeparator: \.isNewline).count == Self.meant.count + 1, "\(table)")
      default:
        // An accentuation is called as its unit is written.
        let others = ["4": "hot-dog", "conv-2-4-5": "conv-2-x4-y5"]
        let names = lines.map { line in
          let name = URL(filePath: line).deletingPathExtension().lastPathComponent
            .replacing(#/^photo-(accentuation|dream|saliency-gradient)-/#, with: "")
          return others[name] ?? name
        }
        #expect(Set(names) == Self.meant && names.count == Self.meant.count, "\(names)")
      }
    }
  }

  @Test("a detector's classes are units of every command", arguments: commands.keys.sorted())
  func detector(command: String) throws {
    try inFolder { folder in
      let net = folder.appending(path: "net.onnx")
      try FileManager.default.removeItem(at: net)
      try FileManager.default.copyItem(at: Recordings.file("detector/model.onnx"), to: net)
      // It halves its maps five times.
      try writePicture(to: folder.appending(path: "photo.png"), width: 64, height: 64)
      let found = try made(command, ["cat", "1-2", "\"owl\"", "all logits"], in: folder)
      #expect(found.status == 0, "\(found.errors)")
      let said = command == "evaluate" ? found.errors : found.output
      for name in ["cat", "dog", "owl"] { #expect(said.contains(name), "\(said)") }
    }
  }

  @Test("bench times a detector whose classes are read at several heads")
  func severalHeads() throws {
    try inFolder { folder in
      try FileManager.default.copyItem(
        at: Recordings.file("detector/fcos.onnx"), to: folder.appending(path: "heads.onnx"))
      let found = try visualize(
        "bench", "heads.onnx", "--preset", "none", "--unit", "1", "--repeats", "1", in: folder)
      #expect(
        found.status == 0 && found.output.contains("forward and gradient"), "\(found.errors)")
    }
  }

  @Test(
    "a channel at the class token is a unit of every command of pictures",
    arguments: ["picture", "saliency", "accentuate"])
  func classToken(command: String) throws {
    try inFolder { folder in
      let net = folder.appending(path: "net.onnx")
      try FileManager.default.removeItem(at: net)
      try FileManager.default.copyItem(
        at: Recordings.file("networks/vit-mini/model.onnx"), to: net)
      let found = try made(command, ["encoder.ln:1@class"], in: folder)
      #expect(found.status == 0 && found.output.contains("encoder.ln-1-class"), "\(found.errors)")
    }
  }

  @Test("of a size that the network does not take it is said, and not that it lacks tokens")
  func size() throws {
    try inFolder { folder in
      let net = Recordings.file("networks/vit-mini/model.onnx").path
      let found = try visualize(
        "dream", "photo.png", "--model", net, "--unit", "encoder.ln:1@class", in: folder)
      #expect(
        found.status == 1 && found.errors.contains("cannot take an input of 1×3×30×40"),
        "\(found.errors)")
    }
  }

  @Test("what is no unit is said with what is near", arguments: commands.keys.sorted())
  func misspelt(command: String) throws {
    try inFolder { folder in
      // One reader is behind all of them: of each, a label and a channel.
      for (text, words) in command == "picture" ? Self.wrong[...] : Self.wrong.prefix(2) {
        let found = try made(command, [text], in: folder)
        #expect(found.status == 1 && found.errors.contains(words), "\(text): \(found.errors)")
      }
    }
  }

  @Test("a gallery's plan speaks the same language")
  func gallery() throws {
    try inFolder { folder in
      func plan(_ units: [String], _ kinds: [String] = ["pictures", "saliency"]) throws -> Run {
        let list = units.map { "'\($0)'" }.joined(separator: ", ")
        let entries = [
          "pictures": "pictures: [\(list)]",
          "saliency": "saliency: [{picture: photo.png, units: [\(list)], methods: [gradient]}]",
        ]
        let text = (["model: net.onnx", "defaults: {steps: 1}"] + kinds.map { entries[$0] ?? "" })
          .joined(separator: "\n")
        try Data(text.utf8).write(to: folder.appending(path: "plan.yaml"))
        return try visualize("gallery", "plan.yaml", in: folder)
      }
      let found = try plan(Self.written)
      #expect(found.status == 0, "\(found.errors)")
      let made = files(in: folder.appending(path: "outputs/plan")).filter { $0.hasSuffix(".png") }
        .map { String($0.dropLast(4)) }
      #expect(Self.meant.isSubset(of: made) && made.contains("saliency-photo"), "\(made)")
      let sheet = try PNGText.texts(
        inFileAt: folder.appending(path: "outputs/plan/saliency-photo.png").path)
      let key = sheet.first { $0.keyword == "Gallery key" }?.text ?? ""
      for unit in ["channel 3 of conv", "Route 66", "1984"] {
        #expect(key.contains(unit), "\(key)")
      }
      for (text, words) in Self.wrong.prefix(2) {
        for kind in ["pictures", "saliency"] {
          let found = try plan([text], [kind])
          #expect(
            found.status == 1 && found.errors.contains("plan.yaml:3: ")
              && found.errors.contains(words), "\(kind), \(text): \(found.errors)")
        }
      }
    }
  }

  @Test(
    "an option for one unit takes each that is one, and says that several are too many",
    arguments: ["bench", "--against"])
  func one(option: String) throws {
    try inFolder { folder in
      func ask(_ unit: String) throws -> Run {
        option == "bench"
          ? try visualize("bench", "net.onnx", "--repeats", "1", "--unit", unit, in: folder)
          : try visualize(
            "saliency", "photo.png", "--model", "net.onnx", "--method", "gradient", "--unit",
            "hot dog", "--against", unit, "--force", in: folder)
      }
      // A measurement takes a second; `BenchTests` has some.
      for unit in ["\"3:10 to Yuma\"", "1984", "conv:2@4,5"] where option != "bench" {
        let found = try ask(unit)
        #expect(found.status == 0, "\(unit): \(found.errors)")
      }
      for unit in ["conv:0-1", "all logits"] {
        let found = try ask(unit)
        #expect(
          found.status == 64 && found.errors.contains("one unit is meant here"), "\(found.errors)")
      }
      for (text, words) in Self.wrong.prefix(2) {
        let found = try ask(text)
        #expect(found.status == 1 && found.errors.contains(words), "\(text): \(found.errors)")
      }
    }
  }

  @Test("an objective's units are written so too, with signs in quotes")
  func objective() throws {
    try inFolder { folder in
      let found = try visualize(
        "--objective",
        "\"3:10 to Yuma\" - 0.5 * \"Route 66\" + 0.1 * conv:2@4,5 + conv:1 + 0.1 * conv - 1984",
        "--model", "net.onnx", "--steps", "1", "-o", "a.png", in: folder)
      #expect(found.status == 0, "\(found.errors)")
      let wrong = try visualize(
        "--objective", "cat - ct", "--model", "net.onnx", in: folder)
      #expect(wrong.status == 1 && wrong.errors.contains("cat (0)"), "\(wrong.errors)")
    }
  }

  @Test(
    "layers are named with the nearest where there is none of the name",
    arguments: ["invert", "caricature", "grid"])
  func layers(command: String) throws {
    try inFolder { folder in
      let found = try visualize(
        command, "photo.png", "--layer", "cnv", "--model", "net.onnx", in: folder)
      #expect(found.status == 1 && found.errors.contains("conv"), "\(found.errors)")
    }
  }
}
