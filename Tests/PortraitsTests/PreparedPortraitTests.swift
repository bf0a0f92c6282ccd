import Foundation
import Imaging
import Networks
import Portraits
import Tensors
import TestSupport
import Testing
import Visualization

@Suite struct PreparedPortraitTests {
  private func prepared(
    _ request: Subject.Request, _ settings: [String: String] = [:], in network: Network? = nil
  ) throws -> PreparedPortrait {
    try PreparedPortrait(
      of: request, settings: ["size": "16", "steps": "3"].merging(settings) { $1 },
      in: network ?? smallNetwork())
  }

  private func objective(_ text: String) throws -> Subject.Request {
    .objective(try ObjectiveExpression(text))
  }

  @Test("what is asked for wins over what suits the model, and that over what is usual")
  func precedence() throws {
    let network = try smallNetwork().overriding(metadata: [
      "visualize.logits.tv": "0.5", "visualize.logits.steps": "9",
    ])
    let logit = try prepared(.unit("dog"), in: network).recipe
    #expect(logit.tv == 0.5 && logit.steps == 3 && logit.l1 == 0)
    #expect(try prepared(.unit("dog"), ["tv": "0"], in: network).recipe.tv == 0)
    #expect(try prepared(objective("dog - cat"), in: network).recipe.tv == 0.5)
    #expect(try prepared(.unit("edges:1"), in: network).recipe.tv == 0)
    #expect(try prepared(objective("dog + edges:1"), in: network).recipe.tv == 0)
    #expect(throws: SettingError.self) {
      try prepared(
        .unit("dog"), in: smallNetwork().overriding(metadata: ["visualize.logits.tv": "-1"]))
    }
  }

  @Test("an expression that is one unit is that unit")
  func oneUnit() throws {
    let (unit, expression) = (try prepared(.unit("dog")), try prepared(objective(" dog")))
    #expect(unit.subject == expression.subject && unit.recipe == expression.recipe)
    #expect(expression.subject.logit == 1 && expression.subject.fileName == "dog")
  }

  @Test("a sum's picture serves the sum")
  func sum() throws {
    let portrait = try prepared(objective("dog - edges:1"), ["steps": "8"]).painted(threads: 1)
    #expect(portrait.after > portrait.before + 0.01 && portrait.probability == nil)
    #expect(try #require(try prepared(.unit("dog")).painted(threads: 1).probability) > 0)
  }

  @Test("a batch stands side by side; alone, its functions are refused")
  func batches() throws {
    let comparing = try prepared(objective("edges:1 - 100 * diversity(edges)"), ["batch": "3"])
    #expect(comparing.shape == [3, 3, 16, 16])
    let pictures = try comparing.painted(threads: 1).pictures
    let picture = Picture(sideBySide: pictures, scale: 2)
    #expect(picture.width == 96 && picture.height == 32)
    let second = Picture.pictures(of: pictures)[1]
    let row = Picture(sideBySide: pictures)
    for (x, y) in [(0, 0), (7, 3), (15, 15)] {
      #expect(
        (0..<3).map { row.bytes[3 * (y * 48 + 16 + x) + $0] }
          == (0..<3).map { second.bytes[3 * (y * 16 + x) + $0] })
    }
    let error = try #require(throws: BatchError.self) {
      try prepared(objective("edges:1 + alignment(edges)"))
    }
    #expect("\(error)".contains("`alignment`") && "\(error)".contains("`batch` to 2"))
  }

  @Test("a size that the file declares is what holds where nothing is asked for, and no limit")
  func declaredSizes() throws {
    let fixed = smallNetwork(side: 24)
    #expect(try PreparedPortrait(of: .unit("dog"), settings: [:], in: fixed).size.width == 24)
    let larger = try prepared(.unit("dog"), ["size": "40x32", "steps": "2"], in: fixed)
    #expect(larger.shape == [1, 3, 32, 40])
    #expect(try larger.painted(threads: 1).pictures.shape == [1, 3, 32, 40])
  }

  @Test("channels that are no colours are bands: each a grey picture, or three that are chosen")
  func bands() throws {
    let network = smallNetwork(channels: 4)
    let portrait = try prepared(.unit("dog"), ["steps": "2", "size": "12"], in: network).painted()
    #expect(portrait.pictures.shape == [1, 4, 12, 12])
    #expect(network.preparationInWords == "4 bands in 0…1")
    let all = Picture(sideBySide: portrait.pictures)
    #expect((all.width, all.height) == (48, 12))
    let chosen = Picture(sideBySide: portrait.pictures, bands: [3, 0, 1])
    #expect(
      chosen.tensor == Picture(portrait.pictures.gathered([3, 0, 1], alongAxis: 1)).tensor)
    let band = try #require(throws: PictureError.self) {
      try prepared(.unit("dog"), ["bands": "0,1,4"], in: network)
    }
    #expect("\(band)" == "there is no band 4: the network's input has the bands 0…3")
    let photograph = try #require(throws: PictureError.self) {
      try network.input(chosen, size: PictureSize(height: 12, width: 12))
    }
    #expect("\(photograph)".contains("takes 4 bands; a photograph has 3 (colours) or 1 (grey)"))
  }

  @Test("a grey network starts from a picture's luma, every picture of a batch")
  func start() throws {
    let folder = try TemporaryFolder()
    let picture = "\(folder.path)/start.png"
    try Picture(width: 16, height: 16, filledWith: Color(0x336699)).write(to: picture)
    let start = try prepared(
      .unit("dog"), ["init": picture, "batch": "2"], in: smallNetwork(channels: 1)
    ).ascent.firstPicture
    let luma = Float((0.299 * 0x33 + 0.587 * 0x66 + 0.114 * 0x99) / 255.0)
    #expect(start.shape == [2, 1, 16, 16])
    #expect(start.scalars.allSatisfy { abs($0 - luma) < 1e-3 })
  }

  @Test("a picture's file says how it was made, and the command that makes it again")
  func provenance() throws {
    let network = try smallNetwork().overriding(metadata: ["visualize.logits.tv": "0.5"])
    let asked = try prepared(objective("dog - cat"), ["optimizer": "nadam"], in: network)
    let texts = try Provenance(software: "visualize 0", command: "visualize").texts(
      of: asked.subject, by: asked.recipe, in: network,
      record: PortraitRecord(Portrait(pictures: Tensor([1, 3, 1, 1]), before: 1, after: 2)))
    let values = Dictionary(uniqueKeysWithValues: texts.map { ($0.keyword, $0.text) })
    #expect(values["Title"] == "dog - cat" && values["Seed"] == "0")
    #expect(PortraitRecord(texts: values)?.after == 2)
    let recipe = try JSONDecoder().decode(
      Recipe.self, from: Data(try #require(values["Recipe"]).utf8))
    #expect(recipe == asked.recipe)
    #expect(
      try asked.subject.command(asked.recipe, in: network, modelOptions: "-m n.onnx", scale: 2)
        == "visualize --objective='dog - cat' -m n.onnx --seed 0 --size 16 --steps 3 "
        + "--optimizer nadam --scale 2")
  }
}
