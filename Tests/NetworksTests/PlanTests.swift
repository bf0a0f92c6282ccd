import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// What the compiler does to a graph must not show: fusion, shared concatenations, narrowing, pruning.
@Suite struct PlanTests {
  /// A residual block, an unaligned and an aligned concatenation, pools, a normalization and a head.
  private static func mixed() -> Network {
    var b = GraphBuilder(channels: 3)
    func c(_ from: Int, _ to: Int, size: Int = 3, stride: Int = 1) -> ConvolutionCase {
      let pad = (size - 1) / 2
      return ConvolutionCase(
        from: from, to: to, height: 0, width: 0, size: (size, size), stride: (stride, stride),
        pads: (pad, pad, pad, pad))
    }
    let stem = b.add("Relu", [b.convolution("x", (3, 24), c(3, 24, stride: 2))])
    let first = b.add("Relu", [b.convolution(stem, (24, 24), c(24, 24))])
    let second = b.convolution(first, (24, 24), c(24, 24))
    let block = b.add("Relu", [b.add("Add", [second, stem])])
    let wide = b.add("Relu", [b.convolution(block, (24, 32), c(24, 32, size: 1))])
    let clipped = b.add(
      "Clip", [b.convolution(block, (24, 16), c(24, 16))], ["min": .float(0), "max": .float(1)])
    let pooled = b.add(
      "MaxPool", [block],
      ["kernel_shape": .ints([3, 3]), "strides": .ints([1, 1]), "pads": .ints([1, 1, 1, 1])])
    let aligned = b.add("Concat", [wide, clipped, pooled], ["axis": .int(1)])
    let unaligned = b.add("Concat", [pooled, clipped, block], ["axis": .int(1)])
    let scaled = b.add("Mul", [unaligned, b.constant([64, 1, 1])])
    let both = b.add("Concat", [aligned, scaled], ["axis": .int(1)])
    let normalized = b.add(
      "LRN", [both], ["size": .int(5), "alpha": .float(0.1), "beta": .float(0.75)])
    let average = b.add(
      "AveragePool", [normalized],
      ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2]), "ceil_mode": .int(1)])
    let flat = b.add("Flatten", [b.add("GlobalAveragePool", [average])])
    _ = b.add("Gemm", [flat, b.constant([136, 10], standardDeviation: 0.3), b.constant([10])])
    return Network(graph: b.graph)
  }

  private static let shape: Shape = [2, 3, 19, 22]

  private static func input(_ seed: UInt64) -> Tensor {
    var random = SplitMix64(seed: seed)
    return .normal(shape, using: &random)
  }

  @Test("the gradient of every layer is what finite differences say")
  func finiteDifferences() throws {
    let network = Self.mixed()
    let x = Self.input(1)
    var random = SplitMix64(seed: 2)
    let direction = Tensor.normal(Self.shape, using: &random)
    for layer in network.layers {
      let plan = try network.plan(inputShape: Self.shape, readings: [Reading(layer.name)])
      let weights = Tensor.normal(plan.outputShapes[0], using: &random)
      // Central differences of a piecewise smooth function in Float: the step balances rounding, 1e-7
      // of the value over the step, against kinks in between, each of some percent of the slope.
      let step: Float = 3e-4
      func moved(_ by: Float) -> Tensor {
        Tensor(Self.shape, zip(x.scalars, direction.scalars).map { $0 + by * $1 })
      }
      let above = dot(try plan.forward(moved(step))[0], weights)
      let below = dot(try plan.forward(moved(-step))[0], weights)
      _ = try plan.forward(x)
      let gradient = try plan.backward([weights])
      let slope = (above - below) / Double(2 * step)
      let scale = (dot(gradient, gradient)).squareRoot() + 1e-6
      #expect(abs(dot(gradient, direction) - slope) < 0.1 * scale, "\(layer.name)")
    }
  }

  @Test("all layers read at once yield what each yields alone")
  func readingTogether() throws {
    let network = Self.mixed()
    let x = Self.input(3)
    let names = network.layers.map(\.name)
    let together = try network.plan(inputShape: Self.shape, readings: names.map { Reading($0) })
    let values = try together.forward(x)
    var random = SplitMix64(seed: 4)
    let weights = together.outputShapes.map { Tensor.normal($0, using: &random) }
    let gradient = try together.backward(weights)
    var sum = [Float](repeating: 0, count: gradient.count)
    for (index, name) in names.enumerated() {
      let alone = try network.plan(inputShape: Self.shape, readings: [Reading(name)])
      #expect(relativeDistance(try alone.forward(x)[0], values[index]) < 1e-5, "\(name)")
      for (i, value) in try alone.backward([weights[index]]).scalars.enumerated() {
        sum[i] += value
      }
    }
    #expect(relativeDistance(gradient, Tensor(gradient.shape, sum)) < 1e-5)
  }

  @Test("some channels are what all channels have there")
  func narrowing() throws {
    let network = Self.mixed()
    let x = Self.input(5)
    var random = SplitMix64(seed: 6)
    for layer in network.layers where layer.type != "LRN" {
      let whole = try network.plan(inputShape: Self.shape, readings: [Reading(layer.name)])
      let shape = whole.outputShapes[0]
      let channels = [shape[1] - 1, 0]
      guard
        let part = try? network.plan(
          inputShape: Self.shape, readings: [Reading(layer.name, channels: channels)])
      else { continue }
      let (all, some) = (try whole.forward(x)[0], try part.forward(x)[0])
      let weights = Tensor.normal(some.shape, using: &random)
      var spread = Tensor(shape)
      let plane = shape.count / shape[0] / shape[1]
      for image in 0..<shape[0] {
        for (place, channel) in channels.enumerated() {
          for i in 0..<plane {
            let from = (image * channels.count + place) * plane + i
            let to = (image * shape[1] + channel) * plane + i
            #expect(abs(some.scalars[from] - all.scalars[to]) < 1e-4)
            spread.withUnsafeMutableBufferPointer { $0[to] = weights.scalars[from] }
          }
        }
      }
      #expect(
        relativeDistance(try part.backward([weights]), try whole.backward([spread])) < 1e-5,
        "\(layer)")
    }
  }

  @Test("the same bytes for any number of threads, and in every step")
  func reproducible() throws {
    let network = Self.mixed()
    let x = Self.input(7)
    let output = network.graph.outputs[0]
    var results: [(Tensor, Tensor)] = []
    for threads in [1, 2, 4] {
      let plan = try network.plan(
        inputShape: Self.shape, readings: [Reading(output)], threads: threads)
      for _ in 0..<2 {
        let y = try plan.forward(x)[0]
        results.append((y, try plan.backward([y])))
        // Something else in between must leave no trace.
        _ = try plan.forward(Self.input(8))
        _ = try plan.backward([Tensor(y.shape, repeating: .infinity)])
      }
    }
    for result in results { #expect(result == results[0]) }
  }

  @Test("a picture is brought into the network's order and range, and its gradient back")
  func preprocessing() throws {
    let network = Self.mixed()
    let preprocessing = Preprocessing(
      color: .bgr, rangeUpper: 255, mean: [104, 117, 123], standardDeviation: [50, 60, 70])
    let output = network.graph.outputs[0]
    let fed = try network.plan(
      inputShape: Self.shape, readings: [Reading(output)], feed: .picture(preprocessing))
    let raw = try network.plan(inputShape: Self.shape, readings: [Reading(output)])
    var random = SplitMix64(seed: 9)
    let picture = Tensor.uniform(Self.shape, using: &random)
    let plane = Self.shape[2] * Self.shape[3]
    var adapted = picture
    let (means, deviations) = (preprocessing.mean, preprocessing.standardDeviation)
    adapted.withUnsafeMutableBufferPointer { adapted in
      for i in adapted.indices {
        let (image, channel) = (i / (3 * plane), i / plane % 3)
        let from = (image * 3 + 2 - channel) * plane + i % plane
        adapted[i] = (255 * picture.scalars[from] - means[channel]) / deviations[channel]
      }
    }
    let (a, b) = (try fed.forward(picture)[0], try raw.forward(adapted)[0])
    #expect(relativeDistance(a, b) < 1e-5)
    let (ga, gb) = (try fed.backward([a]).scalars, try raw.backward([a]).scalars)
    let expected = ga.indices.map { i in
      let (image, channel) = (i / (3 * plane), i / plane % 3)
      return gb[(image * 3 + 2 - channel) * plane + i % plane] * 255 / deviations[2 - channel]
    }
    #expect(relativeDistance(Tensor(Self.shape, ga), Tensor(Self.shape, expected)) < 1e-5)
  }

  @Test("redirected rectifiers wake what is off, and change nothing where something is on")
  func redirecting() throws {
    var b = GraphBuilder(channels: 3)
    let c = ConvolutionCase(from: 3, to: 8, height: 0, width: 0)
    let raw = b.convolution("x", (3, 8), c, bias: false)
    let off = b.add("Add", [raw, "low"])
    let cold = b.add("Relu", [off])
    let warm = b.add("Relu", [raw])
    let above = b.convolution(warm, (8, 4), ConvolutionCase(from: 8, to: 4, height: 0, width: 0))
    var graph = b.graph
    graph.constants["low"] = Constant(Tensor([1], [-100]))
    let network = Network(graph: graph)
    let x = Self.input(11)
    func gradient(_ layer: String, _ rule: GradientRule) throws -> Tensor {
      let plan = try network.plan(inputShape: Self.shape, readings: [Reading(layer)], rule: rule)
      _ = try plan.forward(x)
      return try plan.backward([Tensor(plan.outputShapes[0], repeating: -1)])
    }
    #expect(try dot(gradient(cold, .standard), gradient(cold, .standard)) == 0)
    #expect(try relativeDistance(gradient(cold, .redirected), gradient(raw, .standard)) < 1e-6)
    #expect(try relativeDistance(gradient(above, .redirected), gradient(above, .standard)) < 1e-6)
  }
}
