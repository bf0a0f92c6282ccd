import Objectives
import Tensors
import Testing

@testable import Attribution
@testable import Graphs
@testable import Networks

/// Networks that mirror, roll, cut or pad their pictures first: their maps are those of a network that is given pictures
/// treated so, brought back by hand.
@Suite struct MovedPictureTests {
  /// What is done to rows and columns: which entries are taken, in order; −1 is one of zeros.
  struct Movement: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let rows, columns: [Int]
    let nodes: [Node]
    var constants: [String: [Float]] = [:]
    /// Whether all of the picture is seen, so that minima over the map are those over the picture.
    var isWhole = true
  }

  private static let (height, width) = (9, 14)

  private static func slice(
    _ input: String, _ output: String, _ names: String
  ) -> Node {
    Node(
      "Slice", inputs: [input, "\(names)0", "\(names)1", "axes", "\(names)2"], outputs: [output])
  }

  private static let mirrored = Movement(
    testDescription: "mirrored", rows: Array((0..<height).reversed()),
    columns: Array((0..<width).reversed()), nodes: [slice("x", "t", "m")],
    constants: ["m0": [-1, -1], "m1": [-1000, -1000], "m2": [-1, -1], "axes": [2, 3]])

  private static let gathered = Movement(
    testDescription: "gathered", rows: Array(0..<height),
    columns: (0..<width).map { ($0 + 5) % width },
    nodes: [
      Node("Gather", inputs: ["x", "order"], outputs: ["t"], attributes: ["axis": .int(-1)])
    ], constants: ["order": (0..<width).map { Float(($0 + 5) % width) }])

  private static let rolled = Movement(
    testDescription: "rolled", rows: (0..<height).map { ($0 + 6) % height },
    columns: Array(0..<width),
    nodes: [
      slice("x", "first", "f"), slice("x", "second", "s"),
      Node("Concat", inputs: ["second", "first"], outputs: ["t"], attributes: ["axis": .int(2)]),
    ],
    constants: [
      "f0": [0], "f1": [6], "f2": [1], "s0": [6], "s1": [1000], "s2": [1], "axes": [2],
    ])

  private static let cropped = Movement(
    testDescription: "cropped", rows: Array(3..<height), columns: Array(2..<(width - 2)),
    nodes: [slice("x", "t", "c")],
    constants: ["c0": [3, 2], "c1": [1000, -2], "c2": [1, 1], "axes": [2, 3]], isWhole: false)

  private static let padded = Movement(
    testDescription: "padded",
    rows: [-1, -1, -1, -1] + (0..<height) + [-1, -1], columns: (0..<width) + [-1, -1, -1],
    nodes: [Node("Pad", inputs: ["x", "pads"], outputs: ["t"])],
    constants: ["pads": [0, 0, 4, 0, 0, 0, 2, 3]], isWhole: false)

  /// As reflections: what stands at the sides is none of the picture's own places.
  private static let reflected = Movement(
    testDescription: "reflected",
    rows: [2, 1] + (0..<height) + [7, 6], columns: [3, 2, 1] + (0..<width),
    nodes: [
      Node(
        "Pad", inputs: ["x", "pads"], outputs: ["t"], attributes: ["mode": .string("reflect")])
    ], constants: ["pads": [0, 0, 2, 3, 0, 0, 2, 0]], isWhole: false)

  /// Pads that a chain of nodes makes of PyTorch's, whose last axis stands first, as its older exporter writes them.
  private static let chained = Movement(
    testDescription: "padded by a chain", rows: padded.rows, columns: padded.columns,
    nodes: [
      Node(
        "ConstantOfShape", inputs: ["four"], outputs: ["zeros"],
        attributes: ["value": .constant(Constant(Tensor([1], [0]), isInteger: true))]),
      Node(
        "Concat", inputs: ["given", "zeros"], outputs: ["all"], attributes: ["axis": .int(0)]),
      Node("Reshape", inputs: ["all", "pairs"], outputs: ["paired"]),
      Node("Slice", inputs: ["paired", "last", "end", "zero", "last"], outputs: ["reversed"]),
      Node(
        "Transpose", inputs: ["reversed"], outputs: ["turned"], attributes: ["perm": .ints([1, 0])]),
      Node("Reshape", inputs: ["turned", "last"], outputs: ["flat pads"]),
      Node("Cast", inputs: ["flat pads"], outputs: ["pads"], attributes: ["to": .int(7)]),
      Node("Pad", inputs: ["x", "pads"], outputs: ["t"]),
    ],
    constants: [
      "four": [4], "given": [0, 3, 4, 2], "pairs": [-1, 2], "last": [-1], "end": [-1000],
      "zero": [0],
    ], isWhole: false)

  /// `chunk` and `cat`: the halves begin and end where the picture's own width says.
  private static let exchanged = Movement(
    testDescription: "halves exchanged", rows: Array(0..<height),
    columns: Array(7..<width) + Array(0..<7),
    nodes: [
      Node("Shape", inputs: ["x"], outputs: ["extents"]),
      Node("Gather", inputs: ["extents", "three"], outputs: ["width"]),
      Node("Div", inputs: ["width", "two"], outputs: ["half"]),
      Node("Mul", inputs: ["half", "two"], outputs: ["end"]),
      Node("Slice", inputs: ["x", "zero", "half", "three"], outputs: ["left"]),
      Node("Slice", inputs: ["x", "half", "end", "three"], outputs: ["right"]),
      Node("Concat", inputs: ["right", "left"], outputs: ["t"], attributes: ["axis": .int(3)]),
    ], constants: ["three": [3], "two": [2], "zero": [0]])

  private static let all = [
    mirrored, gathered, rolled, cropped, padded, reflected, chained, exchanged,
  ]

  private static func network(_ movement: Movement?, asTokens: Bool = false) -> Network {
    var random = SplitMix64(seed: 3)
    var constants: [String: Constant] = [:]
    for (index, shape) in [Shape([6, 3, 3, 3]), [6, 6, 3, 3]].enumerated() {
      constants["k\(index)"] = Constant(
        .normal(shape, standardDeviation: 0.4, using: &random))
    }
    constants["w"] = Constant(.normal([6, 5], using: &random))
    constants["bias"] = Constant(.normal([6], standardDeviation: 0.3, using: &random))
    constants["flat"] = Constant(Tensor([3], [0, 6, -1]), isInteger: true)
    constants["mixing"] = Constant(.normal([6, 6], using: &random))
    for (name, numbers) in movement?.constants ?? [:] {
      constants[name] = Constant(Tensor([numbers.count], numbers), isInteger: true)
    }
    let padded: [String: Attribute] = ["pads": .ints([1, 1, 1, 1])]
    var nodes = movement?.nodes ?? [Node("Identity", inputs: ["x"], outputs: ["t"])]
    nodes += [
      Node("Conv", inputs: ["t", "k0", "bias"], outputs: ["a"], attributes: padded),
      Node("Relu", inputs: ["a"], outputs: ["b"]),
    ]
    if asTokens {
      nodes += [
        Node("Reshape", inputs: ["b", "flat"], outputs: ["f"]),
        Node("Transpose", inputs: ["f"], outputs: ["l"], attributes: ["perm": .ints([0, 2, 1])]),
        Node("MatMul", inputs: ["l", "mixing"], outputs: ["tokens"]),
        Node(
          "ReduceMean", inputs: ["tokens"], outputs: ["m"],
          attributes: ["axes": .ints([1]), "keepdims": .int(0)]),
      ]
    } else {
      nodes += [
        Node("Conv", inputs: ["b", "k1", "bias"], outputs: ["c"], attributes: padded),
        Node("Relu", inputs: ["c"], outputs: ["d"]),
        Node(
          "ReduceMean", inputs: ["d"], outputs: ["m"],
          attributes: ["axes": .ints([2, 3]), "keepdims": .int(0)]),
      ]
    }
    nodes.append(Node("MatMul", inputs: ["m", "w"], outputs: ["y"]))
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["y"], nodes: nodes,
        constants: constants))
  }

  private static let picture: Tensor = {
    var random = SplitMix64(seed: 4)
    return Tensor.uniform([1, 3, height, width], using: &random)
  }()

  /// The picture as the first convolution sees it.
  private static func moved(_ movement: Movement) -> Tensor {
    let wide = picture.padded(before: [0, 0, 1, 1], after: [0, 0, 0, 0])
    return wide.gathered(movement.rows.map { $0 + 1 }, alongAxis: 2)
      .gathered(movement.columns.map { $0 + 1 }, alongAxis: 3)
  }

  /// A map of what the convolution sees, at the places of the picture; 0 where it sees nothing.
  private static func back(_ map: Tensor, _ movement: Movement) -> Tensor {
    var numbers = [Float](repeating: 0, count: height * width)
    // Of what is reflected, the entries that run forward are the picture's own.
    let (rows, columns) = (own(movement.rows), own(movement.columns))
    for (y, row) in rows.enumerated() where row >= 0 {
      for (x, column) in columns.enumerated() where column >= 0 {
        numbers[row * width + column] = map[0, 0, y, x]
      }
    }
    return Tensor([1, 1, height, width], numbers)
  }

  private static func own(_ entries: [Int]) -> [Int] {
    let last = Dictionary(grouping: entries.indices) { entries[$0] }
    return entries.indices.map { index in
      let same = last[entries[index]] ?? []
      guard same.count > 1 else { return entries[index] }
      // Its neighbour counts upwards.
      let runs = same.filter { i in
        entries.indices.contains(i + 1) && entries[i + 1] == entries[i] + 1
          || entries.indices.contains(i - 1) && entries[i - 1] == entries[i] - 1
      }
      return runs.contains(index) ? entries[index] : -1
    }
  }

  @Test("Maps lie where the network saw what they show", arguments: all)
  func maps(_ movement: Movement) throws {
    // Score-CAM and Full-Gradient take minima over the map, and what is not seen is 0.
    let names =
      [
        "grad-cam", "hires-cam", "layer-cam", "eigen-cam", "ablation-cam", "fem",
        "layer-gradient-x-activation",
      ] + (movement.isWhole ? ["score-cam", "full-grad", "guided-grad-cam"] : [])
    for name in names {
      let method = try RegisteredMethod.named(name).method(.init())
      let plain = try method.attribute(
        Self.moved(movement), to: .logit(1), in: Self.network(nil))
      let map = try method.attribute(
        Self.picture, to: .logit(1), in: Self.network(movement))
      let expected =
        plain.shape[1] == 1
        ? Self.back(plain, movement)
        : Tensor.concatenate(
          (0..<plain.shape[1]).map { Self.back(plain.gathered([$0], alongAxis: 1), movement) },
          alongAxis: 1)
      #expect(expected.norm > 0 && map.shape == expected.shape, "\(name)")
      #expect(relativeError(map, expected) < 1e-4, "\(name)")
    }
  }

  @Test("Tokens of what was moved lie where they were", arguments: all)
  func tokens(_ movement: Movement) throws {
    let method = GradCAM(layer: "tokens", rectified: false)
    let plain = try method.attribute(
      Self.moved(movement), to: .logit(1), in: Self.network(nil, asTokens: true))
    let map = try method.attribute(
      Self.picture, to: .logit(1), in: Self.network(movement, asTokens: true))
    #expect(plain.norm > 0)
    #expect(relativeError(map, Self.back(plain, movement)) < 1e-4)
  }

  @Test("A cut that falls between the entries of a map is interpolated")
  func between() throws {
    // 11 entries, the first two cut off, in threes: the middles lie at 3.5, 6.5 and 9.5 of 11.
    let places = try #require(
      AxisPlaces(count: 11).stepping(from: 2, by: 1, count: 9)?.stretched(to: 3))
    // Of the values 10, 20 and 30 of the entries; nothing lies before 2.
    let values = places.upright(over: 11).map { mixture in
      Float(10 * (mixture.first + 1)) * mixture.shares.0
        + Float(10 * (mixture.second + 1)) * mixture.shares.1
    }
    let third: Float = 10 / 3
    let expected: [Float] = [
      0, 0, 10, 10, 10 + third, 20 - third, 20, 20 + third, 30 - third, 30, 30,
    ]
    #expect(values.count == 11)
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-4 }, "\(values)")
    #expect(places.upright(over: nil).count == 4)
  }

  @Test("What keeps to the picture lies over all of it, whatever padding and strides there are")
  func whole() throws {
    let image = AxisPlaces(count: 224)
    let convolved = try #require(image.windowed(reach: 6, stride: 2, pads: (3, 3), count: 112))
    #expect(convolved.isWhole)
    #expect(try #require(image.windowed(reach: 2, stride: 2, pads: (0, 1), count: 112)).isWhole)
    // Padding by a node of its own before a window without any, as TensorFlow writes it.
    let padded = try #require(image.padded(3, 3))
    #expect(!padded.isWhole)
    #expect(try #require(padded.windowed(reach: 6, stride: 2, pads: (0, 0), count: 112)).isWhole)
    // Patches beside the picture are none of its own, and the others are where they are.
    let patches = try #require(
      AxisPlaces(count: 40).padded(8, 16)?.windowed(reach: 7, stride: 8, pads: (0, 0), count: 8))
    #expect(patches.upright(over: nil).map(\.first) == [1, 2, 3, 4, 5])
    // Every second row, and the other ones.
    for start in [0, 1] {
      #expect(try #require(image.stepping(from: start, by: 2, count: 112)).isWhole)
    }
    // Rolled and rolled back.
    let rolled = try #require(image.selecting((0..<224).map { ($0 + 3) % 224 }))
    #expect(!rolled.isWhole && !rolled.stretched(to: 56).isWhole)
    #expect(try #require(rolled.selecting((0..<224).map { ($0 + 221) % 224 })).isWhole)
    #expect(AxisPlaces.joined([(image, 224), (image, 224)]) == nil)
  }
}
