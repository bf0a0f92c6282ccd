#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ContactSheet {
  /// Where everything on a sheet stands, in pixels.
  struct Layout {
    let margin: Int
    let gutter: Int
    let caption: Lettering
    let title: Lettering
    /// From a picture's lower edge to its caption.
    let captionGap: Int
    /// From one line of a caption to the next.
    let lineHeight: Int
    let width: Int
    let height: Int
    private let cell: (width: Int, height: Int)
    private let firstRow: Int
    private let columns: Int

    init(of sheet: ContactSheet) {
      let side = sheet.side
      columns = sheet.columns
      let rows = (sheet.tiles.count + columns - 1) / columns
      // The text grows with the pictures, so that it can be read when a large sheet is scaled down.
      caption = Lettering(size: max(Double(side.width) / 20, 10))
      title = Lettering(size: (caption.size * 1.5).rounded(), weight: .semibold)
      gutter = max(side.width / 16, 6)
      margin = gutter + gutter / 2
      captionGap = Int((caption.size * 0.55).rounded())
      lineHeight = Int(caption.lineHeight.rounded())

      let lines = sheet.tiles.map { Self.lines(of: $0.caption).count }.max() ?? 0
      let captionHeight =
        lines == 0
        ? 0
        : captionGap
          + (lines - 1) * lineHeight + Int((caption.capHeight + caption.descent).rounded(.up))
      cell = (side.width + gutter, side.height + captionHeight + gutter)
      firstRow = margin + (sheet.title == nil ? 0 : Int(title.capHeight.rounded()) + margin)
      width = 2 * margin + columns * cell.width - gutter
      height = firstRow + rows * cell.height - gutter + margin
    }

    /// The upper left corner of a tile's picture.
    func origin(of index: Int) -> (x: Int, y: Int) {
      (margin + index % columns * cell.width, firstRow + index / columns * cell.height)
    }

    /// The base line of a row of a tile's caption, from the tile's top edge.
    func baseline(ofRow row: Int, below height: Int) -> Int {
      height + captionGap + Int(caption.capHeight.rounded()) + row * lineHeight
    }

    /// The number of columns that makes a sheet's sides about 4 : 3 and leaves few places empty.
    static func columns(for count: Int, proportion: Double) -> Int {
      /// An empty share of the places costs as much as sides that are wrong by its fourfold logarithm.
      func cost(_ columns: Int) -> Double {
        let rows = (count + columns - 1) / columns
        let sides = proportion * Double(columns) / Double(rows)
        return abs(log(sides * 3 / 4)) + 4 * (1 - Double(count) / Double(rows * columns))
      }
      return (1...count).min { cost($0) < cost($1) } ?? 1
    }

    static func lines(of caption: String) -> [Substring] {
      caption.isEmpty ? [] : caption.split(separator: "\n", omittingEmptySubsequences: false)
    }
  }
}
