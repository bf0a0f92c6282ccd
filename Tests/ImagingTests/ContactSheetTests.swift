import Testing

@testable import Imaging

@Suite struct ContactSheetTests {
  @Test func everyPrintableCharacterHasAGlyphOfItsOwn() {
    let characters = (0x20...0x7E).map { Character(Unicode.Scalar(UInt8($0))) } + ["…", "×", "→"]
    let glyphs = characters.map { BitmapFont.glyph(for: $0).rows }
    #expect(Set(glyphs).count == characters.count)
    for (character, rows) in zip(characters, glyphs) {
      #expect(rows.count == BitmapFont.height, "\(character)")
      #expect(rows.allSatisfy { $0.count == rows[0].count && (1...5).contains($0.count) })
      if character.isNumber {
        // Numbers stand under each other.
        #expect(rows[0].count == 5)
        continue
      }
      // The outer columns are used, or letters would stand apart.
      #expect(character == " " || rows.contains { $0[0] } && rows.contains { $0.last == true })
    }
  }

  @Test func accentsFallAwayAndOtherScriptsBecomeBoxes() {
    #expect(BitmapFont.glyph(for: "é").rows == BitmapFont.glyph(for: "e").rows)
    #expect(BitmapFont.glyph(for: "猫").rows == BitmapFont.glyph(for: "\u{FFFD}").rows)
  }

  @Test(arguments: 1...3)
  func textIsAsWideAsItSays(_ scale: Int) {
    let text = "layer3.0:17 (0.83)"
    var picture = Picture(width: 500, height: 60)
    picture.draw(text, x: 10, y: 10, color: .black, scale: scale)
    let inked = (0..<500).filter { x in (0..<60).contains { picture[x: x, y: $0] != .white } }
    #expect(inked.first == 10)
    #expect(inked.last == 9 + BitmapFont.width(of: text, scale: scale))
  }

  @Test func dotsArePixelsAtScale1() {
    var picture = Picture(width: 7, height: 9)
    picture.draw("L", x: 1, y: 1, color: .black)
    let rows = (0..<9).map { y in
      (0..<7).map { picture[x: $0, y: y] == .black ? "#" : "." }.joined()
    }
    #expect(
      rows == [
        ".......", ".#.....", ".#.....", ".#.....", ".#.....", ".#.....", ".#.....", ".####..",
        ".......",
      ])
  }

  @Test func textBeyondTheBorderIsCutOff() {
    var picture = Picture(width: 10, height: 5)
    picture.draw("Wide and high", x: -7, y: -3, color: .black, scale: 2)
    picture.draw("below", x: 2, y: 90, color: .black)
    #expect(picture.width == 10 && picture.bytes.contains(0))
  }

  @Test func longCaptionsEndInAnEllipsis() {
    #expect(BitmapFont.shortened("tabby cat", to: 500) == "tabby cat")
    for room in 5..<60 {
      let short = BitmapFont.shortened("tabby, tabby cat", to: room)
      #expect(short.hasSuffix("…") && BitmapFont.width(of: short) <= room)
    }
    #expect(BitmapFont.shortened("tabby", to: 2).isEmpty)
  }

  @Test func picturesStandWhereTheLayoutSays() {
    let tiles = (0..<7).map { i in
      ContactSheet.Tile(
        Picture(width: 30, height: 20, filledWith: Color(grey: UInt8(20 * i + 40))),
        caption: i == 2 ? "two\nlines" : "")
    }
    for (columns, title) in [(1, nil), (3, "A title"), (7, "")] as [(Int, String?)] {
      let sheet = ContactSheet(tiles, columns: columns, title: title, theme: .dark)
      let layout = ContactSheet.Layout(of: sheet)
      let picture = sheet.picture()
      for (i, tile) in tiles.enumerated() {
        let (x, y) = layout.origin(of: i)
        #expect(picture.cropped(x: x, y: y, width: 30, height: 20) == tile.picture)
        #expect(picture[x: x - 1, y: y - 1] == sheet.theme.frame)
      }
      #expect(picture[x: 0, y: 0] == sheet.theme.background)
      #expect(picture[x: picture.width - 1, y: picture.height - 1] == sheet.theme.background)
      #expect(sheet.picture() == picture)
    }
  }

  @Test func differentSizesAreCentredAndLargeOnesScaledDown() {
    let red = Color(0xFF0000)
    var sheet = ContactSheet(
      [
        .init(Picture(width: 10, height: 10, filledWith: red)),
        .init(Picture(width: 40, height: 20, filledWith: red)),
      ], columns: 2)
    #expect(sheet.side == (40, 20))
    sheet.side = (20, 20)
    let layout = ContactSheet.Layout(of: sheet)
    let picture = sheet.picture()
    let (left, right) = (layout.origin(of: 0), layout.origin(of: 1))
    #expect(picture[x: left.x + 5, y: left.y + 5] == red)
    #expect(picture[x: left.x + 3, y: left.y + 5] == .white)
    #expect(picture[x: right.x, y: right.y + 5] == red)
    #expect(picture[x: right.x, y: right.y + 3] == .white)
  }

  @Test func columnsFillTheSheet() {
    let columns = [1, 2, 3, 4, 6, 9, 10, 12, 16, 20, 100].map {
      ContactSheet.Layout.columns(for: $0, proportion: 1)
    }
    #expect(columns == [1, 2, 3, 2, 3, 3, 5, 4, 4, 5, 10])
  }
}
