/// A piece of the picture's rows or columns: every so-manieth of them.
///
/// Rows 0…55 that are cut into windows of seven are a piece of 8 with stride 7 and one of 7 with stride 1.
struct PicturePiece: Hashable {
  /// What it is a piece of.
  let axis: PictureAxis
  /// How many rows or columns from one to the next.
  let stride: Int
  /// How many there are.
  let extent: Int
  /// Where all rows or columns lie that it is a piece of.
  let all: AxisPlaces

  private init(axis: PictureAxis, stride: Int, extent: Int, all: AxisPlaces) {
    (self.axis, self.stride, self.extent, self.all) = (axis, stride, extent, all)
  }

  /// All rows or columns.
  init(axis: PictureAxis, all: AxisPlaces) {
    self.init(axis: axis, stride: 1, extent: all.count, all: all)
  }

  /// Whether it has all rows or columns, in their order.
  var isWhole: Bool { stride == 1 && extent == all.count }

  /// Whether it is all rows or columns but for those within each stride.
  var isCoarse: Bool { stride * extent == all.count }

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
      if let last = result.last, last.axis == piece.axis, last.all == piece.all,
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
    PicturePiece(axis: axis, stride: stride, extent: extent, all: all)
  }
}
