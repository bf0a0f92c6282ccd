import Autodiff
import Networks
import Objectives
import Optimizers
import Tensors
import TestSupport
import Testing

@testable import Visualization

/// Pictures that others are compared with.
@Suite struct ReferenceTests {
  private static func reference(_ seed: UInt64, side: Int = 16) -> ReferencePicture {
    var random = SplitMix64(seed: seed)
    return ReferencePicture("\(seed)", .uniform([1, 3, side, side], using: &random))
  }

  private static let pixels = PixelImage(
    height: 16, width: 16, colors: ColorMapping(decorrelated: false, bounds: .clamp))

  /// The value of an objective for a picture, with all transforms.
  private func value(_ objective: Objective, _ picture: Tensor, seed: UInt64) throws -> Float {
    let scene = Scene(PatchNetwork(), Self.pixels, .picture)
    var random = SplitMix64(seed: seed)
    return try scene.value(
      of: objective, picture: scene.picture([Variable(picture)]), transforms: .robust(side: 16),
      views: 1, using: &random
    ).value.scalar
  }

  @Test("goes through the same transforms: the picture itself is without distance in all of them")
  func transformedAlike() throws {
    let reference = Self.reference(3)
    for seed in 0..<4 as Range<UInt64> {
      let same = try value(.inversion("patches", of: reference), reference.pixels, seed: seed)
      #expect(abs(same) < 1e-9)
      let share = try value(.caricature("relu", of: reference), reference.pixels, seed: seed)
      #expect(abs(share - 1) < 1e-5)
      let other = Self.reference(4).pixels
      #expect(try value(.inversion("patches", of: reference), other, seed: seed) < -0.01)
    }
  }

  @Test("two references and a unit in one objective: each has its own, the unit sees neither")
  func several() throws {
    let (a, b) = (Self.reference(5), Self.reference(6))
    let picture = Self.reference(7).pixels
    let unit = Objective.channel("patches", 1)
    let parts = try [unit, .inversion("relu", of: a), .inversion("patches", of: b)].map {
      try value($0, picture, seed: 1)
    }
    let all = try value(
      unit + 2 * .inversion("relu", of: a) - .inversion("patches", of: b), picture, seed: 1)
    #expect(abs(all - (parts[0] + 2 * parts[1] - parts[2])) < 1e-5 * abs(all))
  }

  @Test("an inversion comes back to the picture where nothing was lost")
  func inverts() throws {
    let reference = Self.reference(8)
    let rendering = try visualize(
      .inversion("patches", of: reference), in: PatchNetwork(filters: 192),
      parameterization: PixelImage(
        height: 16, width: 16, colors: ColorMapping(decorrelated: false)), transforms: .none,
      optimizer: Adam(learningRate: 0.1), steps: 150)
    #expect(rendering.finalValue > -1e-3)
    let error = (rendering.picture - reference.pixels).absolute().mean
    #expect(error < 0.02, "\(error)")
  }

  @Test("where the network sees nothing but the pictures, an error says so")
  func nothingToCompareWith() throws {
    let picture = Variable(Tensor([1, 3, 16, 16]))
    let evaluation = Evaluation(
      picture: picture, input: picture, activations: [Reading("x"): picture])
    #expect(throws: ObjectiveError.noReference("3")) {
      try Objective.inversion("x", of: Self.reference(3)).value(evaluation)
    }
  }

  @Test("expressions name pictures, and say the place of one that cannot be read")
  func expressions() throws {
    let network = smallNetwork()
    let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
    let pixels = Self.reference(2).pixels
    let expression = try ObjectiveExpression("cat - 2 * inversion(edges, \"a b/c.jpg\")")
    #expect(expression.files == ["a b/c.jpg"])
    var read: [String] = []
    let objective = try expression.objective(in: network, shapes: shapes) {
      read.append($0)
      return pixels
    }
    #expect(read == ["a b/c.jpg"])
    #expect(objective.references == [ReferencePicture("c.jpg", pixels)])
    let moved = try expression.mappingFiles { "folder/\($0)" }
    #expect(moved.files == ["folder/a b/c.jpg"])
    let error = try #require(throws: ExpressionError.self) {
      try expression.objective(in: network, shapes: shapes)
    }
    #expect(error.place == 27 && error.reason.contains("c.jpg cannot be read"))
  }
}
