import Explanations
import Imaging
import Networks
import Tensors
import TestSupport
import Testing
import Visualization

@testable import Galleries

/// Dreams and grids of photographs.
@Suite struct FromPictureSheetTests {
  private let folder: TemporaryFolder
  private let photograph: Picture
  private let path: String
  private let other: String

  init() throws {
    folder = try TemporaryFolder()
    var random = SplitMix64(seed: 5)
    photograph = Picture(.uniform([1, 3, 40, 52], using: &random))
    path = try folder.file("a/cat.png", photograph.png())
    other = try folder.file("b/cat.png", photograph.png())
  }

  private func gallery(_ yaml: String) throws -> Gallery {
    try Gallery.tiny(yaml, in: folder.path + "/out")
  }

  @Test("what stands in the gallery is what the library makes")
  func made() throws {
    let yaml = """
      dreams:
        - {pictures: [\(path), \(other)], units: ['relu:1', relu], octaves: 1, steps: 2, step-size: 3, caption: Again.}
      grids:
        - {picture: \(path), layer: relu, stride: 6, steps: 3, cell: 24}
        - {picture: \(path), layer: relu, groups: 2, steps: 3, cell: 24}
        - {picture: \(path), layer: relu, components: true}
      """
    let gallery = try gallery(yaml)
    #expect(gallery.refused == nil)
    #expect(
      gallery.sheets.map(\.fileName) == [
        "dream-cat-relu-1.png", "dream-cat-relu.png", "dream-cat-2-relu-1.png",
        "dream-cat-2-relu.png", "grid-cat-relu.png", "groups-cat-relu.png",
        "components-cat-relu.png",
      ])
    var shares: [Double] = []
    #expect(try gallery.makeSheets(threads: 2) { shares.append($1) }.isEmpty)
    #expect(shares == shares.sorted() && shares.count > 10)
    #expect(gallery.sheets.allSatisfy { gallery.isMade($0) })

    let network = TinyNetwork.network()
    var dream = PhotographDream()
    (dream.dream.octaves, dream.dream.steps, dream.stepSize) = (1, 2, 3)
    let start = try dream.start(photograph, in: network)
    #expect(start.input.shape == [1, 3, 40, 52])
    let dreamt = try dream.picture(from: start, of: start.subject("relu:1"))
    let file = gallery.path(of: gallery.sheets[0])
    #expect(try Picture(contentsOf: file) == Picture(dreamt))
    #expect(try Picture(contentsOf: file) != photograph)

    var grid = PhotographGrid()
    (grid.stride, grid.steps, grid.cell) = (6, 3, 24)
    let explainer = try Explainer(network)
    let drawn = try grid.picture(
      of: explainer.photograph(photograph, named: path), layer: "relu", by: explainer)
    #expect(try Picture(contentsOf: gallery.path(of: gallery.sheets[4])) == drawn)

    // As they are made alone, so with others; the page shows them.
    let again = try self.gallery(yaml)
    #expect(again.sheets.map(\.key) == gallery.sheets.map(\.key))
    let page = PageSheets(again).html
    for part in [
      "<h2>Dreams<small>4</small>", "<h2>As layers see them<small>3</small>",
      "cat, dreamt by channel 1 of relu", "cat.png as relu sees it, 2 groups", "Again.",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    // Another number is another picture, under the same name.
    let changed = try self.gallery(yaml.replacing("step-size: 3", with: "step-size: 4"))
    #expect(changed.sheets.map { changed.isMade($0) }.filter { $0 }.count == 3)
  }

  @Test("what cannot be is named with its line, and the rest is made")
  func refused() throws {
    let gallery = try gallery(
      """
      dreams:
        - {pictures: [\(path), \(other)], units: [relu, rleu]}
        - {picture: \(path), unit: relu, octaves: 0}
        - {picture: \(path)}
        - {picture: \(folder.path)/none.png, unit: relu}
      grids:
        - {picture: \(path), layers: [relu, scores]}
        - {picture: \(path), layer: relu, groups: 13}
        - {picture: \(path), layer: relu, groups: 2, stride: 2}
        - {picture: \(path), layer: relu, components: perhaps}
      """)
    #expect(
      gallery.sheets.map(\.fileName) == [
        "dream-cat-relu.png", "dream-cat-2-relu.png", "grid-cat-relu.png",
      ])
    let problems = try #require(gallery.refused?.problems).sorted {
      ($0.line ?? 0) < ($1.line ?? 0)
    }
    let expected = [
      (3, "relu"), (4, "a whole number from 1 to 20"), (5, "`picture` and `units`"),
      (6, "none.png"), (8, "no positions"), (9, "a whole number from 1 to 12"),
      (10, "`stride` goes without `groups`"), (11, "true or false"),
    ]
    #expect(problems.map(\.line) == expected.map(\.0))
    for (problem, (_, words)) in zip(problems, expected) {
      #expect(problem.message.contains(words), "\(problem.message)")
    }
    #expect(throws: GalleryPlanError.self) {
      try self.gallery("dreams: [{picture: \(path), unit: relu, octavez: 3}]")
    }
  }
}
