import Autodiff
import Foundation
import Networks
import Objectives
import Optimizers
import Tensors
import Testing
import Visualization

@Suite struct SettingTests {
  /// A value that is not the usual one, in the form that is written.
  private static func unusual(_ setting: any SettingDeclaration) throws -> String {
    let candidates = setting.choices.map(\.name) + ["3", "0.5", "1", "32x16", "3,2,1", "cat.png"]
    return try #require(
      candidates.first {
        (try? setting.normalized($0)) == .some($0) && $0 != setting.usualText
      })
  }

  @Test("keys are different, and say what they mean")
  func keys() {
    let keys = Settings.all.map { $0.key }
    #expect(Set(keys).count == keys.count)
    for setting in Settings.all {
      #expect(setting.key.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
      #expect(setting.help.hasSuffix("."))
      #expect(Settings.named(setting.key)?.key == setting.key)
    }
  }

  @Test("what is written is read again")
  func texts() throws {
    for setting in Settings.all {
      var recipe = Recipe()
      #expect(setting.text(in: recipe) == setting.usualText)
      let value = try Self.unusual(setting)
      try recipe.set(setting, to: value)
      #expect(setting.text(in: recipe) == value)
      #expect(recipe != Recipe())
      if let usual = setting.usualText {
        try recipe.set(setting, to: usual)
        #expect(recipe == Recipe())
      }
    }
  }

  @Test("JSON holds every setting, and is checked")
  func json() throws {
    var recipe = Recipe()
    for setting in Settings.all { try recipe.set(setting, to: try Self.unusual(setting)) }
    recipe.learningRate = 0.1
    recipe.seed = .max
    let data = try JSONEncoder().encode(recipe)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(object.keys) == Set(Settings.all.map { $0.key }))
    #expect(object["steps"] as? Int == 3 && object["l1"] as? Float == 3)
    #expect(try JSONDecoder().decode(Recipe.self, from: data) == recipe)
    for wrong in [#"{"stepps": 3}"#, #"{"steps": 0}"#, #"{"optimizer": "adamm"}"#] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Recipe.self, from: Data(wrong.utf8))
      }
    }
  }

  @Test(
    "what a setting cannot be is refused in the same words everywhere",
    arguments: [
      ("steps", "0", "a whole number from 1 to 1000000"), ("steps", "1.5", "a whole number"),
      ("learning-rate", "0", "a number above 0"), ("learning-rate", "nan", "a number above 0"),
      ("tv", "-1", "a number, 0 or more"), ("tv", "inf", "a number, 0 or more"),
      ("jitter", "1001", "a whole number from 0 to 1000"),
      ("seed", "-1", "a whole number, 0 or more"),
      ("size", "0", "a number of pixels"), ("size", "9000", "a number of pixels"),
      ("batch", "65", "a whole number from 1 to 64"), ("init", "", "the path of a picture"),
      ("optimizer", "adamm", "adam, nadam; did you mean `adam`?"),
    ])
  func wrong(key: String, value: String, expected: String) throws {
    let setting = try #require(Settings.named(key))
    var recipe = Recipe()
    let error = try #require(throws: SettingError.self) { try recipe.set(setting, to: value) }
    #expect("\(error)".hasPrefix("`\(key)` is "))
    #expect("\(error)".contains("must be ") && "\(error)".contains(expected))
    #expect(recipe == Recipe())
    if setting.isKnownToModels {
      let key = "visualize.logits.\(key)"
      let inModel = try #require(throws: SettingError.self) {
        try Recipe(forLogitsBy: [key: value])
      }
      #expect(inModel.key == key && inModel.expected == error.expected)
    }
  }

  @Test("a model says what suits its logits, and nothing else")
  func metadata() throws {
    let keys = ["steps", "learning-rate", "seed", "jitter", "l1", "l2", "tv", "blur"]
    #expect(Set(Recipe.metadataKeys).isSuperset(of: keys.map { "visualize.logits.\($0)" }))
    let recipe = try Recipe(forLogitsBy: [
      "visualize.logits.steps": "64", "visualize.logits.tv": "1e-3", "steps": "7", "labels": "cat",
    ])
    #expect(recipe.steps == 64 && recipe.tv == 1e-3 && recipe.learningRate == 0.05)
  }

  @Test("each setting does to an ascent what it says")
  func ascents() throws {
    let objective = Objective("nothing") { $0.picture.sum() * 0 }
    func ascent(_ change: (inout Recipe) -> Void) -> Ascent {
      var recipe = Recipe()
      change(&recipe)
      return recipe.ascent(of: objective, shape: [2, 3, 8, 12])
    }
    let usual = ascent { _ in }
    #expect(usual.steps == 256 && usual.seed == 0 && usual.warmUp == 16)
    #expect(usual.optimizer.learningRate == 0.05 && usual.optimizer is Adam)
    #expect(usual.parameterization is FourierImage && usual.shape == [2, 3, 8, 12])
    #expect(usual.objective.name == "nothing" && usual.transforms.count == 1)
    #expect(ascent { $0.steps = 5 }.steps == 5)
    #expect(ascent { $0.seed = 5 }.seed == 5)
    #expect(ascent { $0.learningRate = 0.5 }.optimizer.learningRate == 0.5)
    #expect(ascent { $0.optimizer = "rmsprop" }.optimizer is RMSProp)
    #expect(ascent { $0.parameterization = "pixel" }.parameterization is PixelImage)
    #expect(ascent { $0.transforms = "none" }.transforms.isEmpty)
    #expect(ascent { ($0.transforms, $0.jitter) = ("none", 2) }.transforms.count == 1)
    for (name, recipe) in [
      ("L1", ascent { $0.l1 = 2 }), ("L2", ascent { $0.l2 = 2 }), ("TV", ascent { $0.tv = 2 }),
      ("blur", ascent { $0.blur = 2 }),
    ] {
      #expect(recipe.penalties.map(\.objective.name) == [name])
      #expect(recipe.penalties.map(\.weight) == [2])
      #expect(recipe.objective.name == "nothing")
      #expect(recipe.reported.name == "nothing")
    }
  }

  @Test("every name makes what it is called after")
  func names() {
    let ascent = Ascent(.l1(), parameterization: PixelImage([1, 3, 8, 8]))
    for choice in NamedParameterization.all {
      #expect(choice.make(ascent, Recipe()).shape == [1, 3, 8, 8])
    }
    let rates = NamedOptimizer.all.map { $0.make(0.25).learningRate }
    #expect(rates.allSatisfy { $0 == 0.25 })
    let names = ["gradient-descent", "momentum", "momentum-pytorch", "rmsprop", "adam", "nadam"]
    #expect(NamedOptimizer.all.map(\.name) == names)
    #expect(NamedTransforms.all.map { $0.make(ascent, Recipe()).count } == [1, 3, 3, 5, 0])
  }
}
