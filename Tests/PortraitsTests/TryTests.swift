import Networks
import Portraits
import Tensors
import TestSupport
import Testing
import Visualization

@Suite struct TryTests {
  private func prepared(_ settings: [String: String]) throws -> PreparedPortrait {
    try PreparedPortrait(
      of: .unit("edges:1"), settings: ["size": "16", "steps": "4"].merging(settings) { $1 },
      in: smallNetwork())
  }

  @Test("of several seeds the best picture is kept, and is what that seed alone makes")
  func best() throws {
    let chosen = try prepared(["tries": "4", "seed": "3"]).painted(threads: 1)
    #expect((3...6).contains(chosen.seed))
    let alone = try prepared(["seed": "\(chosen.seed)"]).painted(threads: 1)
    #expect(chosen.pictures == alone.pictures)
    // Scored otherwise, another is the best: the one that is darkest, of all.
    let means = try (3...6).map {
      try prepared(["seed": "\($0)"]).painted(threads: 1).pictures.mean
    }
    let darkest = try prepared(["tries": "4", "seed": "3"]).painted(
      threads: 1, scoredBy: { -$0.mean })
    #expect(darkest.pictures.mean == means.min())
  }

  @Test("an ascent ends where it no longer improves")
  func stop() throws {
    let whole = try prepared(["steps": "400", "learning-rate": "0.5"]).painted(threads: 1)
    let short = try prepared(["steps": "400", "learning-rate": "0.5", "stop": "20"])
      .painted(threads: 1)
    #expect(whole.steps == 400 && short.steps < 300 && short.steps > 20)
    #expect(short.after > 0.8 * whole.after)
  }

  @Test("a penalty of a weight pulls alike whatever the objective's scale")
  func penalties() throws {
    func picture(_ objective: String) throws -> Tensor {
      try PreparedPortrait(
        of: .objective(try ObjectiveExpression(objective)),
        settings: ["size": "16", "steps": "12", "tv": "0.5"], in: smallNetwork()
      ).painted(threads: 1).pictures
    }
    let (one, thousand) = (try picture("edges:1"), try picture("1000 * edges:1"))
    #expect((one - thousand).absolute().maximum < 0.02)
    let free = try prepared(["steps": "12"]).painted(threads: 1).pictures
    #expect((one - free).absolute().maximum > 0.1)
  }

  @Test(
    "a step is as long whatever the objective's scale",
    arguments: ["gradient-descent", "momentum", "momentum-pytorch"])
  func steps(optimizer: String) throws {
    func picture(_ objective: String) throws -> Tensor {
      try PreparedPortrait(
        of: .objective(try ObjectiveExpression(objective)),
        settings: ["size": "16", "optimizer": optimizer], in: smallNetwork()
      ).painted(threads: 1).pictures
    }
    let (one, thousand) = (try picture("edges:1"), try picture("1000 * edges:1"))
    #expect((one - thousand).absolute().maximum < 0.02)
    #expect((one - 0.5).absolute().maximum > 0.02)
  }

  @Test("pictures larger than the network's own are seen in parts")
  func larger() throws {
    let network = smallNetwork(side: 16)
    let prepared = try PreparedPortrait(
      of: .unit("dog"), settings: ["size": "40", "steps": "3"], in: network)
    #expect(prepared.shape == [1, 3, 40, 40] && prepared.recipe.transforms == "views")
    #expect(prepared.ascent.inputSize == .fixed(height: 16, width: 16))
    let portrait = try prepared.painted(threads: 1)
    #expect(portrait.pictures.shape == [1, 3, 40, 40] && portrait.probability != nil)
    let whole = try PreparedPortrait(
      of: .unit("dog"), settings: ["size": "40", "transforms": "robust"], in: network)
    #expect(whole.ascent.inputSize == .picture)
    let open = try smallNetwork().overriding(metadata: ["input.size": "16,16"])
    func recipe(_ size: String) throws -> Recipe {
      try PreparedPortrait(of: .unit("dog"), settings: ["size": size], in: open).recipe
    }
    #expect(try recipe("20").transforms == "robust" && recipe("24").transforms == "views")
  }

  @Test("what suits a parameterization is taken unless something else is said")
  func suits() throws {
    let maco = try prepared(["parameterization": "maco"])
    #expect(maco.recipe.optimizer == "nadam" && maco.recipe.transforms == "views")
    #expect(maco.ascent.views == 8 && maco.ascent.viewsTogether == 8)
    let said = try prepared([
      "parameterization": "maco", "transforms": "none", "optimizer": "adam",
    ])
    #expect(said.recipe.optimizer == "adam" && said.ascent.views == 1)
    let error = try #require(throws: IdleSettingError.self) { try prepared(["spectrum": "x"]) }
    #expect("\(error)" == "`spectrum` is for `parameterization` maco only")
  }
}
