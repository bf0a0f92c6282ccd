import Foundation
import Imaging
import TestSupport
import Testing

@testable import Galleries

/// Entries of a plan that cannot be made do not keep the others from being made.
@Suite struct RefusedEntryTests {
  /// Of every kind of mistake that an entry can have, one, and three pictures that can be made.
  private static let plan = """
    pictures:
      - cta
      - {unit: dog, size: big}
      - [cat, "relu:9"]
      - {objective: [relu:1, "2 * (cat"]}
      - {unit: dog, init: nope.png}
      - {unit: dog, caption: "[x](javascript:y)"}
      - {steps: 5}
      - {units: [], steps: 5}
      - {unit: dog, seeds: [1, x]}
      - {unit: "relu:0", caption: A}
      - {units: ["relu:0-1"], caption: B}
    """

  @Test("each is named with its line, and the others are made, on the page, and made once")
  func refused() async throws {
    let folder = try TemporaryFolder()
    let gallery = try Gallery.tiny(Self.plan, in: folder.path)
    let refused = try #require(gallery.refused)
    // The plan stands behind a line of usual settings.
    #expect(refused.problems.map(\.line) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 13])
    let words = [
      "cat (0)", "`size` is “big”", "relu", "parenthesis is not closed",
      "nope.png",
      "javascript:y", "no `unit`", "a unit is a text", "`seeds` is a list", "two captions",
    ]
    for (problem, words) in zip(refused.problems, words) {
      #expect(problem.message.contains(words), "\(problem.message)")
    }
    let names = ["tabby.png", "relu-1.png", "relu-0.png"]
    #expect(gallery.items.map(\.fileName) == names)
    #expect(gallery.items.map(\.caption) == [nil, "B", "A"])
    #expect(try await gallery.make(threads: 2).made.count == 3)
    let page = try String(contentsOfFile: gallery.pagePath, encoding: .utf8)
    #expect(page.contains("What could not be made"))
    #expect(page.contains("<b>line 3 of the plan</b>: "))
    let files = try folder.files
    let again = try Gallery.tiny(Self.plan, in: folder.path)
    #expect(again.refused == refused)
    #expect(try await again.make(threads: 2).made.isEmpty)
    #expect(try folder.files == files)
  }

  @Test("parts, merged, are the bytes of one machine, unless the mistake may be this machine's")
  func parts() async throws {
    let (alone, shared) = (try TemporaryFolder(), try TemporaryFolder())
    let yaml = "pictures: [cta, cat, 'relu:0-2', {unit: dog, size: big}]"
    _ = try await Gallery.tiny(yaml, in: alone.path).make(threads: 2)
    for number in 1...3 {
      var gallery = try Gallery.tiny(yaml, in: shared.path)
      try gallery.checkIsAlikeElsewhere()
      gallery.part = Part(number, of: 3)
      _ = try await gallery.make(threads: 1)
      #expect(try gallery.isSettled())
    }
    _ = try Gallery.tiny(yaml, in: shared.path).merge()
    #expect(try shared.files == alone.files)
    let lacking = try Gallery.tiny("pictures: [cta, cat, {unit: dog, init: a.png}]", in: alone.path)
    let error = #expect(throws: GalleryPlanError.self) { try lacking.checkIsAlikeElsewhere() }
    #expect(error?.problems.count == 1 && error?.description.contains("a.png") == true)
  }

  @Test("a folder that is empty here, and a picture that is half here, may be whole on others")
  func ownFiles() throws {
    let folder = try TemporaryFolder()
    try folder.file("empty/notes.txt", Array("no picture".utf8))
    let picture = try Picture(width: 24, height: 24, filledWith: Color(0x336699)).png()
    let half = try folder.file("half.png", picture.prefix(40))
    for yaml in [
      "pictures: [cat, {unit: dog, like: \(folder.path)/empty}]",
      "pictures: [cat, {unit: dog, init: \(half)}]",
      "pictures: [cat, {objective: 'inversion(relu, \"\(half)\")'}]",
      "pictures: [cat]\nsaliency: [{picture: \(half), methods: [gradient]}]",
    ] {
      let problems = try Gallery.tiny(yaml, in: folder.path).refused?.problems
      #expect(problems?.map(\.isOfThisMachine) == [true], "\(yaml)")
    }
  }

  @Test("pictures and sheets keep their names while another's file is away")
  func names() throws {
    let folder = try TemporaryFolder()
    let bytes = try Picture(width: 24, height: 24, filledWith: Color(0x336699)).png()
    let other = try folder.file("b/cat.png", bytes)
    let yaml = """
      pictures: [{unit: dog, init: \(folder.path)/start.png}, {unit: dog, steps: 2}]
      saliency: [{pictures: [\(folder.path)/a/cat.png, \(other)], methods: [gradient]}]
      """
    let lacking = try Gallery.tiny(yaml, in: folder.path)
    try folder.file("start.png", bytes)
    try folder.file("a/cat.png", bytes)
    let whole = try Gallery.tiny(yaml, in: folder.path)
    #expect(lacking.refused?.problems.count == 2 && whole.refused == nil)
    #expect(lacking.items == Array(whole.items.suffix(1)))
    #expect(lacking.sheets.map(\.fileName) == ["saliency-cat-2.png"])
    #expect(whole.sheets.map(\.fileName) == ["saliency-cat.png", "saliency-cat-2.png"])
  }

  @Test("a plan of which nothing can be made, and one with a key that nobody knows, are errors")
  func errors() throws {
    for yaml in [
      "pictures: [cta, 'rleu:1']", "pictures: [cta, {unit: cat, size: big}]",
      "pictures: [cat, {unit: dog, stepz: 5}]", "pictures: [cat, {unit: dog}",
    ] {
      #expect(throws: GalleryPlanError.self, "\(yaml)") {
        try Gallery.tiny(yaml, in: "outputs/none")
      }
    }
  }

  @Test("a sheet has the rows that can be, and never others than were asked for")
  func sheets() throws {
    let folder = try TemporaryFolder()
    let picture = Picture(width: 24, height: 24, filledWith: Color(0x336699))
    let path = try folder.file("a.png", picture.png())
    let gallery = try Gallery.tiny(
      """
      saliency:
        - {picture: \(path), units: [cat, cta], methods: [gradient, gradeint]}
        - {picture: \(path), units: [cta]}
        - {picture: \(path), methods: [gradeint]}
        - {pictures: [\(folder.path)/b.png, \(path)], methods: [gradient]}
        - {picture: \(path), top: 0}
      """, in: folder.path)
    #expect(gallery.refused?.problems.map(\.line) == [3, 3, 4, 5, 6, 7])
    #expect(gallery.sheets.map(\.fileName) == ["saliency-a.png", "saliency-a-4.png"])
    let sheets = gallery.sheets.compactMap { $0.content as? SaliencySheet }
    #expect(sheets.map(\.subjects.count) == [1, 0])
    #expect(sheets.map(\.methods.count) == [1, 1])
  }
}
