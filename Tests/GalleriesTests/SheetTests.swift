import Imaging
import Networks
import TestSupport
import Testing

@testable import Galleries

/// Sheets of photographs that are explained.
@Suite struct SheetTests {
  private func sheets(_ count: Int, more: [GalleryPlan.Line] = []) throws -> [SaliencySheet] {
    let folder = try TemporaryFolder()
    let picture = Picture(width: 24, height: 24, filledWith: Color(0x336699))
    _ = try folder.file("a.png", picture.png())
    var drafting = SheetDrafting(TinyNetwork.network(), software: "visualize 0", besides: [])
    drafting.add(
      GalleryPlan.SaliencyEntry(
        pictures: [.init(folder.path + "/a.png")],
        units: (0..<count).map { .init("relu:0@\($0 % 100),\($0 / 100)", line: 7) } + more))
    guard drafting.refused.isEmpty else {
      throw GalleryPlanError(file: "plan.yaml", problems: drafting.refused)
    }
    return drafting.sheets.compactMap { $0.content as? SaliencySheet }
  }

  @Test func aSheetHasSoManyRowsAndNoMore() throws {
    #expect(try sheets(256).first?.subjects.count == 256)
    // What is written twice is one row.
    #expect(try sheets(256, more: ["relu:0@0,0"]).first?.subjects.count == 256)
    for more: GalleryPlan.Line in ["relu:1@0,0", "all layers"] {
      let error = try #require(throws: GalleryPlanError.self) { try sheets(256, more: [more]) }
      #expect("\(error)".contains("more than a sheet has rows: ask for 256 at most"))
      #expect(error.problems.first?.line == 7)
    }
  }
}
