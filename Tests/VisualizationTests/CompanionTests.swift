import Autodiff
import Objectives
import Tensors
import Testing

@testable import Visualization

/// Settings that have something to do beside others alone.
@Suite struct CompanionTests {
  @Test("each is for a setting that there is, and for values that it may have")
  func declared() throws {
    let companions = Settings.all.compactMap(\.companion)
    #expect(companions.count >= 6)
    for companion in companions {
      let other = try #require(Settings.named(companion.key))
      for value in companion.values { #expect(throws: Never.self) { try other.normalized(value) } }
    }
  }

  @Test(
    "said alone it is refused by name; beside its companion, or unsaid, it is not",
    arguments: [
      (["levels": "all"], ["parameterization": "pyramid"], "levels", "parameterization pyramid"),
      (["spectrum": "a"], ["parameterization": "maco"], "spectrum", "parameterization maco"),
      (["like-weight": "2"], ["like": "a"], "like-weight", "like"),
      (["like-layers": "b"], ["like": "a"], "like-layers", "like"),
      (["fit": "pad"], ["init": "a.png"], "fit", "init"),
      (["jitter": "2", "transforms": "views"], ["transforms": "none"], "jitter", "transforms"),
    ])
  func said(_ alone: [String: String], _ beside: [String: String], key: String, of: String) throws {
    var recipe = Recipe()
    try recipe.take(alone)
    let error = try #require(throws: IdleSettingError.self) { try recipe.checkUse(of: [key]) }
    let sentence = error.sentence { "--\($0)" }
    #expect(sentence.hasPrefix("--\(key) is for --\(of)") && sentence.hasSuffix(" only"))
    #expect(throws: IdleSettingError.self) { try recipe.checkUse() }
    try recipe.checkUse(of: ["steps"])
    let without = recipe.withoutIdleSettings
    try without.checkUse()
    var expected = Recipe()
    try expected.take(alone.filter { $0.key != key })
    #expect(without == expected)
    try recipe.take(beside)
    try recipe.checkUse()
    #expect(recipe.withoutIdleSettings == recipe)
  }

  @Test("shifts leave something of a picture to see, of a signal something of its length")
  func jitter() throws {
    var recipe = Recipe()
    recipe.jitter = 15
    try recipe.checkJitter(of: ["jitter": "16"], shape: [1, 3, 16, 40])
    recipe.jitter = 16
    let error = try #require(throws: SettingError.self) {
      try recipe.checkJitter(of: ["jitter": "16"], shape: [1, 3, 16, 40])
    }
    #expect("\(error)" == "`jitter` is “16” and must be less than 16, the picture's shorter side")
    try recipe.checkJitter(of: ["jitter": "16"], shape: [2, 1, 1, 40])
    // The model's own, which nobody says, suits what it was made for.
    try recipe.checkJitter(of: [:], shape: [1, 3, 16, 40])
  }

  @Test("lucid's transforms take another jitter, and are lucid's without one")
  func standard() throws {
    let picture = Tensor([1, 1, 40, 40], (0..<1600).map { Float($0) })
    func sizes(_ jitter: Int?) throws -> Set<Int> {
      var recipe = Recipe()
      (recipe.transforms, recipe.jitter) = ("standard", jitter)
      var random = SplitMix64(seed: 1)
      let transforms = recipe.ascent(of: .l1(), shape: picture.shape).transforms
      return Set(
        (0..<40).map { _ in
          transforms.prefix(2).reduce(.init(picture)) { $1($0, using: &random) }.value.shape[3]
        })
    }
    #expect(try sizes(nil) == [40 + 24 - 8])
    #expect(try sizes(8) == [40 + 24 - 8])
    #expect(try sizes(30) == [40 + 2 * 17 - 30])
  }
}
