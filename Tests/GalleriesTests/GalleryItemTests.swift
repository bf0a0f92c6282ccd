import Galleries
import Networks
import Portraits
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
    #expect(items.map(\.subject.title) == selection.titles)
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

  @Test("an expression is one picture, named in words")
  func objectives() throws {
    let items = try items(
      """
      pictures:
        - {objective: "relu:1 - 0.5 * cat", steps: 5}
        - {objective: dog}
        - {objective: ["-relu:1", "relu:0 - 100 * diversity(relu)"], batch: 3}
      """)
    #expect(
      items.map(\.subject.title) == [
        "relu:1 - 0.5 * cat", "dog", "-relu:1", "relu:0 - 100 * diversity(relu)",
      ])
    #expect(
      items.map(\.fileName) == [
        "relu-1-minus-0.5-cat.png", "dog.png", "minus-relu-1.png",
        "relu-0-minus-100-diversity-relu.png",
      ])
    #expect(items.map(\.recipe.batch) == [1, 1, 3, 3])
  }

  @Test("what is wrong with an expression has its line and its place")
  func wrongObjectives() throws {
    let error = try #require(throws: GalleryPlanError.self) {
      try items(
        "pictures:\n  - objective: cat - rleu:1\n  - objective: diversity(relu)\n  - objective: 2 * (cat"
      )
    }
    #expect(error.problems.map(\.line) == [3, 4, 5])
    #expect(error.problems[0].message.hasSuffix("\n  cat - rleu:1\n        ^"))
    #expect(error.problems[1].message.contains("set `batch` to 2 or more"))
    #expect(error.problems[2].message == "this parenthesis is not closed\n  2 * (cat\n      ^")
  }

  @Test("the plan's settings win")
  func settings() throws {
    let items = try items("pictures:\n  - {unit: cat, steps: 7, size: 32x16}\n  - dog")
    #expect(items[0].recipe.steps == 7)
    #expect(items[0].recipe.size == PictureSize(height: 16, width: 32))
    #expect(items[1].recipe.size == PictureSize(height: 24, width: 24))
  }

  @Test("a picture of two sections is made once, and has the caption of whichever entry has one")
  func placement() throws {
    let items = try items(
      """
      sections:
        - {title: A, pictures: [all logits, {unit: 3, caption: Roars.}]}
        - {title: B, pictures: [{unit: cat, caption: Purrs.}, cat, dog]}
      """)
    #expect(items.map(\.subject.title) == ["tabby", "dog", "a < b & \"c\"", "lion"])
    #expect(items.map { $0.sections.keys.sorted() } == [[0, 1], [0, 1], [0], [0]])
    #expect(items.map(\.caption) == ["Purrs.", nil, nil, "Roars."])
    let plain = try self.items("pictures: [all logits]")
    #expect(plain.map(\.fileName) == items.map(\.fileName))
    #expect(plain.allSatisfy { $0.sections.isEmpty && $0.caption == nil })
  }

  @Test("two captions for one picture are a mistake")
  func twoCaptions() throws {
    let error = try #require(throws: GalleryPlanError.self) {
      try items("pictures:\n  - {unit: cat, caption: A}\n  - dog\n  - {unit: 0, caption: B}")
    }
    #expect(error.problems.map(\.line) == [5])
    #expect(error.problems[0].message.contains("tabby has two captions: “A” and “B”"))
  }
}
