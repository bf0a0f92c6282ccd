import Networks
import Objectives
import Tensors
import Testing

@testable import Attribution

/// Networks of signals and volumes that mirror, turn, roll, cut or pad what they are given: their maps are those of a
/// network that is given numbers treated so, brought back by hand.
@Suite struct MovedVolumeTests {
  /// What is done to the positions, the axes behind batch and channels.
  struct Movement: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Of the input.
    let extents: [Int]
    /// Which axis is changed.
    let axis: Int
    /// Which entries of it are taken, in order; −1 is one of zeros.
    let entries: [Int]
    /// An axis that it changes places with.
    var other: Int?
    /// Whether all of the input is seen, and once.
    var isWhole: Bool { entries.sorted() == Array(0..<extents[axis]) }

    func applied(_ numbers: Tensor) -> Tensor {
      let first = numbers.shape.rank - extents.count
      var order = Array(numbers.shape.dimensions.indices)
      if let other { order.swapAt(first + axis, first + other) }
      var before = [Int](repeating: 0, count: numbers.shape.rank)
      before[first + axis] = 1
      let wide = numbers.padded(before: before, after: before.map { _ in 0 })
      return wide.gathered(entries.map { $0 + 1 }, alongAxis: first + axis).transposed(order)
    }

    /// A map of what is seen, at the places of the input; 0 where it is not seen.
    func back(_ map: Tensor) -> Tensor {
      let first = map.shape.rank - extents.count
      var order = Array(map.shape.dimensions.indices)
      if let other { order.swapAt(first + axis, first + other) }
      let place = Dictionary(
        uniqueKeysWithValues: entries.enumerated().filter { $0.element >= 0 }
          .map { ($0.element, $0.offset) })
      var before = [Int](repeating: 0, count: map.shape.rank)
      before[first + axis] = 1
      return map.transposed(order).padded(before: before, after: before.map { _ in 0 })
        .gathered(
          (0..<extents[axis]).map { place[$0].map { $0 + 1 } ?? 0 }, alongAxis: first + axis)
    }
  }

  private static let volume = [5, 6, 9]

  private static let mirrored: [Movement] = (0..<3).map { axis in
    Movement(
      testDescription: "mirrored along axis \(axis)", extents: volume, axis: axis,
      entries: (0..<volume[axis]).reversed())
  }

  private static let volumes: [Movement] = [
    Movement(
      testDescription: "rolled along slices", extents: volume, axis: 0, entries: [2, 3, 4, 0, 1]),
    Movement(
      testDescription: "padded before and behind the rows", extents: volume, axis: 1,
      entries: [-1, -1, -1, 0, 1, 2, 3, 4, 5, -1]),
    Movement(
      testDescription: "slices and columns exchanged", extents: volume, axis: 0,
      entries: Array(0..<5), other: 2),
    Movement(
      testDescription: "rows and columns exchanged, mirrored", extents: volume, axis: 2,
      entries: (0..<9).reversed(), other: 1),
  ]

  private static let signals: [Movement] = [
    Movement(
      testDescription: "signal mirrored", extents: [24], axis: 0, entries: (0..<24).reversed()),
    Movement(
      testDescription: "signal rolled", extents: [24], axis: 0,
      entries: (0..<24).map { ($0 + 7) % 24 }),
    Movement(testDescription: "signal cut", extents: [24], axis: 0, entries: Array(6..<20)),
  ]

  /// Two convolutions that keep the extents, and numbers of their means; `joined` is the second's output as a list of
  /// features behind a class token, of signals alone.
  private static func network(
    _ extents: [Int], _ nodes: [Node], _ numbers: [String: [Int]] = [:], tokens: Bool = false
  ) -> Network {
    var random = SplitMix64(seed: 3)
    let cube = [Int](repeating: 3, count: extents.count)
    var constants: [String: Constant] = [
      "k0": Constant(.normal(Shape([4, 1] + cube), standardDeviation: 0.4, using: &random)),
      "k1": Constant(.normal(Shape([4, 4] + cube), standardDeviation: 0.3, using: &random)),
      "bias": Constant(.normal([4], standardDeviation: 0.3, using: &random)),
      "w": Constant(.normal([4, 3], using: &random)),
      "class": Constant(.normal([1, 1, 4], using: &random)),
      "size": Constant(Tensor([3], [1, 1, 4]), isInteger: true),
      "mixing": Constant(.normal([4, 4], using: &random)),
    ]
    for (name, numbers) in numbers {
      constants[name] = Constant(
        Tensor([numbers.count], numbers.map { Float($0) }), isInteger: true)
    }
    let padded: [String: Attribute] = ["pads": .ints([Int](repeating: 1, count: 2 * cube.count))]
    var all =
      nodes + [
        Node("Conv", inputs: ["t", "k0", "bias"], outputs: ["a"], attributes: padded),
        Node("Relu", inputs: ["a"], outputs: ["b"]),
      ]
    if tokens {
      all += [
        Node("Transpose", inputs: ["b"], outputs: ["l"], attributes: ["perm": .ints([0, 2, 1])]),
        Node("Expand", inputs: ["class", "size"], outputs: ["first"]),
        Node("Concat", inputs: ["first", "l"], outputs: ["j"], attributes: ["axis": .int(1)]),
        Node("MatMul", inputs: ["j", "mixing"], outputs: ["joined"]),
        Node(
          "ReduceMean", inputs: ["joined"], outputs: ["m"],
          attributes: ["axes": .ints([1]), "keepdims": .int(0)]),
      ]
    } else {
      all += [
        Node("Conv", inputs: ["b", "k1", "bias"], outputs: ["c"], attributes: padded),
        Node("Relu", inputs: ["c"], outputs: ["d"]),
        Node(
          "ReduceMean", inputs: ["d"], outputs: ["m"],
          attributes: ["axes": .ints(Array(2..<cube.count + 2)), "keepdims": .int(0)]),
      ]
    }
    all.append(Node("MatMul", inputs: ["m", "w"], outputs: ["y"]))
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: ([1, 1] + extents).map { $0 })], outputs: ["y"],
        nodes: all, constants: constants)
    ).takingPictures()
  }

  /// The network that moves its input first.
  private static func network(_ movement: Movement, tokens: Bool = false) -> Network {
    let (axis, entries) = (movement.axis + 2, movement.entries)
    var numbers: [String: [Int]] = ["order": entries]
    var nodes = [
      Node("Gather", inputs: ["x", "order"], outputs: ["g"], attributes: ["axis": .int(axis)])
    ]
    if !movement.isWhole {
      let rank = movement.extents.count + 2
      let own = entries.filter { $0 >= 0 }
      var pads = [Int](repeating: 0, count: 2 * rank)
      pads[axis] = entries.prefix { $0 < 0 }.count - (own.first ?? 0)
      pads[rank + axis] = entries.count - movement.extents[movement.axis] - pads[axis]
      numbers = ["pads": pads]
      nodes = [Node("Pad", inputs: ["x", "pads"], outputs: ["g"])]
    }
    var order = Array(0..<movement.extents.count + 2)
    if let other = movement.other { order.swapAt(axis, other + 2) }
    nodes.append(
      Node("Transpose", inputs: ["g"], outputs: ["t"], attributes: ["perm": .ints(order)]))
    return network(movement.extents, nodes, numbers, tokens: tokens)
  }

  /// What is fed: N×1×1×L of signals, N×D×H×W of volumes.
  private static func fed(_ numbers: Tensor) -> Tensor {
    let extents = Array(numbers.shape.dimensions.dropFirst())
    return numbers.reshaped(
      Shape([Int](repeating: 1, count: 4 - extents.count) + extents))
  }

  @Test(
    "Maps of signals and volumes lie where the network saw what they show",
    arguments: mirrored + volumes + signals)
  func maps(_ movement: Movement) throws {
    var random = SplitMix64(seed: 4)
    let numbers = Tensor.uniform(Shape([1] + movement.extents), using: &random)
    let moved = movement.applied(numbers)
    let plain = Self.network(
      Array(moved.shape.dimensions.dropFirst()), [Node("Identity", inputs: ["x"], outputs: ["t"])])
    for name in ["grad-cam", "hires-cam", "layer-cam", "eigen-cam", "full-grad"]
    where name != "full-grad" || movement.isWhole {
      let method = try RegisteredMethod.named(name).method(.init())
      let expected = try method.attribute(Self.fed(moved), to: .logit(1), in: plain)
      let map = try method.attribute(
        Self.fed(numbers), to: .logit(1), in: Self.network(movement))
      let placed = movement.back(
        expected.reshaped(Shape([1] + moved.shape.dimensions.dropFirst())))
      #expect(placed.norm > 0 && map.shape == Self.fed(numbers).shape, "\(name)")
      #expect(relativeError(map.reshaped(placed.shape), placed) < 1e-4, "\(name)")
    }
  }

  @Test("Tokens of a signal behind a class token lie where they were")
  func tokens() throws {
    for movement in Self.signals {
      var random = SplitMix64(seed: 4)
      let numbers = Tensor.uniform([1, 24], using: &random)
      let moved = movement.applied(numbers)
      let plain = Self.network(
        [moved.shape[1]], [Node("Identity", inputs: ["x"], outputs: ["t"])], tokens: true)
      let method = GradCAM(layer: "joined", rectified: false)
      let expected = try method.attribute(Self.fed(moved), to: .logit(1), in: plain)
      let map = try method.attribute(
        Self.fed(numbers), to: .logit(1), in: Self.network(movement, tokens: true))
      let placed = movement.back(expected.reshaped(moved.shape))
      #expect(placed.norm > 0, "\(movement)")
      #expect(relativeError(map.reshaped(placed.shape), placed) < 1e-4, "\(movement)")
    }
  }
}
