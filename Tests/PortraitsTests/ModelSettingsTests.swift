import Foundation
import Networks
import Portraits
import Testing
import Visualization

@Suite struct ModelSettingsTests {
  @Test(
    "what is wrong is said with who says it",
    arguments: [
      ("input.color", "CMYK", "RGB, BGR or gray"), ("input.range", "0..255", "black and white"),
      ("input.std", "1,0", "a positive number"), ("input.size", "0", "height and width"),
      ("visualize.logits.tv", "-1", "a number, 0 or more"),
      ("visualize.logits.steps", "0", "a whole number from 1 to 1000000"),
      ("visualize.logits.learning-rate", "0", "a number above 0"),
    ])
  func wrong(key: String, value: String, expected: String) throws {
    let error = try #require(throws: ModelSettingsError.self) {
      try ModelSettings([key: value], from: "net.json")
    }
    #expect("\(error)".hasPrefix("net.json: \(key) is “\(value)” and must be "))
    #expect("\(error)".contains(expected))
  }

  @Test("the JSON file beside a model may say whatever its metadata may")
  func json() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let known = Settings.all.filter(\.isKnownToModels)
    let values = known.map { "\"visualize.logits.\($0.key)\": 1" }.joined(separator: ", ")
    try Data("{\(values), \"input.range\": [0, 255], \"other\": true}".utf8)
      .write(to: folder.appending(path: "net.json"))
    let model = folder.appending(path: "net.onnx").path
    let settings = try ModelSettings(besideModel: model)
    #expect(settings.values["input.range"] == "0,255" && settings.values["other"] == nil)
    let recipe = try Recipe(forLogitsBy: settings.values)
    for setting in known { #expect(setting.text(in: recipe) == "1") }
    try Data(#"{"visualize.logits.tvv": 2}"#.utf8).write(to: folder.appending(path: "net.json"))
    let error = try #require(throws: ModelSettingsError.self) {
      try ModelSettings(besideModel: model)
    }
    #expect("\(error)".contains("did you mean visualize.logits.tv?"))
  }
}
