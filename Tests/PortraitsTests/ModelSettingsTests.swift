import Networks
import Portraits
import TestSupport
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
    let folder = try TemporaryFolder()
    let known = Settings.all.filter(\.isKnownToModels)
    let values = known.map { "\"visualize.logits.\($0.key)\": 1" }.joined(separator: ", ")
    try folder.file("net.json", "{\(values), \"input.range\": [0, 255], \"other\": true}".utf8)
    let model = "\(folder.path)/net.onnx"
    let settings = try ModelSettings(besideModel: model)
    #expect(settings.values["input.range"] == "0,255" && settings.values["other"] == nil)
    let recipe = try Recipe(forLogitsBy: settings.values)
    for setting in known { #expect(setting.text(in: recipe) == "1") }
    try folder.file("net.json", #"{"visualize.logits.tvv": 2}"#.utf8)
    let error = try #require(throws: ModelSettingsError.self) {
      try ModelSettings(besideModel: model)
    }
    #expect("\(error)".contains("did you mean visualize.logits.tv?"))
  }

  @Test("labels may be numbers; what is neither text nor number is refused, not left out")
  func valuesOfJSON() throws {
    let folder = try TemporaryFolder()
    let model = "\(folder.path)/net.onnx"
    try folder.file("net.json", #"{"labels": [0, 1, 2], "input.mean": ["1", "2", "3"]}"#.utf8)
    let settings = try ModelSettings(besideModel: model)
    #expect(settings.values["labels"] == "0\n1\n2")
    #expect(settings.values["input.mean"] == "1,2,3")
    try folder.file("net.json", #"{"input.mean": {"r": 104}}"#.utf8)
    let error = try #require(throws: ModelSettingsError.self) {
      try ModelSettings(besideModel: model)
    }
    #expect("\(error)".contains("input.mean is “"))
    #expect("\(error)".contains("must be a text, a number or a list of them"))
  }
}
