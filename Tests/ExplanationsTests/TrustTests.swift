import Imaging
import Networks
import Objectives
import Portraits
import Tensors
import Testing
import Visualization

@testable import Explanations

/// Pictures that fool are told from those that do not.
@Suite struct TrustTests {
  /// Pixels as six detectors of colours near black and white, red and blue; two ways; a unit that is their sum.
  ///
  /// The honest unit is how red a picture is. The fooling one is that too, of natural pictures; where pixels are
  /// nearly black or white, as only made pictures' are, that way is closed and one by way of blue is open.
  private static func network(fooling: Bool) -> Network {
    // Red, blue, and for each colour what is above 0.8 and below 0.2.
    var features = [Float](repeating: 0, count: 8 * 3)
    var offsets = [Float](repeating: 0, count: 8)
    features[0 * 3 + 0] = 1
    features[1 * 3 + 2] = 1
    for color in 0..<3 {
      features[(2 + color) * 3 + color] = 1
      offsets[2 + color] = -0.8
      features[(5 + color) * 3 + color] = -1
      offsets[5 + color] = 0.2
    }
    let closing = [Float](repeating: fooling ? -10 : 0, count: 6)
    let opening = [Float](repeating: 30, count: 6)
    let ways = [1, 0] + closing + [0, 2] + opening
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["unit"],
        nodes: [
          Node("Conv", name: "features", inputs: ["x", "f", "o"], outputs: ["features"]),
          Node("Relu", name: "seen", inputs: ["features"], outputs: ["seen"]),
          Node("Conv", name: "ways", inputs: ["seen", "w", "b"], outputs: ["ways"]),
          Node("Relu", name: "open", inputs: ["ways"], outputs: ["open"]),
          Node("Conv", name: "unit", inputs: ["open", "u"], outputs: ["unit"]),
        ],
        constants: [
          "f": Constant(Tensor([8, 3, 1, 1], features)), "o": Constant(Tensor([8], offsets)),
          "w": Constant(Tensor([2, 8, 1, 1], ways)), "b": Constant(Tensor([2], [0, -1.4])),
          "u": Constant(Tensor([1, 2, 1, 1], fooling ? [1, 1] : [1, 0])),
        ]))
  }

  /// Soft colours, none near black or white.
  private static func natural(_ index: Int) -> Picture {
    var picture = Picture(width: 16, height: 16, filledWith: Color(0x606870))
    let red = UInt8(90 + 7 * index)
    picture.fill(
      Color(red: red, green: 140, blue: UInt8(80 + 5 * (index * 5 % 13))), x: index % 5, y: 2,
      width: 9, height: 10)
    return picture
  }

  private func trust(fooling: Bool, count: Int = 12) throws -> Trust {
    let network = Self.network(fooling: fooling)
    let explainer = try Explainer(
      network, size: PictureSize(height: 16, width: 16), threads: 1)
    let objective = Objective.channel("unit", 0)
    let made = try visualize(
      objective, in: PictureNetwork(network, threads: 1),
      parameterization: FourierImage(side: 16), transforms: .none, steps: 200)
    return try explainer.trust(
      in: made.picture, of: objective, beside: (0..<count).map { "\($0).png" }
    ) { Self.natural($0) }
  }

  @Test(
    "a fooling circuit: the unit responds more than to anything natural, by another way, and it is said"
  )
  func fooled() throws {
    let trust = try trust(fooling: true)
    #expect(trust.isStrong && trust.isFooled)
    #expect(trust.otherWays.map(\.name).contains("open"))
    let open = try #require(trust.layers.first { $0.name == "open" })
    #expect(open.contribution.picture < 0.05 && open.contribution.naturalLowest > 0.999)
    #expect(trust.verdict.hasPrefix("fooled: "))
    #expect(trust.lines.last == trust.verdict)
  }

  @Test("an honest unit: as strong, by the way that natural pictures take")
  func honest() throws {
    let trust = try trust(fooling: false)
    #expect(trust.isStrong && !trust.isFooled)
    let open = try #require(trust.layers.first { $0.name == "open" })
    #expect(open.contribution.picture > 0.999)
    #expect(!trust.verdict.contains("fooled"))
    #expect(trust.count == 12 && trust.best.count == 6)
    // Redder, the higher the number.
    #expect(trust.best[0].file == "11.png")
    #expect(zip(trust.best, trust.best.dropFirst()).allSatisfy { $0.value >= $1.value })
    #expect(trust.randomized.map(\.name) == trust.layers.map(\.name))
    #expect(trust.randomized != trust.layers)
  }

  @Test("likeness: cosines with the mean of the others' directions, written out")
  func likeness() {
    let likeness = Trust.Likeness(ofRows: Tensor([4, 2], [3, 4, 1, 0, 0, 2, 5, 5]))
    // Directions (0.6, 0.8), (1, 0), (0, 1), (√½, √½).
    let r = Float(0.5).squareRoot()
    #expect(abs(likeness.picture - 1.4 * r) < 1e-6)
    func cosine(_ x: (Float, Float), _ y: (Float, Float)) -> Float {
      (x.0 * y.0 + x.1 * y.1) / (y.0 * y.0 + y.1 * y.1).squareRoot()
    }
    let natural = [cosine((1, 0), (r, 1 + r)), cosine((0, 1), (1 + r, r)), cosine((r, r), (1, 1))]
    #expect(abs(likeness.naturalLowest - (natural.min() ?? 0)) < 1e-6)
    #expect(abs(likeness.naturalMiddle - natural.sorted()[1]) < 1e-6)
  }

  @Test("too few pictures are refused")
  func few() {
    #expect(throws: TrustError.tooFewPictures(3)) { try trust(fooling: false, count: 3) }
  }
}
