import Autodiff
import Foundation
import Networks
import Objectives
import Tensors
import TestSupport
import Testing
import Visualization

/// What expressions are worth, against their definitions written out in Double.
@Suite struct ExpressionValueTests {
  /// A convolution of 4 channels, and scores of their means.
  private static let network = smallNetwork()

  private static let shape: Shape = [3, 3, 6, 6]
  private let maps: [[[Double]]]
  private let scores: [[Double]]
  private let picture: Tensor

  init() throws {
    var random = SplitMix64(seed: 2)
    picture = .uniform(Self.shape, using: &random)
    let plan = try Self.network.plan(
      inputShape: Self.shape, readings: [Reading("edges"), Reading("scores")],
      feed: .picture(Preprocessing()))
    let results = try plan.forward(picture)
    let edges = results[0].scalars.map(Double.init)
    // Picture, channel, position.
    maps = (0..<3).map { n in
      (0..<4).map { c in Array(edges[((n * 4 + c) * 16)..<((n * 4 + c + 1) * 16)]) }
    }
    let numbers = results[1].scalars.map(Double.init)
    scores = (0..<3).map { Array(numbers[$0 * 3..<$0 * 3 + 3]) }
  }

  private func value(_ text: String) throws -> Double {
    let shapes = try Self.network.shapes(inputShape: Self.shape)
    let objective = try ObjectiveExpression(text).objective(in: Self.network, shapes: shapes)
    let model = try PictureNetwork(Self.network, preprocessing: Preprocessing()).compile(
      readings: objective.readings, inputShape: Self.shape, redirecting: false)
    let activations = try model.activations(Variable(picture))
    let evaluation = Evaluation(
      picture: Variable(picture), input: Variable(picture),
      activations: Dictionary(uniqueKeysWithValues: zip(objective.readings, activations)))
    return Double(try objective.value(evaluation).value.scalar)
  }

  private func expect(
    _ text: String, _ expected: Double, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let value = try value(text)
    #expect(abs(value - expected) <= 2e-5 * max(1, abs(expected)), sourceLocation: location)
    // A definition of which 1 % would not be seen tests nothing.
    #expect(abs(expected) > 2e-3, sourceLocation: location)
  }

  private func mean(_ channel: Int) -> Double {
    maps.flatMap { $0[channel] }.reduce(0, +) / Double(3 * 16)
  }

  private func logit(_ index: Int) -> Double { scores.reduce(0) { $0 + $1[index] } }

  @Test("units with signs and weights")
  func arithmetic() throws {
    try expect("edges:1", mean(1))
    try expect("edges:1 + 0.5 * edges:3 - cat", mean(1) + 0.5 * mean(3) - logit(0))
    try expect("-edges:1", -mean(1))
    try expect("2 * (edges:0 - edges:1) * 3", 6 * (mean(0) - mean(1)))
    try expect("edges:0 * edges:1 * 100", 100 * mean(0) * mean(1))
    try expect("\"hot dog\" - 1", logit(2) - logit(1))
    try expect("edges:2@3,1", maps.reduce(0) { $0 + $1[2][1 * 4 + 3] } / 3)
    try expect("mean(edges)", (0..<4).reduce(0) { $0 + mean($1) } / 4)
  }

  @Test("diversity: inner products of Gram matrices of norm 1")
  func diversity() throws {
    let grams = maps.map { map -> [Double] in
      let gram = map.flatMap { a in map.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
      let norm = gram.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return gram.map { $0 / norm }
    }
    var sum = 0.0
    for i in 0..<3 {
      for j in 0..<3 where i != j { sum += zip(grams[i], grams[j]).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    try expect("diversity(edges)", sum / 3)
  }

  @Test("alignment: squares of differences of neighbours, less with distance")
  func alignment() throws {
    func expected(_ decay: Double) -> Double {
      var sum = 0.0
      for (i, j) in [(0, 1), (1, 2), (0, 2)] {
        let squares = zip(maps[i].joined(), maps[j].joined()).map { ($0 - $1) * ($0 - $1) }
        sum += squares.reduce(0, +) / 64 / pow(decay, Double(j - i))
      }
      return -sum
    }
    try expect("alignment(edges)", expected(2))
    try expect("alignment(edges, 3)", expected(3))
  }

  @Test("interpolation: from one to another, picture by picture")
  func interpolation() throws {
    let means = maps.map { map in map.map { $0.reduce(0, +) / 16 } }
    let expected =
      means[0][0] + 0.5 * (means[1][0] + means[1][2]) + means[2][2]
    try expect("interpolation(edges:0, edges:2)", expected)
    let logits = scores[0][0] + 0.5 * (scores[1][0] + scores[1][1]) + scores[2][1]
    try expect("interpolation(cat, dog)", logits)
  }

  @Test("directions from NumPy files, over a layer and at one position")
  func directions() throws {
    let folder = try TemporaryFolder()
    let vector: [Float] = [1, -0.5, 0.25, 2]
    let file = "\(folder.path)/v.npy"
    try NumPyData.floats([[0, 0, 0, 0], vector]).write(to: URL(filePath: file))

    func point(_ map: [[Double]], _ i: Int) -> (inner: Double, cosine: Double, exact: Double) {
      let x = map.map { $0[i] }
      let inner = zip(x, vector).reduce(0) { $0 + $1.0 * Double($1.1) }
      let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let own = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      return (inner, inner / ((length + 1e-4) * (own + 1e-4)), inner / (length * own))
    }
    let points = maps.flatMap { map in (0..<16).map { point(map, $0) } }
    let count = Double(points.count)
    try expect("direction(edges, \(file)[1])", points.reduce(0) { $0 + $1.inner } / count)
    try expect(
      "direction(edges, \(file)[1], 2)",
      points.reduce(0) { $0 + $1.inner * pow(max(0.1, $1.cosine), 2) } / count)
    try expect("cosine(edges, \(file)[1])", points.reduce(0) { $0 + $1.exact } / count)
    let middle = maps.map { point($0, 2 * 4 + 2) }.reduce(0) { $0 + $1.inner } / 3
    try expect("direction-neuron(edges, \(file)[1])", middle)
    let corner = maps.map { point($0, 1 * 4 + 3) }.reduce(0) { $0 + $1.inner } / 3
    try expect("direction-neuron(edges@3,1, \(file)[1])", corner)

    try NumPyData.floats([[1, 2]]).write(to: URL(filePath: file))
    let error = try #require(throws: ExpressionError.self) {
      try value("cat + direction(edges, \(file))")
    }
    #expect(error.reason.contains("has 2 numbers, but edges has 4 channels"))
    #expect(error.place == 23)
  }

  @Test(
    "what the network has not is shown with its place",
    arguments: [
      ("cat - egdes:1", 6, "did you mean edges"), ("edges:9", 0, "the channels 0…3"),
      ("cat + diversity(egdes)", 16, "did you mean edges"),
      ("interpolation(cat, edges)", 19, "not a whole channel"),
      ("direction(edges, nope.npy)", 17, "nope.npy cannot be read"),
      ("direction-neuron(edges@9,9, x.npy)", 17, "columns 0…3"),
      ("alignment(edges, x)", 17, "must be a number"),
      ("cat + edges:0-3", 6, "`edges:0-3` reads like channels"),
      ("edges:-1", 0, "`edges:-1` reads like channels"),
    ])
  func unknown(text: String, place: Int, reason: String) throws {
    let error = try #require(throws: ExpressionError.self) { try value(text) }
    #expect(error.place == place && error.reason.contains(reason), "\(error)")
  }

  @Test("a difference without spaces is one where it cannot be a range")
  func differences() throws {
    for (text, same) in [
      ("edges:1-0.5*cat", "edges:1 - 0.5*cat"), ("edges:1-2*cat", "edges:1 - 2*cat"),
      ("edges:1-cat", "edges:1 - cat"),
    ] {
      #expect(try value(text) == value(same))
    }
  }
}
