import Testing

@testable import Imaging

@Suite struct PanelSheetTests {
  private let red = Color(0xFF0000)

  private func panel(_ width: Int, _ height: Int, bar: Bool = false, notes: Int = 0) -> Panel {
    Panel(
      ["heading"], .picture(Picture(width: width, height: height, filledWith: red)),
      bar: bar ? (ColorBar(.grey, 0...1), .init(lower: "0", upper: "1")) : nil,
      notes: (0..<notes).map { "note \($0)" })
  }

  @Test("Pictures stand where the layout says, all of a row from one height down")
  func places() {
    let sheet = PanelSheet(
      [
        [panel(100, 50), panel(100, 100, bar: true, notes: 2)],
        [panel(100, 400), Panel([], .nothing)],
      ], width: 120, title: "Title", subtitle: "subtitle", footer: "footer")
    let layout = PanelSheet.Layout(of: sheet)
    let picture = sheet.picture()
    #expect((picture.width, picture.height) == (layout.width, layout.height))
    let places = [(0, 0, 60), (0, 1, 120), (1, 0, 150)]
    for (row, column, height) in places {
      let (x, y) = (layout.left(ofColumn: column), layout.rows[row].pictureTop)
      #expect(picture[x: x + 10, y: y] == red && picture[x: x + 10, y: y + height - 1] == red)
      #expect(picture[x: x + 10, y: y + height + 2] != red)
    }
    // What is too high becomes narrower: 150 of 400 rows is 38 of 100 columns.
    let (x, y) = (layout.left(ofColumn: 0), layout.rows[1].pictureTop)
    #expect(picture[x: x + 37, y: y + 5] == red && picture[x: x + 40, y: y + 5] != red)
    // The bar runs from black to white, a gap below the higher picture.
    let bar = layout.rows[0].pictureTop + layout.rows[0].pictureHeight + layout.gap + 2
    let left = layout.left(ofColumn: 1)
    #expect(picture[x: left, y: bar] == .black && picture[x: left + 119, y: bar] == .white)
    #expect(layout.rows[1].top > bar)
    #expect(sheet.picture() == picture)
  }

  @Test func wordsStandInAPlaceOfTheirOwn() {
    let words = String(repeating: "nothing to see in this map ", count: 20)
    let sheet = PanelSheet([[Panel(["a"], .words(words, width: 10, height: 10))]], width: 150)
    let layout = PanelSheet.Layout(of: sheet)
    let picture = sheet.picture()
    let (x, y) = (layout.left(ofColumn: 0), layout.rows[0].pictureTop)
    var ink = 0
    for row in y + 2..<y + 148 {
      for column in x + 2..<x + 148 where picture[x: column, y: row] != .white { ink += 1 }
      // Nothing leaves the place.
      #expect(picture[x: x + 153, y: row] == .white)
    }
    #expect(ink > 500)
  }

  @Test("a place of words is as high as they need, and their last line is there")
  func wordsAreWhole() {
    let words = String(repeating: "the network has none of what this method needs; ", count: 8)
    let end = "try another"
    func sheet(_ words: String) -> PanelSheet {
      PanelSheet([[Panel(["a"], .words(words, width: 100, height: 40))]], width: 150)
    }
    let layout = PanelSheet.Layout(of: sheet(words + end))
    let lines = layout.lines(of: words + end)
    #expect(lines.joined(separator: " ") == words + end)
    let height = layout.rows[0].pictureHeight
    #expect(height == lines.count * layout.small.step + 2 * layout.inset)
    let picture = sheet(words + end).picture()
    let (x, top) = (layout.left(ofColumn: 0), layout.rows[0].pictureTop)
    let last = top + height - layout.inset - layout.small.step
    var ink = 0
    for y in last..<top + height - layout.inset {
      for x in x + layout.inset..<x + 150 - layout.inset where picture[x: x, y: y] != .white {
        ink += 1
      }
    }
    #expect(ink > 20)
    // Few words keep the place that a picture has.
    #expect(PanelSheet.Layout(of: sheet(end)).rows[0].pictureHeight == 60)
  }

  @Test func headingsThatDifferInTheirEndsLookDifferent() {
    let sheets = ["lrp-epsilon-alpha2-beta1-flat", "lrp-epsilon-alpha2-beta1-flatter"].map { name in
      var one = panel(100, 50)
      one.heading = [name]
      return PanelSheet([[Panel](repeating: one, count: 7)], width: 260).picture()
    }
    #expect(sheets[0] != sheets[1])
  }

  @Test func theLetteringGrowsWithTheSheet() {
    let small = PanelSheet.Layout(of: PanelSheet([[panel(10, 10)]], width: 150))
    let row = [Panel](repeating: panel(10, 10), count: 7)
    let large = PanelSheet.Layout(of: PanelSheet([row], width: 240))
    #expect(large.body.size > 1.3 * small.body.size && large.body.size <= 240 / 13)
  }
}
