/// A piece of the picture's rows or columns, every so-manieth of them; or of something else that lies beside them.
///
/// Rows 0…55 that are cut into windows of seven are a piece of 8 with stride 7 and one of 7 with stride 1.
struct PicturePiece: Hashable {
  /// What there are pieces of.
  enum Kind: Hashable {
    case rows, columns
    /// Channels, and whatever else is no place of the picture.
    case others
  }

  /// What it is a piece of.
  let kind: Kind
  /// How many rows or columns from one to the next.
  let stride: Int
  /// How many there are.
  let extent: Int
  /// Where all rows or columns lie that it is a piece of.
  let all: AxisPlaces

  private init(_ kind: Kind, stride: Int, extent: Int, all: AxisPlaces) {
    (self.kind, self.stride, self.extent, self.all) = (kind, stride, extent, all)
  }

  /// All rows or columns.
  init(isRows: Bool, all: AxisPlaces) {
    self.init(isRows ? .rows : .columns, stride: 1, extent: all.count, all: all)
  }

  /// So many other things.
  init(others count: Int) {
    self.init(.others, stride: 1, extent: count, all: AxisPlaces(count: count))
  }

  /// Whether they are rows.
  var isRows: Bool { kind == .rows }

  /// Whether it is no piece of rows or columns.
  var isOther: Bool { kind == .others }

  /// Whether it has all rows or columns, in their order.
  var isWhole: Bool { stride == 1 && extent == all.count }

  /// Pieces as they lie along several axes in place of one.
  ///
  /// - Parameters:
  ///   - pieces: Each faster than the one before.
  ///   - extents: Of the axes; they hold as many as the pieces do.
  /// - Returns: The pieces along each; nil where an axis ends within a piece that cannot be cut there.
  static func split(_ pieces: [PicturePiece], into extents: [Int]) -> [[PicturePiece]]? {
    var left = pieces[...]
    var result: [[PicturePiece]] = []
    for extent in extents {
      var (along, count) = ([PicturePiece](), 1)
      while count < extent {
        guard let next = left.popFirst(), extent % count == 0 else { return nil }
        let needed = extent / count
        if next.extent <= needed {
          along.append(next)
          count *= next.extent
        } else {
          guard next.extent % needed == 0 else { return nil }
          let rest = next.extent / needed
          along.append(next.part(stride: next.stride * rest, extent: needed))
          left = [next.part(stride: next.stride, extent: rest)] + left
          count = extent
        }
      }
      guard count == extent else { return nil }
      result.append(along)
    }
    return left.isEmpty ? result : nil
  }

  /// The same with neighbours put together that are one piece.
  static func joined(_ pieces: [PicturePiece]) -> [PicturePiece] {
    var result: [PicturePiece] = []
    for piece in pieces {
      if let last = result.last, last.kind == piece.kind, last.all == piece.all,
        last.stride == piece.stride * piece.extent
      {
        result[result.count - 1] = last.part(
          stride: piece.stride, extent: last.extent * piece.extent)
      } else {
        result.append(piece)
      }
    }
    return result
  }

  private func part(stride: Int, extent: Int) -> PicturePiece {
    PicturePiece(kind, stride: stride, extent: extent, all: all)
  }
}
