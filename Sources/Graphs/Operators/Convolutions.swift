import Autodiff
import Blocks
import Memory
import Tensors

extension Operator {
  /// Convolutions over any number of axes and with weights that need be no constants, as matrix products.
  static let convolutions: [Operator] = [
    // Each output is a sum over a window of one group's channels.
    Operator(
      "Conv", .linear(.convolution), channels: .first, positions: .kept,
      cost: { node in
        guard let weights = node.input(1), let output = node.output, weights.rank > 1 else {
          return 0
        }
        return MemoryLimit.product([output.count, weights.count / max(1, weights[0])])
      }, convolution),
    // Each input is added to a window of one group's outputs.
    Operator(
      "ConvTranspose", .linear(.transposedConvolution), channels: .first, positions: .kept,
      cost: { node in
        guard let weights = node.input(1), let input = node.input(0), weights.rank > 1 else {
          return 0
        }
        return MemoryLimit.product([input.count, weights.count / max(1, weights[0])])
      }, transposedConvolution),
  ]

  /// - Returns: N×M×…, for an input of N×C×… and weights of M×C/groups×…
  private static func convolution(_ call: TapeCall) throws -> Variable {
    let (x, weights) = (try call.input(0), try call.input(1))
    let groups = call.node.int("group", default: 1)
    try call.require(
      weights.shape.rank == x.shape.rank && groups > 0 && x.shape.rank > 2
        && weights.shape[0].isMultiple(of: groups) && weights.shape.count > 0
        && x.shape[1].isMultiple(of: groups) && weights.shape[1] == x.shape[1] / groups,
      "weights \(weights.shape) in \(groups) groups for an input \(x.shape)")
    let (batch, channels, filters) = (x.shape[0], x.shape[1], weights.shape[0])
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    let window = try TapeWindow(call, sizes: Array(weights.shape.dimensions.dropFirst(2)))
    let outputs = try window.outputs(spatial)
    let places = try window.places(spatial, outputs: outputs, rows: batch * channels)
    let positions = outputs.reduce(1, *)
    try call.checkWork([batch, filters, positions, channels / groups, window.count])
    let shape = try call.shape([batch, filters] + outputs)
    if call.isOnlyForShape { return try biased(call, Variable(Tensor(shape))) }
    let patches = x.reshaped(to: [batch, channels, spatial.reduce(1, *)])
      .pickedInRows(places)
      .reshaped(to: [batch, groups, channels / groups * window.count, positions])
    let matrix = weights.reshaped(
      to: [groups, filters / groups, channels / groups * window.count])
    return try biased(call, matmul(matrix, patches).reshaped(to: shape))
  }

  /// The adjoint of a convolution from N×M×… to the input's N×C×…, with weights of C×M/groups×… .
  private static func transposedConvolution(_ call: TapeCall) throws -> Variable {
    let (x, weights) = (try call.input(0), try call.input(1))
    let groups = call.node.int("group", default: 1)
    try call.require(
      weights.shape.rank == x.shape.rank && groups > 0 && x.shape.rank > 2
        && weights.shape[0] == x.shape[1] && x.shape[1].isMultiple(of: groups)
        && weights.shape.count > 0, "weights \(weights.shape) in \(groups) groups for \(x.shape)")
    let (batch, channels, filters) = (x.shape[0], x.shape[1], weights.shape[1] * groups)
    let inputs = Array(x.shape.dimensions.dropFirst(2))
    let (windows, spatial) = try call.node.transposedWindows(
      sizes: Array(weights.shape.dimensions.dropFirst(2)), inputs: inputs)
    let shape = try call.shape([batch, filters] + spatial)
    try call.checkWork([x.shape.count, filters / groups, windows.map(\.size).reduce(1, *)])
    if call.isOnlyForShape { return try biased(call, Variable(Tensor(shape))) }
    let window = TapeWindow(call, axes: windows)
    let places = try window.places(spatial, outputs: inputs, rows: batch * filters)
    let matrix = weights.reshaped(
      to: [groups, channels / groups, filters / groups * window.count])
    let columns = matmul(
      matrix.transposedMatrices(),
      x.reshaped(to: [batch, groups, channels / groups, inputs.reduce(1, *)]))
    let sums = columns.reshaped(to: [batch, filters, places.count])
      .placedInRows(places, extent: spatial.reduce(1, *))
    return try biased(call, sums.reshaped(to: shape))
  }

  /// The same with one number a channel added, where there is such an input.
  static func biased(_ call: TapeCall, _ x: Variable, at position: Int = 2) throws -> Variable {
    guard let bias = call.optionalInput(position) else { return x }
    try call.require(bias.shape == [x.shape[1]], "a bias \(bias.shape) for \(x.shape[1]) channels")
    return x
      + bias.reshaped(to: Shape([x.shape[1]] + [Int](repeating: 1, count: x.shape.rank - 2)))
  }
}
