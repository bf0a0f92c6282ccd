import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Parts of maps brought to one size, as detectors with two stages do (He et al., Mask R-CNN, 2017).
  static let regions: [Operator] = [
    Operator("RoiAlign", .selection, channels: .first, regionAlign)
  ]

  /// The most samples along an axis of a cell that a file may ask for.
  private static let mostSamples = 64

  /// Regions × C × rows × columns of maps N×C×H×W: means, or the largest, of samples within each cell.
  ///
  /// No gradient passes to the regions' corners.
  private static func regionAlign(_ call: TapeCall) throws -> Variable {
    let (x, regions, pictures) = (try call.input(0), try call.input(1), try call.input(2))
    let (rows, columns) = (
      call.node.int("output_height", default: 1), call.node.int("output_width", default: 1)
    )
    try call.require(
      x.shape.rank == 4 && x.shape.count > 0 && rows > 0 && columns > 0
        && regions.shape == [pictures.shape.count, 4], "regions \(regions.shape) of \(x.shape)")
    let shape = try call.shape([regions.shape[0], x.shape[1], rows, columns])
    let samples = call.node.int("sampling_ratio", default: 0)
    try call.require((0...mostSamples).contains(samples), "\(samples) samples")
    // Every cell takes four taps a sample.
    _ = try call.shape([4 * max(1, samples * samples), shape.count])
    let mode = try call.word("mode", of: ["avg", "max"])
    // Before operator set 16, pixels lay half a pixel further.
    let pixels = call.node.string(
      "coordinate_transformation_mode",
      default: call.node.opset < 16 ? "output_half_pixel" : "half_pixel")
    let grid = RegionGrid(
      height: x.shape[2], width: x.shape[3], rows: rows, columns: columns, samples: samples,
      scale: call.node.float("spatial_scale", default: 1),
      isHalfPixel: pixels == "half_pixel")
    let owners = try call.indices(2, extent: x.shape[0])
    let corners = regions.value.scalars
    let plane = x.shape[2] * x.shape[3]
    let maps = x.reshaped(to: [x.shape[0], x.shape[1], plane])
    let parts = owners.enumerated().map { region, owner in
      let cells = grid.cells(Array(corners[region * 4..<region * 4 + 4]))
      let map = maps.sliced(owner..<owner + 1, alongAxis: 0)
      return mode == "avg"
        ? map.mapped(AxisMap(inputCount: plane, rows: cells.map(mean)), alongAxis: 2)
        : largest(of: map, cells)
    }
    guard !parts.isEmpty else { return Variable(Tensor(shape)) }
    return concatenate(parts).reshaped(to: shape)
  }

  private static func mean(_ taps: [AxisMap.Tap]) -> [AxisMap.Tap] {
    let count = Float(max(1, taps.count / 4))
    return taps.map { .init($0.index, $0.weight / count) }
  }

  /// The largest of the weighted pixels that a cell's samples lie between, as ONNX defines it.
  private static func largest(of map: Variable, _ cells: [[AxisMap.Tap]]) -> Variable {
    let (values, channels, plane) = (map.value.scalars, map.shape[1], map.shape[2])
    var (places, weights): ([Int], [Float]) = ([], [])
    for channel in 0..<channels {
      for taps in cells {
        func value(_ tap: AxisMap.Tap) -> Float { values[channel * plane + tap.index] * tap.weight }
        let best = taps.max { value($0) < value($1) }
        places.append(best.map { channel * plane + $0.index } ?? -1)
        weights.append(best?.weight ?? 0)
      }
    }
    let shape: Shape = [1, channels, cells.count]
    return map.picked(places, shape: shape) * Variable(Tensor(shape, weights))
  }
}

/// Where the cells of a region take their samples.
private struct RegionGrid {
  let height, width, rows, columns, samples: Int
  let scale: Float
  let isHalfPixel: Bool

  /// Four taps a sample, for every cell of a region from its corners, x before y.
  func cells(_ corners: [Float]) -> [[AxisMap.Tap]] {
    let places = corners.map { corner in
      let place = corner * scale - (isHalfPixel ? 0.5 : 0)
      return place.isFinite ? place : 0
    }
    let x = along(places[0], places[2], cells: columns, extent: width)
    let y = along(places[1], places[3], cells: rows, extent: height)
    return y.flatMap { y in
      x.map { x in
        y.flatMap { y in x.flatMap { x in corner(y, x) } }
      }
    }
  }

  /// The places of the samples in each cell; nil where one lies outside.
  private func along(_ start: Float, _ end: Float, cells: Int, extent: Int) -> [[Float?]] {
    let length = isHalfPixel ? end - start : max(end - start, 1)
    let cell = length / Float(cells)
    // One a pixel; a region over twice as large as its map takes no more.
    let wanted = min(max(0, cell.rounded(.up)), Float(2 * extent / cells + 1))
    let count = samples > 0 ? samples : Int(wanted)
    return (0..<cells).map { index in
      (0..<count).map { sample in
        let place = start + Float(index) * cell + (Float(sample) + 0.5) * cell / Float(count)
        return place >= -1 && place <= Float(extent) ? max(0, place) : nil
      }
    }
  }

  /// The pixels around a sample.
  private func corner(_ y: Float?, _ x: Float?) -> [AxisMap.Tap] {
    guard let y, let x else { return [AxisMap.Tap](repeating: .init(0, 0), count: 4) }
    let (top, bottom, down) = between(y, height)
    let (left, right, along) = between(x, width)
    return [
      .init(top * width + left, (1 - down) * (1 - along)),
      .init(top * width + right, (1 - down) * along),
      .init(bottom * width + left, down * (1 - along)),
      .init(bottom * width + right, down * along),
    ]
  }

  private func between(_ place: Float, _ extent: Int) -> (Int, Int, Float) {
    let first = Int(place)
    guard first < extent - 1 else { return (extent - 1, extent - 1, 0) }
    return (first, first + 1, place - Float(first))
  }
}
