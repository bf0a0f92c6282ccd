import Foundation
import Graphs
import Imaging
import Networks
import Objectives
import Portraits
import Tensors
import TestSupport
import Testing
import Visualization

/// Statistics of other pictures that a picture is to have.
@Suite struct StatisticsTests {
  /// A folder of pictures of two colours, 8×8.
  private func folder(_ count: Int) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 0..<count {
      var picture = Picture(width: 8, height: 8, filledWith: Color(grey: UInt8(20 + 30 * index)))
      picture.fill(Color(0xFF8800), x: index, y: 1, width: 3, height: 4)
      try folder.file("\(index).png", picture.png())
    }
    return folder
  }

  private func prepared(_ settings: [String: String], in network: Network) throws
    -> PreparedPortrait
  {
    try PreparedPortrait(
      of: .unit("cat"),
      settings: ["size": "8", "steps": "40", "warm-up": "0", "transforms": "none"]
        .merging(settings) { $1 }, in: network)
  }

  @Test("what is matched: every channel's sorted activations, as means over the pictures")
  func sorted() throws {
    let (network, folder) = (smallNetwork(), try folder(3))
    let shapes = try network.shapes(inputShape: [1, 3, 8, 8])
    let size = PictureSize(height: 8, width: 8)
    let statistics = try RankStatistics(of: folder.path, in: network, shapes: shapes, size: size)
    #expect(statistics.count == 3 && statistics.sorted.map(\.layer) == ["edges"])
    let plan = try network.plan(inputShape: [1, 3, 8, 8], readings: [Reading("edges")])
    var means = [Double](repeating: 0, count: 4 * 36)
    for index in 0..<3 {
      let picture = try Picture(contentsOf: "\(folder.path)/\(index).png")
      let map = try plan.forward(network.input(picture, size: size))[0].scalars
      let ranks = (0..<4).flatMap { map[$0 * 36..<$0 * 36 + 36].sorted() }
      for (place, value) in ranks.enumerated() { means[place] += Double(value) / 3 }
    }
    #expect(
      zip(statistics.sorted[0].values.scalars, means).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    #expect(statistics.notes.count == 1 && statistics.notes[0].contains("has 3 pictures"))
  }

  @Test("a network without columns and rows has nothing to match")
  func noMaps() throws {
    let folder = try folder(1)
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [1, 3, 4, 4])], outputs: ["y"],
      nodes: [
        Node("Flatten", inputs: ["x"], outputs: ["row"]),
        Node("MatMul", inputs: ["row", "w"], outputs: ["y"]),
      ], constants: ["w": Constant(Tensor([48, 5], repeating: 1))])
    let network = Network(graph: graph)
    let error = try #require(throws: NoMapsError.self) {
      try RankStatistics(
        of: folder.path, in: network, shapes: network.shapes(inputShape: [1, 3, 4, 4]),
        size: PictureSize(height: 4, width: 4))
    }
    #expect("\(error)".contains("no layer with columns and rows"))
  }

  @Test("the distance is relative to what is wanted, and a penalty beside the unit's own pull")
  func relative() throws {
    let (network, folder) = (smallNetwork(), try folder(3))
    let prepared = try prepared(["like": folder.path, "like-weight": "2"], in: network)
    let picture = prepared.ascent.firstPicture
    let plan = try network.plan(inputShape: [1, 3, 8, 8], readings: [Reading("edges")])
    let map = try plan.forward(picture)[0].scalars
    let shapes = try network.shapes(inputShape: [1, 3, 8, 8])
    let wanted = try RankStatistics(
      of: folder.path, in: network, shapes: shapes, size: PictureSize(height: 8, width: 8)
    ).sorted[0].values.scalars
    let sorted = (0..<4).flatMap { map[$0 * 36..<$0 * 36 + 36].sorted() }
    let square = zip(sorted, wanted).reduce(0) { $0 + pow(Double($1.0 - $1.1), 2) }
    let distance = square / wanted.reduce(0) { $0 + Double($1 * $1) }
    let penalty = try #require(prepared.ascent.penalties.first)
    #expect(penalty.weight == 2 && prepared.ascent.penalties.count == 1)
    let pixels = PixelImage([1, 3, 8, 8])
    let value = try visualize(
      penalty.objective, in: PictureNetwork(network, threads: 1), parameterization: pixels,
      startingAt: pixels.parameters(fitting: picture), transforms: .none, steps: 0
    ).initialValue
    #expect(abs(Double(value) - distance) < 1e-4 * distance)
    var first: [Float] = []
    for settings in [[:], ["like-weight": "1"], ["like-weight": "2"]] {
      let like = settings.isEmpty ? [:] : ["like": folder.path]
      _ = try self.prepared(like.merging(settings) { $1 }, in: network).painted(
        threads: 1, progress: { if $0.number == 0 { first.append($0.value) } })
    }
    let scale = try self.scale(of: wanted, in: network, plan)
    for weight in [1, 2] {
      let expected = Double(first[0]) - Double(weight) * scale * distance
      #expect(abs(Double(first[weight]) - expected) < 1e-3 * scale * distance)
    }
  }

  /// How hard a unit pulls beside the distance, both at the picture with photographs' frequencies by which they are
  /// weighed: the norms of their gradients.
  private func scale(of wanted: [Float], in network: Network, _ edges: Plan) throws -> Double {
    var random = SplitMix64(seed: 0x5EED)
    let image = MaCoImage([1, 3, 8, 8])
    let picture = image.picture(image.initialParameters(using: &random))
    let logits = try network.plan(inputShape: [1, 3, 8, 8], readings: [Reading("scores")])
    _ = try logits.forward(picture)
    let own = try logits.backward([Tensor(logits.outputShapes[0], [1, 0, 0])]).norm
    // The derivative of Σ (a − w)² / Σ w², a channel's activations by rank.
    let map = try edges.forward(picture)[0]
    let square = wanted.reduce(0) { $0 + $1 * $1 }
    var slope = [Float](repeating: 0, count: 4 * 36)
    for channel in 0..<4 {
      let places = Array(channel * 36..<channel * 36 + 36)
      for (rank, place) in places.sorted(by: { map.scalars[$0] < map.scalars[$1] }).enumerated() {
        slope[place] = 2 * (map.scalars[place] - wanted[channel * 36 + rank]) / square
      }
    }
    return Double(own / (try edges.backward([Tensor(map.shape, slope)]).norm))
  }

  @Test("a picture comes nearer to them, and the record keeps the unit's own value")
  func nearer() throws {
    let (network, folder) = (smallNetwork(), try folder(4))
    let shapes = try network.shapes(inputShape: [1, 3, 8, 8])
    let statistics = try RankStatistics(
      of: folder.path, in: network, shapes: shapes, size: PictureSize(height: 8, width: 8))
    func distance(_ picture: Tensor) throws -> Float {
      -(try visualize(
        -statistics.distance, in: PictureNetwork(network, threads: 1),
        parameterization: PixelImage([1, 3, 8, 8]),
        startingAt: PixelImage([1, 3, 8, 8]).parameters(fitting: picture), transforms: .none,
        steps: 0
      ).initialValue)
    }
    let plain = try prepared([:], in: network)
    let like = try prepared(["like": folder.path, "like-weight": "100"], in: network)
    let (without, with) = (try plain.painted(threads: 1), try like.painted(threads: 1))
    #expect(try distance(with.pictures) < 0.5 * distance(without.pictures))
    #expect(with.before == without.before && with.after < without.after)
    #expect(like.notes.count == 1)
    #expect(try prepared(["like": folder.path, "like-weight": "0"], in: network).notes.isEmpty)
  }

  @Test("pictures that cannot be read are named and left out; a folder of nothing else is refused")
  func unreadable() throws {
    let (network, folder) = (smallNetwork(), try folder(2))
    try folder.file("broken.png", Array("no picture".utf8))
    let notes = try prepared(["like": folder.path], in: network).notes
    #expect(notes.count == 2 && notes[0].contains("broken.png") && notes[1].contains("has 2"))
    let empty = try TemporaryFolder()
    try empty.file("broken.png", Array("no picture".utf8))
    #expect(throws: (any Error).self) { try prepared(["like": empty.path], in: network) }
  }

  @Test("batch normalizations that the file has are matched: a picture comes nearer to them")
  func batchNormalizations() throws {
    let network = try Network(
      contentsOf: Recordings.file("networks/densenet-mini/model.onnx").path)
    let statistics = network.batchNormalizations
    #expect(statistics.count == 6)
    #expect(statistics.allSatisfy { $0.mean.shape == $0.variance.shape && $0.mean.count > 1 })
    func prepared(_ weight: String) throws -> PreparedPortrait {
      try PreparedPortrait(
        of: .unit("1"),
        settings: ["steps": "30", "transforms": "none", "batch-norm": weight, "warm-up": "0"],
        in: network)
    }
    func distance(_ picture: Tensor) throws -> Float {
      try visualize(
        .batchNormalization(statistics), in: PictureNetwork(network, threads: 1),
        parameterization: PixelImage(picture.shape),
        startingAt: PixelImage(picture.shape).parameters(fitting: picture), transforms: .none,
        steps: 0
      ).initialValue
    }
    let without = try prepared("0").painted(threads: 1).pictures
    let with = try prepared("100").painted(threads: 1).pictures
    #expect(try distance(with) < 0.95 * distance(without))
  }

  @Test("batch normalizations that were folded away are said to be gone")
  func folded() throws {
    let error = try #require(throws: BatchNormalizationError.self) {
      try prepared(["batch-norm": "1"], in: smallNetwork())
    }
    #expect(error.description.contains("folded"))
  }
}
