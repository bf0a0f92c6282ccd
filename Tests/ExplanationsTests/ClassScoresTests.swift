import Attribution
import Explanations
import Foundation
import Imaging
import Networks
import Objectives
import Portraits
import Tensors
import TestSupport
import Testing
import Visualization

/// Detectors and segmenters.
@Suite struct ClassScoresTests {
  private let folder = Recordings.file("detector").path
  private func recorded(_ name: String) throws -> Tensor {
    try NumPyFile(contentsOf: "\(folder)/\(name).npy").tensor
  }

  private func detector() throws -> (network: Network, shapes: [String: Shape], scores: ClassScores)
  {
    let network = try Network(contentsOf: "\(folder)/model.onnx")
    let shapes = try network.shapes(inputShape: [1, 3, 32, 32])
    return (network, shapes, try #require(network.classScores(in: shapes)))
  }

  @Test("the scores of a detector are found before the sigmoid, with the scales of their places")
  func found() throws {
    let (_, _, scores) = try detector()
    #expect(scores.task == .detection && scores.count == 3 && scores.link == .sigmoid)
    #expect(scores.places == 21 && scores.scales.map(\.stride) == [8, 16, 32])
    #expect(scores.scale(of: 15)?.stride == 8 && scores.scale(of: 16)?.stride == 16)
    #expect(scores.scale(of: 20)?.stride == 32 && scores.scale(of: 21) == nil)
  }

  @Test("a class's mean score at its ten best places and its gradient are PyTorch's")
  func objective() throws {
    let (network, _, scores) = try detector()
    let input = try recorded("input")
    let explained = Explained(
      Objective.score(1, of: scores), in: network, inputShape: input.shape, feed: .raw)
    let value = try explained.values(at: input)[0]
    #expect(abs(value - (try recorded("value")).scalars[0]) < 1e-5)
    let gradient = try explained.gradient(at: input)
    let expected = try recorded("gradient")
    #expect((gradient - expected).norm < 1e-5 * expected.norm)
  }

  @Test(
    "classes of torchvision's detectors, and of anchors that share an axis with them, are read at their best places",
    arguments: [
      ("retinanet", 40, 3, Network.Link.sigmoid), ("fcos", 20, 3, .sigmoid),
      ("anchors", 60, 5, .none),
    ])
  func anchors(name: String, places: Int, classes: Int, link: Network.Link) throws {
    let network = try Network(contentsOf: "\(folder)/\(name).onnx")
    let shapes = try network.shapes(inputShape: [1, 3, 32, 32])
    let scores = try #require(network.classScores(in: shapes))
    #expect(scores.places == places && scores.count == classes && scores.link == link)
    let hasBoxes = network.hasBoxes(of: scores, in: shapes)
    #expect(!hasBoxes)
    let input = try recorded("anchors-input")
    let explained = Explained(
      Objective.score(1, of: scores), in: network, inputShape: input.shape, feed: .raw)
    let truth = try recorded("\(name)-value").scalars[0]
    #expect(abs(try explained.values(at: input)[0] - truth) < 1e-5 * max(1, abs(truth)))
    let gradient = try explained.gradient(at: input)
    let expected = try recorded("\(name)-gradient")
    #expect((gradient - expected).norm < 1e-5 * expected.norm && expected.norm > 0)
  }

  @Test("a segmenter's class is the sum of the same pixels, however a method changes the picture")
  func held() throws {
    let network = try Network(contentsOf: "\(folder)/segmenter.onnx")
    let explainer = try Explainer(network, threads: 1)
    let photograph = try explainer.photograph(
      Picture(contentsOf: "\(folder)/segmenter.png"), named: "segmenter.png")
    let scores = try #require(network.classScores(in: explainer.shapes))
    let unit = network.unit(.score(1, of: scores, places: nil), of: .classes)
    guard case .score(_, _, let places?) = try explainer.held(unit, in: photograph).kind else {
      Issue.record("no pixels")
      return
    }
    #expect(places.count == 212)
    // ONNX Runtime 1.32: the class's sum over its 212 pixels, 109.9795, less the same pixels' of black, 39.0103.
    var settings = RegisteredMethod.Settings()
    settings.steps = 200
    for method in ["deep-lift", "integrated-gradients"] {
      let map = try explainer.map(
        of: SaliencyMap.Subject(Subject(unit)), in: photograph,
        by: ConfiguredMethod(RegisteredMethod.named(method), settings))
      #expect(abs(map.value - 109.9795) < 1e-3)
      #expect(abs((map.sum ?? 0) - 70.9692) < 0.05, "\(method)")
    }
  }

  @Test("boxes come from the result beside the scores, each thing once")
  func boxes() throws {
    let (network, shapes, scores) = try detector()
    let input = try recorded("input")
    let found = try network.detections(
      in: input, scores: scores, shapes: shapes, feed: .raw, threads: 1)
    let expected = try recorded("detections")
    #expect(found.count == expected.shape[0])
    for (one, row) in zip(found, 0..<expected.shape[0]) {
      let numbers = Array(expected.scalars[6 * row..<6 * row + 6])
      #expect(one.index == Int(numbers[0]) && abs(one.confidence - numbers[1]) < 1e-5)
      let box = [one.box.left, one.box.top, one.box.right, one.box.bottom]
      for (a, b) in zip(box, numbers[2...]) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test("the maps that go into the head are found by the names of its modules")
  func headMaps() throws {
    let (network, shapes, scores) = try detector()
    let maps = network.headMaps(of: scores, in: shapes)
    #expect(maps.map { shapes[$0] } == [[1, 6, 4, 4], [1, 6, 2, 2], [1, 6, 1, 1]])
  }

  @Test("a detector's classes are explained place by place, and it is said where a method is not")
  func methods() throws {
    let network = try Network(contentsOf: "\(folder)/model.onnx")
    let explainer = try Explainer(network, size: PictureSize(height: 32, width: 32), threads: 1)
    let subject = SaliencyMap.Subject(
      Subject(network.unit(.score(1, of: try detector().scores, places: [3]), of: .classes)))
    #expect(try explainer.usualMethod(for: [subject]).name == "layer-cam")
    #expect(try explainer.usualMethod(for: []).name == "layer-cam")
    #expect(try explainer.usualMethod(for: [subject], namesLayer: true).name == "layer-cam")
    let photograph = try explainer.photograph(
      Picture(width: 32, height: 32, filledWith: Color(0x4080C0)), named: "blue.png")
    func caution(_ method: RegisteredMethod) throws -> String? {
      try explainer.map(of: subject, in: photograph, by: ConfiguredMethod(method)).caution
    }
    #expect(try caution(.gradCAM)?.contains("is read at few") == true)
    #expect(try caution(.layerCAM) == nil)
  }

  @Test(
    "of a detector's scores maps are those that go into its head, and of one layer that of the place's scale",
    arguments: [([3], 4, false), ([17], 2, false), ([3, 5], 4, false), ([3, 17], 2, true)])
  func scales(places: [Int], side: Int, isOfSeveral: Bool) throws {
    let (network, shapes, scores) = try detector()
    let input = try recorded("input")
    let explained = Explained(
      Objective.score(1, of: scores, places: places), in: network, inputShape: input.shape,
      feed: .raw)
    func layers(_ name: String) throws -> [String] {
      try RegisteredMethod.named(name).settled(.init(), in: explained, at: input).layers
    }
    let maps = network.headMaps(of: scores, in: shapes)
    for name in ["layer-cam", "guided-grad-cam"] {
      #expect(try layers(name).map { try network.value(ofLayer: $0) } == maps)
    }
    #expect(try layers("gradient").isEmpty)
    let named = try RegisteredMethod.gradCAM.settled(
      .init(layers: [maps[0]]), in: explained, at: input)
    #expect(named.layers == [maps[0]])
    let explainer = try Explainer(network, size: PictureSize(height: 32, width: 32), threads: 1)
    let subject = SaliencyMap.Subject(
      Subject(network.unit(.score(1, of: scores, places: places), of: .classes)))
    let photograph = try explainer.photograph(
      Picture(width: 32, height: 32, filledWith: Color(0x4080C0)), named: "blue.png")
    for name in ["layer-gradient-x-activation", "layer-conductance", "internal-influence"] {
      let chosen = try layers(name)
      #expect(try chosen.map { shapes[try network.value(ofLayer: $0)] } == [[1, 6, side, side]])
      let map = try explainer.map(
        of: subject, in: photograph, by: ConfiguredMethod(.named(name), .init(steps: 2)))
      #expect(map.layers == chosen && map.attribution.norm > 0)
      #expect((map.caution?.contains("several scales") == true) == isOfSeveral)
      #expect([map].layersInWords == "Layer: \(chosen[0]).")
    }
    // What comes after the scale's map in the graph has no part in the score.
    for map in maps.reversed().prefix(while: { shapes[$0] != [1, 6, side, side] }) {
      #expect(try explained.response(of: map, at: input).gradient.norm == 0)
    }
  }

  @Test("heads that no module holds together begin where something else reads the map, too")
  func namelessHeads() throws {
    let (network, shapes, scores) = try detector()
    var graph = network.graph
    for index in graph.nodes.indices { graph.nodes[index].name = "n\(index)" }
    let nameless = Network(graph: graph)
    let found = try #require(nameless.classScores(in: shapes))
    #expect(found.heads.map(\.value) == scores.heads.map(\.value))
    let maps = nameless.headMaps(of: found, in: shapes)
    #expect(maps.count == 3 && maps == network.headMaps(of: scores, in: shapes))
  }

  @Test("sheets say which layers maps are of, those of most methods alone")
  func layersInWords() throws {
    let network = try Network(contentsOf: "\(folder)/model.onnx")
    let explainer = try Explainer(network, size: PictureSize(height: 32, width: 32), threads: 1)
    let scores = try detector().scores
    let subject = SaliencyMap.Subject(
      Subject(network.unit(.score(1, of: scores, places: [3]), of: .classes)))
    let photograph = try explainer.photograph(
      Picture(width: 32, height: 32, filledWith: Color(0x4080C0)), named: "blue.png")
    func map(_ name: String) throws -> SaliencyMap {
      try explainer.map(of: subject, in: photograph, by: ConfiguredMethod(.named(name)))
    }
    #expect([try map("gradient")].layersInWords == nil)
    let (fused, one) = (try map("layer-cam"), try map("layer-gradient-x-activation"))
    #expect(
      [fused, try map("gradient"), one, try map("hires-cam")].layersInWords
        == "Layers: \(fused.layers.joined(separator: ", ")); "
        + "of layer-gradient-x-activation: \(one.layers[0]).")
    // One method and boxes of several scales: what they are of tells them apart.
    let boxes = try [3, 17].map { place in
      let subject = SaliencyMap.Subject(
        Subject(network.unit(.score(1, of: scores, places: [place]), of: .classes)))
      return try explainer.map(
        of: subject, in: photograph, by: ConfiguredMethod(.named("layer-gradient-x-activation")))
    }
    #expect(
      boxes.layersInWords
        == "Layer: \(boxes[0].layers[0]); of \(boxes[1].subject.title) by layer-gradient-x-activation: "
        + "\(boxes[1].layers[0]).")
  }

  /// Scores of a convolution's 4 channels behind a softmax along an axis.
  private func scores(
    _ axis: Int, opset: Int = 18, labels: [String] = [], tokens: Bool = false
  ) throws -> ClassScores? {
    let softmax = Node(
      "Softmax", name: "softmax", inputs: [tokens ? "t" : "c"], outputs: ["y"],
      attributes: ["axis": .int(axis)], opset: opset)
    let moved = [
      Node("Reshape", inputs: ["c", "rows"], outputs: ["r"]),
      Node("Transpose", inputs: ["r"], outputs: ["t"], attributes: ["perm": .ints([0, 2, 1])]),
    ]
    let network = Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 6, 5])], outputs: ["y"],
        nodes: [Node("Conv", inputs: ["x", "w"], outputs: ["c"])] + (tokens ? moved : [])
          + [softmax],
        constants: [
          "w": Constant(Tensor([4, 3, 1, 1], (0..<12).map { Float($0) })),
          "rows": Constant(Tensor([3], [1, 4, 30]), isInteger: true),
        ]), labels: labels)
    return network.classScores(in: try network.shapes(inputShape: [1, 3, 6, 5]))
  }

  @Test("a softmax over the classes is one along their axis, and none over places")
  func softmaxAxis() throws {
    let pixels = try #require(try scores(1))
    #expect(pixels.link == .softmax && pixels.heads[0].axis == 1 && pixels.count == 4)
    for axis in [2, 3] {
      let other = try #require(try scores(axis))
      #expect(other.link == .none && other.heads[0].value == "c" && other.heads[0].axis == 1)
    }
    // Before operator set 13, one over classes and places together.
    #expect(try scores(1, opset: 11)?.link == Network.Link.none)
    let tokens = try #require(try scores(2, tokens: true))
    #expect(tokens.link == .softmax && tokens.heads[0].axis == 2 && tokens.count == 4)
    let places = try #require(try scores(1, labels: ["a", "b", "c", "d"], tokens: true))
    #expect(places.link == .none && places.count == 4)
  }

  /// A network that ends in scores [1, 8, 7] and boxes behind a sigmoid [1, 8, 4], as DETR does.
  private func queries(labels: [String], boxesFirst: Bool = false) -> Network {
    var random = SplitMix64(seed: 1)
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 2, 4])],
        outputs: boxesFirst ? ["boxes", "scores"] : ["scores", "boxes"],
        nodes: [
          Node("Reshape", inputs: ["x", "rows"], outputs: ["r"]),
          Node("Transpose", inputs: ["r"], outputs: ["t"], attributes: ["perm": .ints([0, 2, 1])]),
          Node("MatMul", inputs: ["t", "a"], outputs: ["scores"]),
          Node("MatMul", inputs: ["t", "b"], outputs: ["corners"]),
          Node("Sigmoid", inputs: ["corners"], outputs: ["boxes"]),
        ],
        constants: [
          "rows": Constant(Tensor([3], [1, 3, 8]), isInteger: true),
          "a": Constant(.normal([3, 7], using: &random)),
          "b": Constant(.normal([3, 4], using: &random)),
        ]), labels: labels)
  }

  @Test(
    "scores beside boxes are found, and a class for nothing is one of a softmax",
    arguments: [0, 6, 7])
  func besideBoxes(count: Int) throws {
    for boxesFirst in [false, true] {
      let network = queries(labels: (0..<count).map { "c\($0)" }, boxesFirst: boxesFirst)
      let shapes = try network.shapes(inputShape: [1, 3, 2, 4])
      let scores = try #require(network.classScores(in: shapes))
      #expect(
        scores.heads.map(\.value) == ["scores"] && scores.heads[0].axis == 2)
      #expect(scores.link == (count == 6 ? .softmax : .none))
      guard count == 6 else { continue }
      let input = Tensor([1, 3, 2, 4], (0..<24).map { Float($0) / 12 - 1 })
      let plan = try network.plan(
        inputShape: input.shape, readings: [Reading(.value("scores"))], feed: .raw, threads: 1)
      let rows = try plan.forward(input)[0].scalars
      let classes = try network.classes(of: input, shapes: shapes, feed: .raw, threads: 1)
      for one in classes {
        let shares = (0..<8).map { place -> Double in
          let row = rows[7 * place..<7 * place + 7].map { Foundation.exp(Double($0)) }
          return row[one.index] / row.reduce(0, +)
        }
        #expect(abs(Double(one.probability ?? -1) - (shares.max() ?? 0)) < 1e-5)
      }
    }
  }

  @Test("an embedder's tokens behind their last normalization are no scores")
  func tokens() throws {
    func network(_ last: Node) -> Network {
      Network(
        graph: Graph(
          inputs: [Graph.Input(name: "x", dimensions: [1, 3, 2, 4])], outputs: ["y"],
          nodes: [
            Node("Reshape", inputs: ["x", "rows"], outputs: ["r"]),
            Node(
              "Transpose", inputs: ["r"], outputs: ["t"], attributes: ["perm": .ints([0, 2, 1])]),
            last,
          ],
          constants: [
            "rows": Constant(Tensor([3], [1, 3, 8]), isInteger: true),
            "ones": Constant(Tensor([3], repeating: 1)),
            "a": Constant(Tensor([3, 5], (0..<15).map { Float($0) })),
          ]))
    }
    let embedder = network(Node("LayerNormalization", inputs: ["t", "ones"], outputs: ["y"]))
    #expect(embedder.classScores(in: try embedder.shapes(inputShape: [1, 3, 2, 4])) == nil)
    let head = network(Node("MatMul", inputs: ["t", "a"], outputs: ["y"]))
    #expect(head.classScores(in: try head.shapes(inputShape: [1, 3, 2, 4]))?.count == 5)
  }

  @Test(
    "results of one width and several sizes are the scales of a detector, or where they are fine a segmenter's",
    arguments: [1, 8])
  func severalScales(stride: Int) throws {
    let network = Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 64, 64])], outputs: ["a", "b"],
        nodes: [
          Node(
            "Conv", inputs: ["x", "w"], outputs: ["a"],
            attributes: ["strides": .ints([stride, stride])]),
          Node(
            "Conv", inputs: ["x", "w"], outputs: ["b"],
            attributes: ["strides": .ints([2 * stride, 2 * stride])]),
        ],
        constants: ["w": Constant(Tensor([5, 3, 1, 1], (0..<15).map { Float($0) }))]))
    let scores = try #require(
      network.classScores(in: try network.shapes(inputShape: [1, 3, 64, 64])))
    #expect(scores.task == (stride == 8 ? .detection : .segmentation) && scores.count == 5)
    #expect(scores.places == (stride == 8 ? 80 : 4096))
  }

  /// Two classes of three channels, at every pixel.
  private var segmenter: Network {
    Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, nil, nil])], outputs: ["y"],
        nodes: [Node("Conv", inputs: ["x", "w"], outputs: ["y"])],
        constants: ["w": Constant(Tensor([2, 3, 1, 1], [1, 2, 3, -1, 4, 0.5]))]),
      labels: ["sky", "sea"])
  }

  @Test("a class of a segmenter is summed over the pixels that are taken for it")
  func segmentation() throws {
    let shapes = try segmenter.shapes(inputShape: [1, 3, 1, 3])
    let scores = try #require(segmenter.classScores(in: shapes))
    #expect(scores.task == .segmentation && scores.count == 2)
    // Scores of sky: 1, 2, 3 at red, green, blue; of sea: −1, 4, 0.5.
    let picture = Tensor([1, 3, 1, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])
    let explained = Explained(
      .score(0, of: scores), in: segmenter, inputShape: picture.shape, feed: .raw)
    #expect(try explained.values(at: picture) == [4])
    #expect(
      try explained.gradient(at: picture).scalars == [1, 0, 1, 2, 0, 2, 3, 0, 3])
    // Nothing but red is no sea: its best pixel stands for it.
    let red = Tensor([1, 3, 1, 3], [1, 2, 3, 0, 0, 0, 0, 0, 0])
    let sea = Explained(.score(1, of: scores), in: segmenter, inputShape: red.shape, feed: .raw)
    #expect(try sea.values(at: red) == [-1])
  }

  @Test("a segmenter whose channels lie last has as many classes as channels, without labels too")
  func channelsLast() throws {
    let weights = Constant(Tensor([5, 3, 1, 1], (0..<15).map { Float($0 * 7 % 11) - 5 }))
    let conv = Node("Conv", inputs: ["x", "w"], outputs: ["c"])
    let last = Node(
      "Transpose", inputs: ["c"], outputs: ["y"], attributes: ["perm": .ints([0, 2, 3, 1])])
    let picture = Tensor([1, 3, 8, 32], (0..<768).map { Float($0 * 37 % 23) - 11 })
    let values = try [([conv], "c"), ([conv, last], "y")].map { nodes, output in
      let network = Network(
        graph: Graph(
          inputs: [Graph.Input(name: "x", dimensions: [1, 3, nil, nil])], outputs: [output],
          nodes: nodes, constants: ["w": weights]))
      let shapes = try network.shapes(inputShape: picture.shape)
      let scores = try #require(network.classScores(in: shapes))
      #expect(scores.task == .segmentation && scores.count == 5)
      return try Explained(
        .score(3, of: scores), in: network, inputShape: picture.shape, feed: .raw
      ).values(at: picture)
    }
    #expect(values[0] == values[1])
  }

  @Test("a picture is like itself")
  func likeness() throws {
    let network = Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 8, 8])], outputs: ["y"],
        nodes: [
          Node("Flatten", inputs: ["x"], outputs: ["f"]),
          Node("Gemm", inputs: ["f", "w"], outputs: ["y"]),
        ],
        constants: [
          "w": Constant(Tensor([192, 6], (0..<1152).map { Float($0 * 37 % 23) - 11 }))
        ]))
    let folder = try TemporaryFolder()
    var one = Picture(width: 8, height: 8, filledWith: Color(0x336699))
    one.fill(Color(0xFFCC00), x: 2, y: 1, width: 3, height: 5)
    let file = "\(folder.path)/one.png"
    try one.write(to: file)
    let explainer = try Explainer(network, threads: 1)
    let subject = try explainer.subject(.toward(file))
    #expect(subject.title == "likeness to one.png" && subject.fileName == "toward-one.png")
    let method = try ConfiguredMethod(.named("gradient"))
    let own = try explainer.map(
      of: subject, in: explainer.photograph(one, named: file), by: method)
    #expect(abs(own.value - 1) < 1e-5)
    let other = Picture(width: 8, height: 8, filledWith: Color(0xCC0011))
    let map = try explainer.map(
      of: subject, in: explainer.photograph(other, named: "other.png"), by: method)
    #expect(map.value < 0.99)
  }

  /// Tokens of 2×2 patches, with or without a class token before them.
  private func embedder(withClassToken: Bool) -> Network {
    let class_ = Node(
      "Concat", inputs: ["class", "t"], outputs: ["a"], attributes: ["axis": .int(1)])
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 8, 8])], outputs: ["y"],
        nodes: [
          Node(
            "Conv", inputs: ["x", "w"], outputs: ["c"], attributes: ["strides": .ints([4, 4])]),
          Node("Reshape", inputs: ["c", "rows"], outputs: ["r"]),
          Node("Transpose", inputs: ["r"], outputs: ["t"], attributes: ["perm": .ints([0, 2, 1])]),
          Node(
            "ReduceMean", inputs: ["t"], outputs: ["m"],
            attributes: ["axes": .ints([1]), "keepdims": .int(1)]),
        ] + (withClassToken ? [class_] : []) + [
          Node("Add", inputs: [withClassToken ? "a" : "t", "m"], outputs: ["s"]),
          Node(
            "LayerNormalization", inputs: ["s", "scale"], outputs: ["y"],
            attributes: ["axis": .int(-1)]),
        ],
        constants: [
          "w": Constant(Tensor([5, 3, 4, 4], (0..<240).map { Float($0 * 37 % 23) - 11 })),
          "rows": Constant(Tensor([3], [1, 5, 4]), isInteger: true),
          "class": Constant(Tensor([1, 1, 5], [1, -2, 3, 0, 1])),
          "scale": Constant(Tensor([5], [1, 2, 1, 0.5, 1])),
        ]))
  }

  @Test(
    "tokens embed by their class token, or where none is known by their mean",
    arguments: [true, false])
  func tokens(withClassToken: Bool) throws {
    let network = embedder(withClassToken: withClassToken)
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/one.png"
    var one = Picture(width: 8, height: 8, filledWith: Color(0x336699))
    one.fill(Color(0xFFCC00), x: 2, y: 1, width: 3, height: 5)
    try one.write(to: file)
    let explainer = try Explainer(network, threads: 1)
    let subject = try explainer.subject(.toward(file))
    #expect(
      subject.first.embeddingInWords
        == (withClassToken ? "the class token of 'y'" : "the mean of the 4 tokens of 'y'"))
    let other = Picture(width: 8, height: 8, filledWith: Color(0xCC0011))
    func embedding(_ picture: Picture) throws -> [Float] {
      let input = try network.input(picture, size: explainer.size)
      let plan = try network.plan(
        inputShape: input.shape, readings: [Reading(.value("y"))],
        feed: .picture(network.preparation), differentiable: false)
      let tokens = try plan.forward(input)[0]
      if withClassToken { return Array(tokens.scalars.prefix(5)) }
      return (0..<5).map { channel in
        (0..<4).reduce(Float(0)) { $0 + tokens.scalars[$1 * 5 + channel] / 4 }
      }
    }
    func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let (a, b) = (try embedding(one), try embedding(other))
    let cosine = dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    let map = try explainer.map(
      of: subject, in: explainer.photograph(other, named: "other.png"),
      by: ConfiguredMethod(.named("gradient")))
    #expect(abs(map.value - cosine) < 1e-5)
  }
}
