import Graphs
import Tensors

extension ExactOperator {
  /// Pictures read at points between their pixels.
  static let sampling: [ExactOperator] = [
    ExactOperator("GridSample", decides: .inputs) { call in
      let (x, grid) = (try call.input(0), try call.input(1))
      let extents = Array(x.shape.dimensions.dropFirst(2))
      let points = Array(grid.shape.dimensions.dropFirst().dropLast())
      let mode = call.string("mode", "linear")
      // Which pixel is the nearest hangs on rounding where a point lies between two.
      guard mode != "nearest" else { throw call.unknown("with the nearest pixel") }
      let sampler = PointSampler(
        reach: mode.hasSuffix("cubic") ? 2 : 1,
        padding: call.string("padding_mode", "zeros"),
        alignsCorners: call.node.int("align_corners", default: 0) != 0)
      let count = x.shape[0] * points.reduce(1, *)
      let taps = extents.reduce(1) { taps, _ in taps * max(1, 2 * sampler.reach) }
      try call.requireRoom(count, taps, 2 + extents.count)
      // The last axis first, as the grid has them.
      let firsts = call.choose([1]) { values in
        values[0].enumerated().map { place, coordinate in
          sampler.first(coordinate, extents[extents.count - 1 - place % extents.count])
        }
      }
      let seen = (0..<count).map { point in
        let range = point * extents.count..<(point + 1) * extents.count
        return sampler.taps(
          grid.scalars[range].reversed(), from: firsts[range].reversed(), extents: extents)
      }
      return x.sampled(
        of: Array(0..<x.shape[0]), seen, by: grid, shape: Shape([x.shape[0], x.shape[1]] + points))
    },
    ExactOperator("RoiAlign") { call in
      let (x, corners) = (try call.input(0), try call.input(1).scalars)
      let owners = try call.input(2).scalars.map { Int($0) }.map {
        $0 < 0 ? $0 + x.shape[0] : $0
      }
      guard owners.allSatisfy((0..<x.shape[0]).contains), corners.count == 4 * owners.count else {
        throw call.unknown("of a picture that there is not")
      }
      guard call.string("mode", "avg") == "avg" else { throw call.unknown("with maxima") }
      let (rows, columns) = (
        call.node.int("output_height", default: 1), call.node.int("output_width", default: 1)
      )
      let samples = call.node.int("sampling_ratio", default: 0)
      try call.requireRoom(owners.count, rows * columns, 4, max(1, samples), max(1, samples), 3)
      let pixels = call.string(
        "coordinate_transformation_mode",
        call.node.opset < 16 ? "output_half_pixel" : "half_pixel")
      let cells = RegionCells(
        samples: samples, scale: call.float("spatial_scale", 1), isHalfPixel: pixels == "half_pixel"
      )
      let seen = owners.indices.flatMap { region in
        let own = Array(corners[4 * region..<4 * region + 4])
        let across = cells.along(own[0], own[2], count: columns, extent: x.shape[3])
        let down = cells.along(own[1], own[3], count: rows, extent: x.shape[2])
        return down.flatMap { down in across.map { RegionCells.mean(down, $0, width: x.shape[3]) } }
      }
      return x.sampled(of: owners, seen, shape: Shape([owners.count, x.shape[1], rows, columns]))
    },
  ]
}

/// A pixel that a point sees: its place, how much it counts, and how that grows along each axis.
struct PointTap {
  let place: Int
  let weight: Double
  var slopes: [Double] = []
}

extension Exact {
  /// Sums of pixels, point by point.
  ///
  /// - Parameters:
  ///   - owners: The picture that each part of the result is of.
  ///   - seen: What each point of each part sees.
  ///   - grid: The points, the last axis first, where the gradient goes to them too.
  ///   - result: Parts × C × points.
  /// - Returns: The sums.
  fileprivate func sampled(
    of owners: [Int], _ seen: [[PointTap]], by grid: Exact? = nil, shape result: Shape
  ) -> Exact {
    let (x, channels) = (scalars, shape[1])
    let plane = shape.dimensions.dropFirst(2).reduce(1, *)
    let (rows, count) = (owners.count * channels, seen.count / max(1, owners.count))
    /// Where a row's picture begins, and its first point's number.
    @Sendable func start(_ row: Int) -> (picture: Int, point: Int) {
      ((owners[row / channels] * channels + row % channels) * plane, row / channels * count)
    }
    let values = byRows(rows, width: count) { row, y in
      let (picture, point) = start(row)
      for i in 0..<count {
        for tap in seen[point + i] { y[i] += x[picture + tap.place] * tap.weight }
      }
    }
    var sources: [(Exact, Way.Pullback)] = [
      (
        self,
        { g in
          var sums = [Double](repeating: 0, count: x.count)
          for row in 0..<rows {
            let (picture, point) = start(row)
            for i in 0..<count {
              for tap in seen[point + i] {
                sums[picture + tap.place] += g[row * count + i] * tap.weight
              }
            }
          }
          return sums
        }
      )
    ]
    if let grid {
      let axes = grid.shape[-1]
      sources.append(
        (
          grid,
          { g in
            byRows(seen.count, width: axes) { place, slopes in
              for channel in 0..<channels {
                let row = place / count * channels + channel
                let (picture, point) = start(row)
                for tap in seen[place] {
                  let part = g[row * count + place - point] * x[picture + tap.place]
                  for axis in 0..<axes { slopes[axes - 1 - axis] += part * tap.slopes[axis] }
                }
              }
            }
          }
        ))
    }
    return Exact(result, values, from: sources)
  }
}
