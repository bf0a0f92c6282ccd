import Graphs
import Networks
import Tensors
import Testing

/// Networks that take something else than pictures N×C×H×W.
@Suite struct InputFormTests {
  /// A network whose result is its input, as it has it, and the same for pictures.
  private func network(_ dimensions: [Int?], first: Node? = nil) -> Network {
    var nodes = [Node("Relu", inputs: ["x"], outputs: ["y"])]
    if var first {
      first.inputs[0] = "x"
      nodes.append(first)
      nodes.swapAt(0, 1)
    }
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: dimensions)], outputs: ["y"], nodes: nodes)
    ).takingPictures()
  }

  private func unsqueeze(_ axes: [Int]) -> Node {
    Node("Unsqueeze", inputs: ["x"], outputs: ["z"], attributes: ["axes": .ints(axes)])
  }

  /// What the network's own input becomes of a picture.
  private func own(_ network: Network, _ picture: Tensor) throws -> Tensor {
    let plan = try network.plan(
      inputShape: picture.shape, readings: [Reading(.value("y"))], feed: .raw, threads: 1)
    return try plan.forward(picture)[0]
  }

  private func picture(_ shape: Shape) -> Tensor {
    Tensor(shape, (0..<shape.count).map { Float($0 + 1) })
  }

  @Test(
    "signals are pictures of one row",
    arguments: [
      ([1, 2, 9], [1, 2, 1, 9]), ([nil, 9], [nil, 1, 1, 9]), ([nil, 1, nil], [nil, 1, 1, nil]),
      ([7], [1, 1, 1, 7]),
    ] as [([Int?], [Int?])])
  func signals(dimensions: [Int?], expected: [Int?]) throws {
    let network = network(dimensions)
    #expect(network.form == .signal)
    #expect(network.input.dimensions == expected)
    let x = picture(Shape(expected.map { $0 ?? 1 }))
    let own = try own(network, x)
    #expect(own.shape.dimensions == dimensions.map { $0 ?? 1 })
    #expect(own.scalars == x.scalars)
    #expect(network.preparation.color == .bands && network.preparation.rangeLower == -1)
  }

  @Test("rows of numbers are a grey picture; many channels are rows")
  func spectrograms() throws {
    for network in [network([1, 8, 9], first: unsqueeze([1])), network([1, 80, 9])] {
      #expect(network.form == .spectrogram)
      let x = picture(Shape(network.input.dimensions.map { $0 ?? 1 }))
      #expect(x.shape[1] == 1)
      #expect(try own(network, x).scalars == x.scalars)
    }
  }

  @Test("one picture without a batch, its channels first or last")
  func unbatched() throws {
    let first = network([3, 4, 5], first: unsqueeze([0]))
    #expect(first.form == .unbatched && first.input.dimensions == [1, 3, 4, 5])
    let x = picture([1, 3, 4, 5])
    #expect(try own(first, x).scalars == x.scalars)
    let last = network(
      [4, 5, 3],
      first: Node(
        "Transpose", inputs: ["x"], outputs: ["z"], attributes: ["perm": .ints([2, 0, 1])]))
    #expect(last.form == .unbatched && last.input.dimensions == [1, 3, 4, 5])
    #expect(try own(last, x) == x.reshaped([3, 4, 5]).transposed([1, 2, 0]))
    let bands = network(
      [4, 5, 2],
      first: Node(
        "Transpose", inputs: ["x"], outputs: ["z"], attributes: ["perm": .ints([2, 0, 1])]))
    #expect(bands.form == .unbatched && bands.input.dimensions == [1, 2, 4, 5])
    let grey = network([4, 5], first: unsqueeze([0, 1]))
    #expect(grey.form == .unbatched && grey.input.dimensions == [1, 1, 4, 5])
  }

  /// A network whose result is what a mean for each colour, and what is done then, make of its input.
  private func network(
    _ dimensions: [Int?], mean: Shape, _ nodes: [Node], constants: [String: Constant] = [:]
  ) -> Network {
    let less = Node("Sub", inputs: ["x", "mean"], outputs: ["less"])
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: dimensions)], outputs: ["y"],
        nodes: [less] + nodes,
        constants: constants.merging(["mean": Constant(Tensor(mean, [1, 2, 3]))]) { $1 })
    ).takingPictures()
  }

  @Test("what goes over each number by itself may stand before the batch is made")
  func prepared() throws {
    func unsqueeze(_ axes: [Int], _ value: String, _ result: String) -> Node {
      Node("Unsqueeze", inputs: [value], outputs: [result], attributes: ["axes": .ints(axes)])
    }
    let x = picture([1, 3, 4, 5])
    let less = x.scalars.enumerated().map { $1 - Float($0 / 20 + 1) }
    let padded = Node("Abs", inputs: ["less"], outputs: ["z"])
    for nodes in [
      [unsqueeze([0], "less", "y")], [unsqueeze([-4], "less", "y")],
      [
        unsqueeze([0], "less", "z"),
        Node("Concat", inputs: ["z"], outputs: ["y"], attributes: ["axis": .int(0)]),
      ],
    ] {
      let network = network([3, 4, 5], mean: [3, 1, 1], nodes)
      #expect(network.form == .unbatched && network.input.dimensions == [1, 3, 4, 5])
      #expect(try own(network, x).scalars == less)
    }
    let absolute = network([3, 4, 5], mean: [3, 1, 1], [padded, unsqueeze([0], "z", "y")])
    #expect(try own(absolute, x).scalars == less.map(abs))
    // A mean of four axes makes four of three.
    let wide = network(
      [3, 4, 5], mean: [1, 3, 1, 1], [Node("Abs", inputs: ["less"], outputs: ["y"])])
    #expect(wide.form == .unbatched && wide.input.dimensions == [1, 3, 4, 5])
    // Axes one by one.
    let grey = network(
      [4, 3], mean: [3], [unsqueeze([0], "less", "z"), unsqueeze([0], "z", "y")])
    #expect(grey.form == .unbatched && grey.input.dimensions == [1, 1, 4, 3])
  }

  @Test("a Reshape behind other nodes makes the channel of rows of sound, or a picture's batch")
  func reshaped() throws {
    func network(_ dimensions: [Int?], mean: Shape, to extents: [Float]) -> Network {
      self.network(
        dimensions, mean: mean, [Node("Reshape", inputs: ["less", "extents"], outputs: ["y"])],
        constants: ["extents": Constant(Tensor([4], extents), isInteger: true)])
    }
    for batch in [1, nil] {
      let sound = network([batch, 80, 3], mean: [3], to: [1, 1, 80, 3])
      #expect(sound.form == .spectrogram && sound.input.dimensions == [batch, 1, 80, 3])
    }
    let picture = network([3, 4, 5], mean: [3, 1, 1], to: [1, 3, 4, 5])
    #expect(picture.form == .unbatched && picture.input.dimensions == [1, 3, 4, 5])
  }

  @Test("a picture is put into its place in a batch; channels are those that a convolution takes")
  func scattered() throws {
    let indices: [Float] = (0..<3).flatMap { [0, Float($0)] }
    func network(_ channels: Int) -> Network {
      self.network(
        [3, 4, 5], mean: [3, 1, 1],
        [
          Node("ScatterND", inputs: ["batch", "places", "less"], outputs: ["z"]),
          Node("Conv", inputs: ["z", "w"], outputs: ["y"]),
        ],
        constants: [
          "batch": Constant(Tensor([1, 3, 4, 5], repeating: 0)),
          "places": Constant(Tensor([3, 2], indices), isInteger: true),
          "w": Constant(Tensor([2, channels, 1, 1], repeating: 1)),
        ])
    }
    let colors = network(3)
    #expect(colors.form == .unbatched && colors.input.dimensions == [1, 3, 4, 5])
    let x = picture([1, 3, 4, 5])
    // Of each place, the sum of its colours, less 1 + 2 + 3.
    let sums = (0..<20).map { 3 * Float($0 + 1) + 60 - 6 }
    #expect(try own(colors, x).scalars == sums + sums)
    // Rows of sound that a mean is subtracted from stay rows.
    let sound = self.network(
      [nil, 80, 3], mean: [3],
      [Node("Unsqueeze", inputs: ["less"], outputs: ["y"], attributes: ["axes": .ints([1])])])
    #expect(sound.form == .spectrogram && sound.input.dimensions == [nil, 1, 80, 3])
  }

  @Test("a volume's channels may come last, however many they are, where the graph turns them")
  func volumesOfBands() throws {
    let network = network(
      [1, 3, 4, 5, 2],
      first: Node(
        "Transpose", inputs: ["x"], outputs: ["z"], attributes: ["perm": .ints([0, 4, 1, 2, 3])]))
    #expect(
      network.form == .volume(InputForm.Volume(channels: 2, depth: 3, isSliceBySlice: false)))
    let x = picture([1, 6, 4, 5])
    #expect(
      try own(network, x) == x.reshaped([1, 2, 3, 4, 5]).transposed([0, 2, 3, 4, 1]))
  }

  @Test("volumes and films are pictures with a band for each channel of each slice")
  func volumes() throws {
    let x = picture([1, 6, 4, 5])
    let channels = network([1, 3, 2, 4, 5])
    #expect(try own(channels, x) == x.reshaped([1, 3, 2, 4, 5]))
    let frames = network([1, 2, 3, 4, 5])
    #expect(try own(frames, x) == x.reshaped([1, 2, 3, 4, 5]))
    let last = network([nil, 2, nil, nil, 3])
    #expect(last.input.dimensions == [nil, 6, nil, nil])
    #expect(
      try own(last, x) == x.reshaped([1, 3, 2, 4, 5]).transposed([0, 2, 3, 4, 1]))
    guard case .volume(let volume) = frames.form, case .volume(let other) = channels.form else {
      Issue.record("no volumes")
      return
    }
    #expect(volume.band(channel: 2, slice: 1) == 5 && volume.band(channel: 0, slice: 1) == 3)
    #expect(other.band(channel: 2, slice: 1) == 5 && other.band(channel: 0, slice: 1) == 1)
  }

  @Test("the mean of each colour goes to every frame, and BGR turns every frame")
  func colorsOfFrames() throws {
    let network = network([1, 2, 3, 1, 2])
    let prepared = Preprocessing(color: .bgr, rangeUpper: 255, mean: [1, 2, 3])
    let plan = try network.plan(
      inputShape: [1, 6, 1, 2], readings: [Reading(.value("y"))], feed: .picture(prepared))
    let frames = Tensor(
      [1, 6, 1, 2], [10, 10, 20, 20, 30, 30, 40, 40, 50, 50, 60, 60].map { $0 / 255 })
    let own = try plan.forward(frames)[0].scalars
    for (found, expected) in zip(own, [29, 29, 18, 18, 7, 7, 59, 59, 48, 48, 37, 37] as [Float]) {
      #expect(abs(found - expected) < 1e-3)
    }
  }

  @Test("words are no pictures")
  func words() {
    let input = Graph.Input(name: "x", dimensions: [nil, 77], isInteger: true)
    let graph = Graph(
      inputs: [input], outputs: ["y"], nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])])
    #expect(Network(graph: graph).takingPictures().form == .picture)
  }

  @Test("a picture of two axes is one though its width is a square")
  func squareWidth() throws {
    let reshaped = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [25, 16])], outputs: ["y"],
        nodes: [Node("Reshape", inputs: ["x", "extents"], outputs: ["y"])],
        constants: ["extents": Constant(Tensor([4], [1, 1, 25, 16]), isInteger: true)])
    ).takingPictures()
    for network in [network([25, 16], first: unsqueeze([0, 1])), reshaped] {
      #expect(network.form == .unbatched && network.input.dimensions == [1, 1, 25, 16])
      let x = picture([1, 1, 25, 16])
      #expect(try own(network, x).scalars == x.scalars)
    }
    #expect(network([25, 16]).form == .row)
  }
}
