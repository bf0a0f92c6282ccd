import Testing

@testable import Imaging

@Suite struct ContactSheetTests {
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
