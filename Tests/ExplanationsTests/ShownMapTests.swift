import Attribution
import Imaging
import Tensors
import Testing

@testable import Explanations

@Suite struct ShownMapTests {
  private func shown(_ name: String, _ attribution: Tensor) throws -> ShownMap {
    let registered = try RegisteredMethod.named(name)
    return ShownMap(attribution, of: registered, method: try registered.method())
  }

  @Test func signsAddUpAndSizesDoNot() throws {
    let attribution = Tensor([1, 2, 1, 2], [1, -3, 2, 1])
    #expect(try shown("integrated-gradients", attribution).map.scalars == [3, -2])
    #expect(try shown("saliency", attribution).map.scalars == [2, 3])
  }

  @Test("The gradient shows its signs, saliency does not")
  func gradient() throws {
    let attribution = Tensor([1, 2, 1, 2], [1, -3, 2, 1])
    #expect(try shown("gradient", attribution).map.scalars == [3, -2])
    #expect(try RegisteredMethod.named("gradient").heatMap(attribution).colors == .blueWhiteRed)
    #expect(try RegisteredMethod.named("saliency").heatMap(attribution).colors == .inferno)
  }

  @Test("Channels that are all alike count once")
  func parts() throws {
    let alike = try shown("occlusion", Tensor([1, 3, 1, 2], [1, -2, 1, -2, 1, -2]))
    #expect(alike.map.scalars == [1, -2] && alike.isByParts)
  }

  @Test(
    "A map whose channels are alike is no map of parts by that: it adds up, and one pixel does not set its scale"
  )
  func alikeButNotByParts() throws {
    var flat = Tensor([1, 3, 20, 20], repeating: 0.01)
    for channel in 0..<3 { flat[0, channel, 3, 3] = 1 }
    let shown = try shown("lrp-epsilon-plus-flat", flat)
    #expect(!shown.isByParts && abs(shown.map.scalars[0] - 0.03) < 1e-6)
    #expect(shown.range(MapStyle(percentile: 99, blur: 0)).upperBound < 0.04)
    let grey = Tensor([1, 1, 1, 2], [1, -3])
    #expect(try !self.shown("integrated-gradients", grey).isByParts)
    #expect(try self.shown("rise", grey).isByParts)
  }

  @Test func scalesFollowTheSigns() throws {
    let style = MapStyle(percentile: 100, blur: 0)
    let ranges: [(String, [Float], ClosedRange<Float>)] = [
      ("integrated-gradients", [1, -3, 0, 2], -3...3), ("saliency", [1, 0, 0.5, 2], 0...2),
      ("grad-cam", [0, 5, 1, 2], 0...5),
      // Far from 0 throughout: what speaks least for a unit still does.
      ("grad-cam", [7, 8, 9, 8], 7...9), ("saliency", [-7, 8, 9, 8], 7...9),
      ("shapley", [7, 8, 9, 8], -9...9), ("shapley", [-7, -8, -9, -8], -9...9),
      ("deep-lift", [7, 8, 9, 8], -9...9),
    ]
    for (name, values, range) in ranges {
      #expect(try shown(name, Tensor([1, 1, 2, 2], values)).range(style) == range, "\(name)")
    }
    // One pixel of a hundred is clipped.
    var spike = Tensor([1, 1, 20, 20], repeating: 1)
    spike[0, 0, 3, 3] = 100
    spike[0, 0, 0, 0] = 0
    #expect(try shown("saliency", spike).range(MapStyle(percentile: 99)).upperBound == 1)
  }

  @Test func mapsAPixelAreEvenedOutAndOthersAreNot() throws {
    let pixels = Tensor([1, 3, 224, 224], (0..<3 * 224 * 224).map { Float($0 % 11) - 5 })
    #expect(try shown("integrated-gradients", pixels).blur(MapStyle()) == 1)
    #expect(try shown("integrated-gradients", pixels).blur(MapStyle(blur: 3)) == 3)
    #expect(try shown("saliency", pixels).blur(MapStyle()) == 0)
    #expect(try shown("grad-cam", Tensor([1, 1, 7, 7], repeating: 1)).blur(MapStyle(blur: 3)) == 0)
    // Half of the way from one square to the next: 224 / 8 / 2 / 2.
    #expect(try shown("occlusion", pixels).blur(MapStyle()) == 7)
  }
}
