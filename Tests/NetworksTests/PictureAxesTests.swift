import Graphs
import Tensors
import Testing

@testable import Networks

/// Rows and columns that are cut into pieces and put together again.
@Suite struct PictureAxesTests {
  /// A change of shape, a transposition of so many axes, or neither.
  private enum Step {
    case shape([Int])
    case order([Int])
  }

  /// Tokens of an 8×8 grid with 16 channels, by a convolution over 32×32 pixels, and what steps make of them; `last` is a
  /// norm of the result.
  private static func network(_ steps: [Step]) -> Network {
    var constants: [String: Constant] = [
      "w": Constant(Tensor([16, 3, 4, 4], repeating: 0.1)),
      "one": Constant(Tensor([16], repeating: 1)),
    ]
    var nodes = [
      Node(
        "Conv", name: "conv", inputs: ["x", "w"], outputs: ["conv"],
        attributes: ["strides": .ints([4, 4])])
    ]
    var value = "conv"
    for (place, step) in ([.shape([1, 16, 64]), .order([0, 2, 1])] + steps).enumerated() {
      let next = "step\(place)"
      switch step {
      case .shape(let extents):
        constants["extents\(place)"] = Constant(
          Tensor([extents.count], extents.map(Float.init)), isInteger: true)
        nodes.append(
          Node("Reshape", name: next, inputs: [value, "extents\(place)"], outputs: [next]))
      case .order(let order):
        nodes.append(
          Node(
            "Transpose", name: next, inputs: [value], outputs: [next],
            attributes: ["perm": .ints(order)]))
      }
      value = next
    }
    nodes.append(
      Node(
        "LayerNormalization", name: "last", inputs: [value, "one"], outputs: ["last"],
        attributes: ["axis": .int(-1)]))
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 32, 32])], outputs: ["last"], nodes: nodes,
        constants: constants))
  }

  private static func grid(_ steps: [Step]) throws -> [Int]? {
    let network = network(steps)
    let shapes = try network.shapes(inputShape: [1, 3, 32, 32])
    return try #require(network.layouts(in: shapes)["last"]).grid.map { [$0.width, $0.height] }
  }

  /// Windows of 4×4, one behind the other.
  private static let windows: [Step] = [
    .shape([1, 2, 4, 2, 4, 16]), .order([0, 1, 3, 2, 4, 5]), .shape([1, 64, 16]),
  ]

  @Test(
    "tokens that lie window by window have no columns and rows until they are put together again")
  func windows() throws {
    #expect(try Self.grid([]) == [8, 8])
    #expect(try Self.grid(Self.windows) == nil)
    let back: [Step] = [
      .shape([1, 2, 2, 4, 4, 16]), .order([0, 1, 3, 2, 4, 5]), .shape([1, 64, 16]),
    ]
    #expect(try Self.grid(Self.windows + back) == [8, 8])
    // Hiera: neighbours are put far apart, twice.
    let apart: [Step] = [.shape([1, 4, 2, 4, 2, 16]), .order([0, 2, 4, 1, 3, 5])]
    #expect(try Self.grid(apart + [.shape([1, 64, 16])]) == nil)
    #expect(
      try Self.grid(
        apart + [
          .shape([4, 2, 2, 2, 2, 16]), .order([0, 2, 4, 1, 3, 5]), .shape([1, 64, 16]),
        ]) == nil)
    // Rows in even and odd ones.
    #expect(
      try Self.grid([.shape([1, 4, 2, 8, 16]), .order([0, 2, 1, 3, 4]), .shape([1, 64, 16])])
        == nil)
  }

  @Test("patches of tokens, neighbours put together, have columns and rows of their own")
  func patches() throws {
    let network = Self.network([
      .shape([1, 4, 2, 4, 2, 16]), .order([0, 1, 3, 2, 4, 5]), .shape([1, 16, 64]),
      .shape([1, 64, 16]),
    ])
    let shapes = try network.shapes(inputShape: [1, 3, 32, 32])
    let axes = network.pictureAxes(in: shapes)
    let merged = try #require(
      network.graph.nodes.last { shapes[$0.outputs[0]] == [1, 16, 64] }?.outputs[0])
    let places = try #require(axes.places(merged, along: 1))
    #expect(places.width == 4 && places.height == 4 && !axes.isScattered(merged, along: 1))
  }

  @Test("what is put together of a mirrored picture and the picture lies where the picture does")
  func mixed() throws {
    for parts in [["m", "x"], ["x", "m"]] {
      let graph = Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 4, 4])], outputs: ["y"],
        nodes: [
          Node("Slice", inputs: ["x", "last", "end", "rows", "back"], outputs: ["m"]),
          Node("Concat", inputs: parts, outputs: ["c"], attributes: ["axis": .int(1)]),
          Node("Relu", inputs: ["c"], outputs: ["y"]),
        ],
        constants: [
          "last": Constant(Tensor([1], [3]), isInteger: true),
          "end": Constant(Tensor([1], [-9]), isInteger: true),
          "rows": Constant(Tensor([1], [2]), isInteger: true),
          "back": Constant(Tensor([1], [-1]), isInteger: true),
        ])
      let network = Network(graph: graph)
      let placements = network.placements(in: try network.shapes(inputShape: [1, 3, 4, 4]))
      #expect(placements["m"] != nil && placements["y"] == nil)
    }
    #expect(AxisPlaces(count: 2).selecting([1, 0])?.isWhole == false)
    #expect(AxisPlaces(count: 2).selecting([0, 1])?.isWhole == true)
  }

  @Test("a class token and others that are expanded by a chain stand where they are joined")
  func expanded() throws {
    let integers = { (numbers: [Float]) in
      Constant(Tensor([numbers.count], numbers), isInteger: true)
    }
    let mirror = Node("Slice", inputs: ["x", "last", "end", "last", "last"], outputs: ["t"])
    let turn = Node(
      "Transpose", inputs: ["x"], outputs: ["t"], attributes: ["perm": .ints([0, 1, 3, 2])])
    for (first, isTurned) in [(mirror, false), (turn, true)] {
      let graph = Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 8, 12])], outputs: ["y"],
        nodes: [
          first,
          Node(
            "Conv", inputs: ["t", "w"], outputs: ["conv"], attributes: ["strides": .ints([4, 4])]),
          Node("Shape", inputs: ["conv"], outputs: ["extents"]),
          Node("Slice", inputs: ["extents", "zero", "two", "zero"], outputs: ["outer"]),
          Node(
            "Concat", inputs: ["outer", "last"], outputs: ["flat"], attributes: ["axis": .int(0)]),
          Node("Reshape", inputs: ["conv", "flat"], outputs: ["lines"]),
          Node(
            "Transpose", inputs: ["lines"], outputs: ["tokens"],
            attributes: ["perm": .ints([0, 2, 1])]),
          // cls.expand(B, -1, -1), as PyTorch's older exporter writes it.
          Node(
            "ConstantOfShape", inputs: ["three"], outputs: ["ones"],
            attributes: ["value": .constant(Constant(Tensor([1], [1]), isInteger: true))]),
          Node("Mul", inputs: ["ones", "last"], outputs: ["minus"]),
          Node("Equal", inputs: ["asked", "minus"], outputs: ["kept"]),
          Node("Where", inputs: ["kept", "ones", "asked"], outputs: ["wanted"]),
          Node("Expand", inputs: ["class", "wanted"], outputs: ["one"]),
          Node("Expand", inputs: ["registers", "wanted"], outputs: ["four"]),
          Node(
            "Concat", inputs: ["one", "tokens", "four"], outputs: ["joined"],
            attributes: ["axis": .int(1)]),
          Node(
            "LayerNormalization", inputs: ["joined", "scale"], outputs: ["y"],
            attributes: ["axis": .int(-1)]),
        ],
        constants: [
          "w": Constant(Tensor([16, 3, 4, 4], repeating: 0.1)),
          "class": Constant(Tensor([1, 1, 16], repeating: 0.5)),
          "registers": Constant(Tensor([1, 4, 16], repeating: 0.5)),
          "scale": Constant(Tensor([16], repeating: 1)),
          "last": integers([-1]), "end": integers([-1000]), "zero": integers([0]),
          "two": integers([2]), "three": integers([3]), "asked": integers([1, -1, -1]),
        ])
      let network = Network(graph: graph)
      let shapes = try network.shapes(inputShape: [1, 3, 8, 12])
      #expect(shapes["one"] == nil)
      let layout = try #require(network.layouts(in: shapes)["y"])
      #expect(layout.extraTokens == 1 && layout.tokensAfter == 4)
      #expect(layout.grid.map { [$0.width, $0.height] } == (isTurned ? [2, 3] : [3, 2]))
      let placements = network.placements(in: shapes)
      let placement = try #require(placements["y"])
      #expect(placement == placements["conv"] && placement.isTurned == isTurned)
      let map = Tensor(isTurned ? [1, 1, 3, 2] : [1, 1, 2, 3], [0, 1, 2, 3, 4, 5])
      #expect(
        placement.upright(map).scalars == (isTurned ? [0, 2, 4, 1, 3, 5] : [2, 1, 0, 5, 4, 3]))
    }
  }

  @Test("a mirrored picture whose pixels are brought among the channels lies mirrored")
  func unshuffled() throws {
    for isTurned in [false, true] {
      let order = isTurned ? [0, 1, 3, 2] : [0, 1, 2, 3]
      let integers = { (numbers: [Float]) in
        Constant(Tensor([numbers.count], numbers), isInteger: true)
      }
      let graph = Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 8, 12])], outputs: ["y"],
        nodes: [
          Node("Slice", inputs: ["x", "last", "end", "last", "last"], outputs: ["m"]),
          Node("Reshape", inputs: ["m", "cut"], outputs: ["pieces"]),
          Node(
            "Transpose", inputs: ["pieces"], outputs: ["apart"],
            attributes: ["perm": .ints([0, 1, 3, 5, 2, 4])]),
          Node("Reshape", inputs: ["apart", "together"], outputs: ["u"]),
          Node("Transpose", inputs: ["u"], outputs: ["t"], attributes: ["perm": .ints(order)]),
          Node(
            "Conv", inputs: ["t", "w"], outputs: ["y"], attributes: ["pads": .ints([1, 1, 1, 1])]),
        ],
        constants: [
          "last": integers([-1]), "end": integers([-1000]),
          "cut": integers([1, 3, 4, 2, 6, 2]), "together": integers([1, 12, 4, 6]),
          "w": Constant(Tensor([5, 12, 3, 3], repeating: 0.1)),
        ])
      let network = Network(graph: graph)
      let placements = network.placements(in: try network.shapes(inputShape: [1, 3, 8, 12]))
      let numbers = Tensor([1, 1, 4, 6], (0..<24).map { Float($0) })
      let mirrored = numbers.gathered((0..<6).reversed(), alongAxis: 3).scalars
      for value in ["t", "y"] {
        let placement = try #require(placements[value])
        let map = isTurned ? numbers.transposed([0, 1, 3, 2]) : numbers
        #expect(placement.isTurned == isTurned && placement.upright(map).scalars == mirrored)
      }
    }
  }

  @Test("tokens of patches have their channels last, whatever follows them")
  func channels() throws {
    // Nothing behind tells it: the norm stands behind what cuts the tokens.
    let network = Self.network(Self.windows)
    let shapes = try network.shapes(inputShape: [1, 3, 32, 32])
    let layout = try #require(network.layouts(in: shapes)["step1"])
    #expect(layout.channels == 16 && layout.form == .tokens)
    #expect(layout.grid.map { [$0.width, $0.height] } == [8, 8])
  }

  @Test("pieces are cut where that can be, and joined where they are one")
  func pieces() throws {
    let rows = PicturePiece(axis: .rows, all: AxisPlaces(count: 56))
    let split = try #require(PicturePiece.split([rows], into: [8, 7]))
    #expect(split.map { $0.map(\.stride) } == [[7], [1]])
    #expect(split.map { $0.map(\.extent) } == [[8], [7]])
    #expect(PicturePiece.joined(split.flatMap(\.self)) == [rows])
    #expect(PicturePiece.joined(split.reversed().flatMap(\.self)).count == 2)
    #expect(PicturePiece.split([rows], into: [3, 19]) == nil)
    #expect(PicturePiece.split([rows], into: [8, 8]) == nil)
  }

  @Test("a group norm that is written out leaves places where they are, also of a mirrored picture")
  func groups() throws {
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [1, 3, 4, 6])], outputs: ["y"],
      nodes: [
        Node("Slice", inputs: ["x", "last", "end", "columns", "back"], outputs: ["m"]),
        Node("Conv", inputs: ["m", "w"], outputs: ["c"]),
        Node("Reshape", inputs: ["c", "groups"], outputs: ["g"]),
        Node("InstanceNormalization", inputs: ["g", "one", "one"], outputs: ["n"]),
        Node("Reshape", inputs: ["n", "map"], outputs: ["r"]),
        Node("Mul", inputs: ["r", "scale"], outputs: ["y"]),
      ],
      constants: [
        "last": Constant(Tensor([1], [5]), isInteger: true),
        "end": Constant(Tensor([1], [-9]), isInteger: true),
        "columns": Constant(Tensor([1], [3]), isInteger: true),
        "back": Constant(Tensor([1], [-1]), isInteger: true),
        "w": Constant(Tensor([8, 3, 1, 1], repeating: 0.1)),
        "groups": Constant(Tensor([3], [1, 2, -1]), isInteger: true),
        "one": Constant(Tensor([2], [1, 1])),
        "map": Constant(Tensor([4], [1, 8, 4, 6]), isInteger: true),
        "scale": Constant(Tensor([8, 1, 1], repeating: 2)),
      ])
    let network = Network(graph: graph)
    let shapes = try network.shapes(inputShape: [1, 3, 4, 6])
    let placements = network.placements(in: shapes)
    #expect(placements["c"] != nil && placements["y"] == placements["c"])
    let map = Tensor([1, 1, 4, 6], (0..<24).map { Float($0) })
    let mirrored = map.gathered([5, 4, 3, 2, 1, 0], alongAxis: 3)
    #expect(placements["y"]?.upright(map) == mirrored)
    // In between channels lie among the places, which are no list.
    let axes = network.pictureAxes(in: shapes)
    #expect(axes.places("n", along: 2) == nil && !axes.isScattered("n", along: 2))
  }

  @Test(
    "what follows from constants, as a class token that is expanded, is the rest of what is joined")
  func expandedByChain() throws {
    let integers = { (values: [Int]) in
      Constant(Tensor([values.count], values.map(Float.init)), isInteger: true)
    }
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 32, 32])], outputs: ["y"],
        nodes: [
          Node(
            "Conv", inputs: ["x", "w"], outputs: ["c"], attributes: ["strides": .ints([4, 4])]),
          Node("Reshape", inputs: ["c", "rows"], outputs: ["r"]),
          Node(
            "Transpose", inputs: ["r"], outputs: ["t"], attributes: ["perm": .ints([0, 2, 1])]),
          Node("Neg", inputs: ["token"], outputs: ["first"]),
          Node("Expand", inputs: ["first", "one"], outputs: ["class"]),
          Node("Concat", inputs: ["class", "t"], outputs: ["y"], attributes: ["axis": .int(1)]),
        ],
        constants: [
          "w": Constant(Tensor([16, 3, 4, 4], repeating: 0.1)), "rows": integers([1, 16, 64]),
          "token": Constant(Tensor([1, 1, 16], repeating: 0.3)), "one": integers([1, 1, 16]),
        ]))
    let shapes = try network.shapes(inputShape: [1, 3, 32, 32])
    let axes = network.pictureAxes(in: shapes)
    let places = try #require(axes.places("y", along: 1))
    #expect(places.first == 1 && places.width == 8 && places.height == 8)
  }
}
