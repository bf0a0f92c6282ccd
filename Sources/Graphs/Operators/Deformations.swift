import Autodiff
import Blocks
import Memory
import Tensors

extension Operator {
  /// Convolutions whose taps are moved by values that are computed (Dai et al., 2017; with a mask: Zhu et al., 2019),
  /// and columns of patches put together again.
  static let deformations: [Operator] = [
    Operator(
      "DeformConv", .other, channels: .first, positions: .kept,
      cost: { node in
        guard let weights = node.input(1), let output = node.output, weights.rank > 1 else {
          return 0
        }
        return MemoryLimit.product([output.count, weights.count / max(1, weights[0])])
      }, deformableConvolution),
    Operator("Col2Im", .average, channels: .first, columnsToImage),
    Operator("AffineGrid", .other, affineGrid),
  ]

  /// - Returns: N×M×…, for an input of N×C×…, weights of M×C/groups×… and a move of every tap along every axis.
  private static func deformableConvolution(_ call: TapeCall) throws -> Variable {
    let (x, weights, moves) = (try call.input(0), try call.input(1), try call.input(2))
    let groups = call.node.int("group", default: 1)
    let sets = call.node.int("offset_group", default: 1)
    try call.require(
      x.shape.rank > 2 && x.shape.count > 0 && weights.shape.rank == x.shape.rank && groups > 0
        && sets > 0 && weights.shape.count > 0 && weights.shape[0].isMultiple(of: groups)
        && x.shape[1].isMultiple(of: groups) && weights.shape[1] == x.shape[1] / groups
        && x.shape[1].isMultiple(of: sets), "weights \(weights.shape) for an input \(x.shape)")
    let (batch, channels, filters) = (x.shape[0], x.shape[1], weights.shape[0])
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    let window = try TapeWindow(call, sizes: Array(weights.shape.dimensions.dropFirst(2)))
    let outputs = try window.outputs(spatial)
    let (taps, positions) = (window.count, outputs.reduce(1, *))
    let expected = try call.shape([batch, sets * taps * spatial.count] + outputs)
    try call.require(moves.shape == expected, "moves of \(moves.shape), not \(expected)")
    _ = try call.shape([batch * channels, taps, positions, 1 << spatial.count])
    try call.checkWork([batch, filters, positions, channels / groups, taps])
    let grid = try moved(call, moves, window, outputs, sets: sets)
    var columns = try sampled(
      call, x.reshaped(to: Shape([batch * sets, channels / sets] + spatial)), grid,
      GridSampler(
        mode: "linear", padding: "zeros", alignsCorners: false, spatial: spatial, isInPixels: true)
    ).reshaped(to: [batch, sets, channels / sets, taps, positions])
    if let mask = call.optionalInput(4) {
      let own = Shape([batch, sets * taps] + outputs)
      try call.require(mask.shape == own, "a mask of \(mask.shape), not \(own)")
      columns = columns * mask.reshaped(to: [batch, sets, 1, taps, positions])
    }
    let product = matmul(
      weights.reshaped(to: [groups, filters / groups, channels / groups * taps]),
      columns.reshaped(to: [batch, groups, channels / groups * taps, positions]))
    return try biased(
      call, product.reshaped(to: try call.shape([batch, filters] + outputs)), at: 3)
  }

  /// The place where every tap of every window looks, the last axis first.
  private static func moved(
    _ call: TapeCall, _ moves: Variable, _ window: TapeWindow, _ outputs: [Int],
    sets: Int
  ) throws -> Variable {
    let (axes, taps, positions) = (window.axes.count, window.count, outputs.reduce(1, *))
    let pictures = moves.shape[0] * sets
    let tapShape = Shape(window.axes.map(\.size))
    let still = Tensor(
      [taps, positions, axes],
      (0..<taps).flatMap { tap -> [Float] in
        (0..<positions).flatMap { position -> [Float] in
          (0..<axes).reversed().map { axis -> Float in
            let own = tap / tapShape.strides[axis] % tapShape[axis]
            let output = position / Shape(outputs).strides[axis] % outputs[axis]
            let window = window.axes[axis]
            return Float(output * window.stride - window.padBefore + own * window.dilation)
          }
        }
      })
    // Pictures × taps × axes × positions, the axes last and backwards.
    let own = moves.reshaped(to: [pictures, taps, axes, positions]).transposed([0, 1, 3, 2])
      .gathered((0..<axes).reversed(), alongAxis: 3)
    return (own + Variable(still)).reshaped(
      to: Shape([pictures, taps * positions] + [Int](repeating: 1, count: axes - 1) + [axes]))
  }

  /// The adjoint of taking patches: N×C·taps×windows to N×C×… .
  private static func columnsToImage(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    guard let image = try call.constant(1)?.integers, let block = try call.constant(2)?.integers,
      image.count == block.count, !image.isEmpty, image.allSatisfy({ $0 > 0 })
    else { throw call.invalid("it needs the extents of the image and of a block") }
    _ = try call.shape(image)
    let axes = try block.indices.map { axis in
      try call.node.window(axis: axis, rank: block.count, size: block[axis], input: image[axis])
    }
    let window = TapeWindow(call, axes: axes)
    let outputs = try window.outputs(image)
    _ = try call.shape(block + outputs)
    let (taps, windows) = (window.count, outputs.reduce(1, *))
    try call.require(
      x.shape.rank == 3 && x.shape[2] == windows && x.shape[1].isMultiple(of: taps),
      "columns of \(x.shape), of \(taps) taps in \(windows) windows")
    let channels = x.shape[1] / taps
    let shape = try call.shape([x.shape[0], channels] + image)
    let places = try window.places(image, outputs: outputs, rows: max(1, x.shape[0] * channels))
    return x.reshaped(to: [x.shape[0], channels, taps * windows])
      .placedInRows(places, extent: image.reduce(1, *)).reshaped(to: shape)
  }

  /// The points that GridSample looks at for affine maps of N×2×3 or N×3×4, the last axis first.
  private static func affineGrid(_ call: TapeCall) throws -> Variable {
    let theta = try call.input(0)
    guard let size = try call.constant(1)?.integers, size.count > 2,
      theta.shape.dimensions == [size[0], size.count - 2, size.count - 1],
      size.allSatisfy({ $0 > 0 })
    else { throw call.invalid("it needs a size that fits \(theta.shape)") }
    let (spatial, rank) = (Array(size.dropFirst(2)), size.count - 2)
    let shape = try call.shape([size[0]] + spatial + [rank])
    let alignsCorners = call.node.int("align_corners", default: 0) != 0
    let extents = Shape(spatial)
    func coordinate(_ point: Int, _ axis: Int) -> Float {
      let (place, extent) = (Float(point / extents.strides[axis] % spatial[axis]), spatial[axis])
      guard alignsCorners else { return (2 * place + 1) / Float(extent) - 1 }
      return extent == 1 ? -1 : 2 * place / Float(extent - 1) - 1
    }
    let points = (0..<extents.count).flatMap { point -> [Float] in
      (0..<rank).reversed().map { coordinate(point, $0) } + [1]
    }
    let grid = Variable(Tensor([extents.count, rank + 1], points))
    return matmul(grid, theta.transposedMatrices()).reshaped(to: shape)
  }
}
