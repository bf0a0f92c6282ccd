import Attribution
import Graphs
import Networks
import Tensors
import Testing

@testable import Faithfulness

/// Measures of maps of volumes.
@Suite struct VolumeMeasureTests {
  private static let (channels, depth, height, width) = (3, 4, 12, 10)

  /// What the same network takes: a picture whose rows are the rows of all slices, a volume by its channels, or a film,
  /// slice by slice.
  private enum Kind: CaseIterable {
    case picture, volume, film

    var shape: Shape {
      switch self {
      case .picture: [1, channels, depth * height, width]
      case .volume: [1, channels, depth, height, width]
      case .film: [1, depth, channels, height, width]
      }
    }
  }

  /// A convolution over the rows of all slices, one below the other.
  private func network(_ kind: Kind, isLinear: Bool = false) -> Network {
    var random = SplitMix64(seed: 1)
    var nodes: [Node] = []
    var value = "x"
    func add(
      _ type: String, _ name: String, _ more: [String] = [], _ attributes: [String: Attribute] = [:]
    ) {
      nodes.append(
        Node(type, name: name, inputs: [value] + more, outputs: [name], attributes: attributes))
      value = name
    }
    if kind == .film { add("Transpose", "turned", [], ["perm": .ints([0, 2, 1, 3, 4])]) }
    if kind != .picture { add("Reshape", "rows", ["shape"]) }
    add("Conv", "edges", ["weights"], ["kernel_shape": .ints([3, 3])])
    if !isLinear { add("Relu", "relu") }
    add("GlobalAveragePool", "pool")
    add("Flatten", "flat")
    add("MatMul", "scores", ["classes"])
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: kind.shape.dimensions)], outputs: ["scores"],
        nodes: nodes,
        constants: [
          "shape": Constant(
            Tensor([4], Kind.picture.shape.dimensions.map { Float($0) }), isInteger: true),
          "weights": Constant(
            .normal([6, Self.channels, 3, 3], standardDeviation: 0.3, using: &random)),
          "classes": Constant(.normal([6, 4], using: &random)),
        ])
    ).takingPictures()
  }

  /// The same numbers in every kind's own order.
  private func explained(
    _ kind: Kind, isLinear: Bool = false
  ) throws -> ExplainedPicture {
    var random = SplitMix64(seed: 2)
    let numbers = Tensor.normal(Kind.volume.shape, using: &random)
    let network = network(kind, isLinear: isLinear)
    let own = kind == .film ? numbers.transposed([0, 2, 1, 3, 4]) : numbers
    return try ExplainedPicture(
      NetworkUnit(.logit(1)), at: try network.fed(own.reshaped(kind.shape)), in: network,
      feed: .raw, threads: 1)
  }

  private func results(
    _ kind: Kind, _ measures: [RegisteredMeasure], _ methods: [String]
  ) throws -> [String: Measurement] {
    let picture = try explained(kind)
    let maps = try methods.map { try MeasuredMap(of: picture, by: .named($0)) }
    #expect(
      maps.allSatisfy {
        $0.pixels.shape
          == (kind == .picture
            ? [Self.depth * Self.height, Self.width] : [Self.depth, Self.height, Self.width])
      })
    var results: [String: Measurement] = [:]
    for measure in measures {
      for (method, result) in zip(methods, try measure.measure(maps) { _ in }) {
        // Integrated gradients alone promise a sum.
        if let found = try? result.get() { results["\(measure.name) of \(method)"] = found }
      }
    }
    return results
  }

  private static let methods = ["input-x-gradient", "integrated-gradients", "saliency"]

  @Test(
    "what knows no neighbours says the same of a volume as of a picture with the rows of all slices"
  )
  func likePictures() throws {
    let local: Set = ["mu-fidelity", "insertion", "road", "consistency"]
    let measures = RegisteredMeasure.all.filter { !local.contains($0.name) }
    let picture = try results(.picture, measures, Self.methods)
    let volume = try results(.volume, measures, Self.methods)
    #expect(picture.count > 30)
    expectEqual(volume, picture)
  }

  @Test("slices may come before channels")
  func films() throws {
    // Drawn in the order of the numbers.
    let drawn: Set = ["max-sensitivity", "infidelity", "pixel-flipping"]
    let measures = RegisteredMeasure.all.filter { !drawn.contains($0.name) }
    let volume = try results(.volume, measures, Self.methods)
    let film = try results(.film, measures, Self.methods)
    #expect(volume.count > 30)
    expectEqual(film, volume)
  }

  /// The same but for rounding: numbers lie in other blocks.
  private func expectEqual(
    _ found: [String: Measurement], _ expected: [String: Measurement]
  ) {
    #expect(Set(found.keys) == Set(expected.keys))
    for (name, value) in expected {
      let other = found[name]?.value ?? .nan
      #expect(
        abs(value.value - other) <= 1e-4 * max(abs(value.value), 0.1),
        "\(name): \(other), not \(value.value)")
    }
  }

  @Test(
    "what a linear network loses without boxes of a volume is what its map says of them",
    arguments: [Kind.volume, .film])
  private func boxes(kind: Kind) throws {
    let picture = try explained(kind, isLinear: true)
    let map = try MeasuredMap(of: picture, by: .named("input-x-gradient"))
    let found = try RegisteredMeasure.muFidelity.measure([map]) { _ in }[0].get()
    #expect(found.value > 0.9999)
    // Less what comes with a slice of its own is said of another.
    let moved = Tensor.concatenate(
      [1, 2, 3, 0].map { map.pixels.gathered([$0], alongAxis: 0) })
    let fidelity = MuFidelity()
    let values = try fidelity.values(
      of: picture.explained, at: picture.picture, nothing: picture.nothing)
    let wrong = try #require(fidelity.correlation(of: moved, with: values))
    #expect(wrong.value < 0.5)
  }

  @Test("a volume is blurred along all three axes, with nothing outside")
  func blurred() throws {
    let kernel = Tensor.riseKernel
    for kind in [Kind.volume, .film] {
      let picture = try explained(kind)
      let blurred = picture.picture.riseBlurred(nothing: picture.nothing, picture.places)
      for (channel, slice, y, x) in [(0, 0, 0, 0), (1, 3, 11, 4), (2, 2, 6, 9)] {
        var sum = 0.0
        for z in 0..<Self.depth {
          for row in 0..<Self.height {
            for column in 0..<Self.width {
              let offsets = [z - slice, row - y, column - x].map { $0 + 5 }
              guard offsets.allSatisfy(kernel.indices.contains) else { continue }
              let place = picture.places.scalar(
                of: (z * Self.height + row) * Self.width + column, channel)
              sum += offsets.reduce(1) { $0 * kernel[$1] } * Double(picture.picture.scalars[place])
            }
          }
        }
        let place = picture.places.scalar(
          of: (slice * Self.height + y) * Self.width + x, channel)
        #expect(abs(Double(blurred.scalars[place]) - sum) < 1e-6)
      }
    }
  }

  @Test(
    "slices are filled in one by one; one that is missing as a whole has the mean of the others")
  func imputed() throws {
    var random = SplitMix64(seed: 4)
    let picture = try explained(.film)
    let plane = Self.height * Self.width
    var missing = (0..<Self.depth * plane).map { _ in Bool.random(using: &random) }
    for place in plane..<2 * plane { missing[place] = true }
    let exact = LinearImputation(noise: 0, tolerance: 1e-12)
    let filled = exact(
      picture.picture, missing: missing, of: picture.explained.network.form, using: &random)
    for slice in 0..<Self.depth {
      let bands = picture.places.bands(ofSlice: slice)
      let own = filled.gathered(bands, alongAxis: 1)
      guard slice == 1 else {
        let alone = exact(
          picture.picture.gathered(bands, alongAxis: 1),
          missing: Array(missing[slice * plane..<(slice + 1) * plane]), of: .picture, using: &random
        )
        #expect(own.scalars == alone.scalars)
        continue
      }
      for channel in 0..<Self.channels {
        let known = missing.indices.filter { !missing[$0] }.map {
          Double(picture.picture.scalars[picture.places.scalar(of: $0, channel)])
        }
        let mean = known.reduce(0, +) / Double(known.count)
        #expect(
          own.gathered([channel], alongAxis: 1).scalars.allSatisfy {
            abs(Double($0) - mean) < 1e-6
          })
      }
    }
  }

  @Test("what turns and compresses photographs says that it needs one")
  func photographsOnly() throws {
    let map = try MeasuredMap(of: try explained(.volume), by: .named("input-x-gradient"))
    let result = try RegisteredMeasure.consistency.measure([map]) { _ in }[0]
    let error = try #require(throws: FaithfulnessError.self) { try result.get() }
    #expect("\(error)".contains("photographs"))
  }
}
