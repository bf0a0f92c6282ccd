import Tensors

/// Smooth random masks: cells that are on or off, enlarged and shifted.
///
/// A mask has `cells` × `cells` cells, each on with probability `density`, enlarged bilinearly to one cell more
/// than the picture, mirrored beyond the outer cells' centres, and cut out at a random place within a cell.
///
/// Source: Petsiuk, Das and Saenko, "RISE", BMVC 2018, and its code (`skimage.transform.resize`, order 1).
struct RISEMasks {
  let cells: Int
  let density: Double
  let height: Int
  let width: Int
  let seed: UInt64

  /// A mask by its number: H×W values from 0 to 1, row by row.
  func mask(_ number: Int) -> [Float] {
    var random = SplitMix64(seed: seed, draw: number)
    let isOn = (0..<cells * cells).map { _ -> Float in random.uniform() < density ? 1 : 0 }
    let rows = axis(height, using: &random)
    let columns = axis(width, using: &random)
    var mask = [Float](repeating: 0, count: height * width)
    var line = [Float](repeating: 0, count: cells)
    for (y, row) in rows.enumerated() {
      for cell in 0..<cells {
        let (upper, lower) = (isOn[row.first * cells + cell], isOn[row.second * cells + cell])
        line[cell] = upper + row.share * (lower - upper)
      }
      for (x, column) in columns.enumerated() {
        let (left, right) = (line[column.first], line[column.second])
        mask[y * width + x] = left + column.share * (right - left)
      }
    }
    return mask
  }

  /// Between which cells a pixel lies.
  private struct Place {
    let first: Int
    let second: Int
    /// How much the second counts.
    let share: Float
  }

  /// The places of an axis's pixels.
  private func axis(_ extent: Int, using random: inout SplitMix64) -> [Place] {
    let cell = (extent + cells - 1) / cells
    let shift = Int.random(in: 0..<cell, using: &random)
    let scale = Double(cells) / Double((cells + 1) * cell)
    return (0..<extent).map { pixel in
      let place = (Double(pixel + shift) + 0.5) * scale - 0.5
      let floor = place.rounded(.down)
      let (first, second) = (mirrored(Int(floor)), mirrored(Int(floor) + 1))
      return Place(first: first, second: second, share: Float(place - floor))
    }
  }

  /// A cell of that number, mirrored at the outer cells.
  private func mirrored(_ cell: Int) -> Int {
    if cells == 1 { return 0 }
    return cell < 0 ? -cell : cell >= cells ? 2 * cells - 2 - cell : cell
  }
}
