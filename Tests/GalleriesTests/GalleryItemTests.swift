import Galleries
import Networks
import Testing
import Visualization

@Suite struct GalleryItemTests {
  private func items(_ yaml: String) throws -> [GalleryItem] {
    try GalleryPlan(yaml: "defaults: {size: 24}\n" + yaml).items(in: TinyNetwork.network())
  }

  struct Selection: CustomTestStringConvertible, Sendable {
    var text: String
    var titles: [String]
    var testDescription: String { text }

    init(_ text: String, _ titles: [String]) { (self.text, self.titles) = (text, titles) }
  }

  @Test(
    "units, ranges and all of them",
    arguments: [
      Selection("cat", ["tabby"]),
      Selection("3", ["lion"]),
      Selection("1-3", ["dog", "a < b & \"c\"", "lion"]),
      Selection("all logits", ["tabby", "dog", "a < b & \"c\"", "lion"]),
      Selection("relu:4", ["relu:4"]),
      Selection("relu:1-3", ["relu:1", "relu:2", "relu:3"]),
      Selection("relu:0,4-5", ["relu:0", "relu:4", "relu:5"]),
      Selection("relu:all", (0..<6).map { "relu:\($0)" }),
      Selection("relu:2@3,4", ["relu:2@3,4"]),
      Selection("edges", ["edges"]),
      Selection("all layers", ["edges", "relu", "pool", "flat", "scores"]),
    ])
  func selections(_ selection: Selection) throws {
    let items = try items("pictures:\n  - \(selection.text)")
    #expect(items.map(\.unit.title) == selection.titles)
  }

  @Test("every unknown unit is reported, with its line and the nearest names")
  func unknownUnits() throws {
    let error = try #require(throws: GalleryPlanError.self) {
      try items("pictures:\n  - cta\n  - dog\n  - rleu:3\n  - relu:4-9\n  - relu:5-2")
    }
    #expect(error.problems.map(\.line) == [3, 5, 6, 7])
    let lines = "\(error)".split(separator: "\n")
    #expect(lines[0].contains("cat (0)"))
    #expect(lines[1].contains("relu"))
    #expect(lines[2].contains("6"))
    #expect(lines[3].contains("2-5"))
  }

  @Test("file names are safe, stay when the plan grows, and are different")
  func fileNames() throws {
    let names = try items(
      """
      pictures:
        - cat
        - 2
        - {unit: cat, seeds: 2}
        - {unit: cat, l2: 0.5}
        - relu:1
        - {unit: cat, jitter: 2}
      """
    ).map(\.fileName)
    let expected = [
      "tabby.png", "a-b-c.png", "tabby-seed-1.png", "tabby-l2-0.5.png", "relu-1.png",
      "tabby-jitter-2.png",
    ]
    #expect(names == expected)
  }

  @Test("what is asked for twice is made once")
  func duplicates() throws {
    #expect(try items("pictures: [cat, all logits, 0]").count == 4)
  }

  @Test("the plan's settings win")
  func settings() throws {
    let items = try items("pictures:\n  - {unit: cat, steps: 7, size: 32x16}\n  - dog")
    #expect(items[0].settings.recipe.steps == 7)
    #expect(items[0].settings.size == PixelSize(height: 16, width: 32))
    #expect(items[1].settings.size == PixelSize(height: 24, width: 24))
  }
}
