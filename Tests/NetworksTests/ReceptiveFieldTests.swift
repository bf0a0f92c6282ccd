import Autodiff
import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// What is read at one position is computed of what that sees alone, and is what the whole map has there.
@Suite struct ReceptiveFieldTests {
  /// Convolutions and pools with strides, paddings and dilations, branches that join, residuals.
  private static func network(seed: UInt64) -> (graph: Graph, last: String, channels: Int) {
    var random = SplitMix64(seed: seed)
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    var builder = GraphBuilder(channels: 3, seed: seed)
    var (name, count) = ("x", 3)
    if draw(0...2) == 0 { name = builder.add("Mul", [name, builder.constant([3, 1, 1])]) }
    for _ in 0..<draw(2...6) {
      let size = draw(1...3)
      let pad = draw(0...size / 2)
      let window: [String: Attribute] = [
        "kernel_shape": .ints([size + 1, size]), "strides": .ints([draw(1...3), draw(1...2)]),
        "pads": .ints([pad, 0, pad, 0]), "ceil_mode": .int(draw(0...1)),
        "count_include_pad": .int(draw(0...1)),
      ]
      switch draw(0...8) {
      case 7, 8:
        // A pool and a convolution that are alike only on even maps, joined in either order.
        let half: [String: Attribute] = ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]
        let pool = builder.add(draw(0...1) == 0 ? "MaxPool" : "AveragePool", [name], half)
        let wide = ConvolutionCase(from: count, to: count, height: 0, width: 0, stride: (2, 2))
        let other = builder.convolution(name, (count, count), wide)
        let ways = draw(0...1) == 0 ? [pool, other] : [other, pool]
        switch draw(0...3) {
        case 0: name = builder.add("Mul", ways)
        case 1: name = builder.add("Add", [builder.add("Relu", [ways[0]]), ways[1]])
        case 2: name = builder.add("Add", ways)
        default:
          name = builder.add("Concat", ways, ["axis": .int(1)])
          let turned = builder.add("Concat", [ways[1], ways[0]], ["axis": .int(1)])
          name = builder.add("Add", [name, turned])
          count *= 2
        }
      case 0: name = builder.add("MaxPool", [name], window.filter { $0.key != "count_include_pad" })
      case 1: name = builder.add("AveragePool", [name], window)
      case 2:
        name = builder.add(
          "LRN", [name], ["size": .int(3), "alpha": .float(0.1), "beta": .float(0.75)])
      case 3:
        // Two ways of one size, side by side or added to what they come from.
        let wide = ConvolutionCase(
          from: count, to: count, height: 0, width: 0, size: (5, 3), pads: (2, 1, 2, 1))
        let one = ConvolutionCase(
          from: count, to: count, height: 0, width: 0, size: (1, 1), pads: (0, 0, 0, 0))
        let ways = [
          builder.add("Relu", [builder.convolution(name, (count, count), wide)]),
          builder.convolution(name, (count, count), one),
        ]
        if draw(0...1) == 0 {
          name = builder.add("Concat", ways, ["axis": .int(1)])
          count *= 2
        } else {
          name = builder.add("Add", [builder.add("Add", ways), name])
        }
      default:
        let to = [4, 16, 24][draw(0...2)]
        let dilation = draw(1...2)
        var shape = ConvolutionCase(
          from: count, to: to, height: 0, width: 0, stride: (draw(1...2), draw(1...3)),
          dilation: dilation)
        shape.pads = (draw(0...2), draw(0...2), draw(0...2), draw(0...2))
        name = builder.add("Relu", [builder.convolution(name, (count, to), shape)])
        count = to
      }
    }
    return (builder.graph, name, count)
  }

  @Test("values and gradients are those of the whole map")
  func random() throws {
    var cropped = 0
    for seed in UInt64(0)..<300 {
      let (graph, last, channels) = Self.network(seed: seed)
      let network = Network(graph: graph)
      let shape: Shape = [1 + Int(seed % 2), 3, seed % 3 == 0 ? 61 : 64, 72]
      guard let whole = try? network.plan(inputShape: shape, readings: [Reading(last, as: .grid)])
      else { continue }
      var random = SplitMix64(seed: seed)
      let x = Tensor.normal(shape, using: &random)
      let map = try whole.forward(x)[0]
      let (height, width) = (map.shape[2], map.shape[3])
      for (row, column) in [
        (0, 0), (height / 2, width / 2), (height - 1, width / 3), (height / 3, width - 1),
      ] {
        let channel = Int.random(in: 0..<channels, using: &random)
        let reading = Reading(
          last, channels: [channel], as: .position(row: row, column: column))
        let plan = try network.plan(inputShape: shape, readings: [reading])
        let title = Comment("\(seed): \(graph.nodes.map(\.type)), row \(row), column \(column)")
        if plan.arenaBytes < whole.arenaBytes / 2 { cropped += 1 }
        let value = try plan.forward(x)[0]
        #expect(value.shape == [shape[0], 1, 1, 1], title)
        var seeds = Tensor(map.shape)
        var ones = Tensor(value.shape)
        let size = max(1e-3, map.norm / Float(map.count).squareRoot())
        for image in 0..<shape[0] {
          #expect(
            abs(value[image, 0, 0, 0] - map[image, channel, row, column]) < 1e-4 * size, title)
          (seeds[image, channel, row, column], ones[image, 0, 0, 0]) = (1, 1)
        }
        _ = try whole.forward(x)
        let expected = try whole.backward([seeds])
        let computed = try plan.backward([ones])
        #expect(relativeDistance(computed, expected) < 1e-4 || expected.norm == 0, title)
        if expected.norm == 0 { #expect(computed.norm == 0, title) }
      }
    }
    #expect(cropped > 200)
  }

  @Test("several positions are read of what all of them see; a map beside them, of everything")
  func several() throws {
    var builder = GraphBuilder(channels: 3)
    let first = builder.convolution(
      "x", (3, 16), ConvolutionCase(from: 3, to: 16, height: 0, width: 0, stride: (2, 2)))
    let last = builder.convolution(
      builder.add("Relu", [first]), (16, 8), ConvolutionCase(from: 16, to: 8, height: 0, width: 0))
    let network = Network(graph: builder.graph)
    let shape: Shape = [1, 3, 64, 64]
    var random = SplitMix64(seed: 4)
    let x = Tensor.normal(shape, using: &random)
    let positions = [
      Reading(last, channels: [2], as: .position(row: 3, column: 30)),
      Reading(first, as: .position(row: 8)), Reading(last, as: .position()),
    ]
    for others in [[], [Reading(last, as: .grid)]] {
      let plan = try network.plan(inputShape: shape, readings: positions + others)
      let results = try plan.forward(x)
      let maps = try network.plan(
        inputShape: shape, readings: [Reading(first, as: .grid), Reading(last, as: .grid)]
      ).forward(x)
      #expect(results.prefix(3).map(\.shape) == [[1, 1, 1, 1], [1, 16, 1, 1], [1, 8, 1, 1]])
      #expect(abs(results[0].scalars[0] - maps[1][0, 2, 3, 30]) < 1e-5)
      for channel in 0..<16 {
        #expect(abs(results[1][0, channel, 0, 0] - maps[0][0, channel, 8, 16]) < 1e-5)
      }
      for channel in 0..<8 {
        #expect(abs(results[2][0, channel, 0, 0] - maps[1][0, channel, 16, 16]) < 1e-5)
      }
    }
  }

  @Test("a position that a layer has not is an error")
  func errors() throws {
    var builder = GraphBuilder(channels: 3)
    let map = builder.convolution(
      "x", (3, 4), ConvolutionCase(from: 3, to: 4, height: 0, width: 0))
    let mean = builder.add("ReduceMean", [map], ["axes": .ints([2, 3]), "keepdims": .int(0)])
    let network = Network(graph: builder.graph)
    func plan(_ layer: String, _ row: Int?, _ column: Int?) throws -> Shape {
      try network.plan(
        inputShape: [1, 3, 5, 6],
        readings: [Reading(layer, channels: [0], as: .position(row: row, column: column))]
      ).outputShapes[0]
    }
    #expect(throws: NetworkError.positionOutOfRange(layer: map, x: 6, y: 0, width: 6, height: 5)) {
      try plan(map, 0, 6)
    }
    #expect(throws: NetworkError.positionOutOfRange(layer: map, x: 3, y: -1, width: 6, height: 5)) {
      try plan(map, -1, nil)
    }
    #expect(throws: NetworkError.noPositions(layer: mean)) { try plan(mean, 0, 0) }
    #expect(try plan(mean, nil, nil) == [1, 1])
  }
}
