import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Convolutions and pooling over any number of axes: patches, and products or choices of them.
  static let windows: [ExactOperator] = [
    ExactOperator("Conv", convolution),
    ExactOperator("ConvTranspose", transposedConvolution),
    ExactOperator("MaxPool", decides: .inputs) { call in
      guard call.output == 0 else { throw call.unknown("whose places are read") }
      let x = try call.input(0)
      let windows = try seen(call, x)
      let (places, plane, count) = (windows.places, windows.inputs.reduce(1, *), windows.count)
      let chosen = call.choose([0]) { values in
        let all = values[0]
        return (0..<x.shape[0] * x.shape[1]).flatMap { row in
          (0..<count).map { window -> Int32 in
            var best: Int32 = -1
            for tap in 0..<windows.taps {
              let place = places[tap * count + window]
              guard place >= 0 else { continue }
              let own = place + Int32(row * plane)
              if best < 0 || all[Int(own)] > all[Int(best)] { best = own }
            }
            return best
          }
        }
      }
      return .gathered(
        [x], chosen, shape: Shape([x.shape[0], x.shape[1]] + windows.outputs), filling: -.infinity)
    },
    ExactOperator("GlobalMaxPool", decides: .inputs) { call in
      let x = try call.input(0)
      let plane = x.shape.dimensions.dropFirst(2).reduce(1, *)
      let chosen = call.choose([0]) { values in
        (0..<x.shape[0] * x.shape[1]).map { row in
          Int32(best(values[0], row * plane..<(row + 1) * plane) { $0 > $1 })
        }
      }
      let axes = Array(2..<x.shape.rank)
      return .gathered([x], chosen, shape: x.reduced(axes, keeping: true))
    },
    ExactOperator("AveragePool") { call in
      let (patches, windows, shape) = try patches(call)
      let countsPadding = call.node.int("count_include_pad", default: 0) != 0
      let counts = Exact([windows.count], windows.counts(countsPadding: countsPadding))
      return (patches.sum([1], keeping: false) / counts).reshaped(shape)
    },
    ExactOperator("LpPool") { call in
      let (patches, _, shape) = try patches(call)
      return norm(patches, [1], p: Double(call.node.int("p", default: 2))).reshaped(shape)
    },
    ExactOperator("GlobalAveragePool") { call in
      let x = try call.input(0)
      return x.mean(Array(2..<x.shape.rank))
    },
    ExactOperator("GlobalLpPool") { call in
      let x = try call.input(0)
      return norm(x, Array(2..<x.shape.rank), p: Double(call.node.int("p", default: 2)))
    },
  ]

  private static func seen(_ call: ExactCall, _ x: Exact) throws -> Windows {
    try Windows(
      call, sizes: call.node.ints("kernel_shape") ?? [],
      inputs: Array(x.shape.dimensions.dropFirst(2)))
  }

  /// What the windows see, (N·C) × taps × windows.
  private static func patches(_ call: ExactCall) throws -> (Exact, Windows, Shape) {
    let x = try call.input(0)
    let windows = try seen(call, x)
    let rows = x.shape[0] * x.shape[1]
    try call.requireRoom(rows, windows.taps, windows.count)
    return (
      x.gatheredInRows(rows, windows.places, shape: [rows, windows.taps, windows.count]), windows,
      Shape([x.shape[0], x.shape[1]] + windows.outputs)
    )
  }

  /// `(Σ |x|ᵖ)^(1/p)` over some axes; the gradient at 0 is 0.
  static func norm(_ x: Exact, _ axes: [Int], p: Double, keeping: Bool = true) -> Exact {
    let powers = x.map({ pow(abs($0), p) }) { x, _ in
      x == 0 ? 0 : p * pow(abs(x), p - 1) * (x > 0 ? 1 : -1)
    }
    return powers.sum(axes, keeping: keeping).map({ pow($0, 1 / p) }) { x, y in
      x == 0 ? 0 : y / (p * x)
    }
  }

  private static func convolution(_ call: ExactCall) throws -> Exact {
    let (x, weights) = (try call.input(0), try call.input(1))
    let groups = call.node.int("group", default: 1)
    let windows = try Windows(
      call, sizes: Array(weights.shape.dimensions.dropFirst(2)),
      inputs: Array(x.shape.dimensions.dropFirst(2)))
    let (batch, channels, filters) = (x.shape[0], x.shape[1], weights.shape[0])
    let depth = channels / groups * windows.taps
    try call.requireRoom(batch * channels, windows.taps, windows.count)
    let patches = x.gatheredInRows(
      batch * channels, windows.places, shape: [batch, groups, depth, windows.count])
    let matrix = weights.reshaped([groups, filters / groups, depth])
    return shifted(
      call, .product(matrix, patches).reshaped(Shape([batch, filters] + windows.outputs)))
  }

  private static func transposedConvolution(_ call: ExactCall) throws -> Exact {
    let (x, weights) = (try call.input(0), try call.input(1))
    let groups = call.node.int("group", default: 1)
    let inputs = Array(x.shape.dimensions.dropFirst(2))
    let (axes, extents) = try call.node.transposedWindows(
      sizes: Array(weights.shape.dimensions.dropFirst(2)), inputs: inputs)
    let windows = Windows(axes, inputs: extents, outputs: inputs)
    let (batch, channels, filters) = (x.shape[0], x.shape[1], weights.shape[1] * groups)
    try call.requireRoom(batch * filters, windows.taps, windows.count)
    let matrix = weights.reshaped([groups, channels / groups, filters / groups * windows.taps])
    let columns = Exact.product(
      matrix.turned, x.reshaped([batch, groups, channels / groups, windows.count]))
    return shifted(
      call,
      columns.scatteredInRows(
        batch * filters, windows.places, length: extents.reduce(1, *),
        shape: Shape([batch, filters] + extents)))
  }

  /// The same with one number a channel added, where there is such an input.
  private static func shifted(_ call: ExactCall, _ x: Exact) -> Exact {
    guard let bias = call.optional(2) else { return x }
    let ones = [Int](repeating: 1, count: x.shape.rank - 2)
    return x + bias.reshaped(Shape([x.shape[1]] + ones))
  }
}
