import Attribution
import Imaging
import Networks
import Objectives
import Portraits
import Tensors
import TestSupport
import Testing
import Visualization

@testable import Explanations

@Suite struct ExplainerTests {
  private let size = PictureSize(height: 16, width: 16)

  private func photograph(_ width: Int = 16, _ height: Int = 16) -> Picture {
    var picture = Picture(width: width, height: height, filledWith: Color(0x336699))
    picture.fill(
      Color(0xFFCC00), x: width / 4, y: height / 3, width: width / 2, height: height / 3)
    return picture
  }

  private func explainer(_ fit: Framing.Fit = .crop) throws -> Explainer {
    try Explainer(smallNetwork(), size: size, fit: fit, threads: 1)
  }

  @Test func aMapIsWhatTheMethodYields() throws {
    let explainer = try explainer()
    let photograph = try explainer.photograph(photograph(), named: "a/cat.png")
    #expect(photograph.stem == "cat" && photograph.fileName == "cat.png")
    let subject = try explainer.subject(.unit("dog"))
    let map = try explainer.map(
      of: subject, in: photograph, by: ConfiguredMethod(.named("integrated-gradients")))
    let truth = try IntegratedGradients().attribute(
      photograph.input, to: .logit(try #require(subject.logit)), in: explainer.network,
      feed: explainer.feed)
    #expect(map.attribution.scalars == truth.scalars)
    let total = try #require(map.total)
    #expect(abs(try #require(map.sum) - total) < 0.02 * abs(total) + 1e-4)
    #expect(map.value == photograph.classes.first { $0.index == subject.logit }?.logit)
    #expect(map.largest == truth.summedOverChannels().scalars.max { abs($0) < abs($1) })
  }

  @Test(
    "what nobody names: AttnLRP of a transformer's classes, Grad-CAM of others', SmoothGrad of the rest"
  )
  func usualMethods() throws {
    let labels = ["cat", "dog", "hot dog", "owl", "cup"]
    let size = PictureSize(height: 8, width: 12)
    let patches = try Explainer(SmallTransformer.network(labels: labels), size: size, threads: 1)
    let hybrid = try Explainer(
      SmallTransformer.network(stem: 1, labels: labels), size: size, threads: 1)
    for (explainer, name) in [
      (patches, "attn-lrp"), (hybrid, "grad-cam"), (try explainer(), "grad-cam"),
    ] {
      let dog = try explainer.subject(.unit("dog"))
      let layer = explainer.network.layers[0].name
      let channel = try explainer.subject(.unit("\(layer):0"))
      #expect(try explainer.usualMethod(for: []).name == name)
      #expect(try explainer.usualMethod(for: [dog]).name == name)
      #expect(try explainer.usualMethod(for: [dog, channel]).name == "smoothgrad")
    }
  }

  @Test("One thing rather than another is the difference of both")
  func against() throws {
    let explainer = try explainer()
    let photograph = try explainer.photograph(photograph(), named: "cat.png")
    let (dog, cat) = (
      try explainer.subject(.unit("dog")), try explainer.subject(.unit("cat"))
    )
    let pair = SaliencyMap.Subject(dog.first, against: cat.first)
    let maps = try [dog, cat, pair].map {
      try explainer.map(of: $0, in: photograph, by: ConfiguredMethod(.named("gradient")))
    }
    let difference = maps[0].attribution - maps[1].attribution
    #expect((difference - maps[2].attribution).norm < 1e-5 * difference.norm)
    #expect(difference.norm > 0 && pair.title == "dog rather than cat" && pair.logit == nil)
  }

  @Test func whereThereIsNothingToSeeItIsSaid() throws {
    let explainer = try explainer()
    let photograph = try explainer.photograph(photograph(), named: "cat.png")
    let some = try explainer.map(
      of: explainer.subject(.unit("edges:1")), in: photograph,
      by: ConfiguredMethod(.named("gradient")))
    // Whatever the gradient is, times 0 it is 0.
    let black = try explainer.photograph(
      Picture(width: 16, height: 16, filledWith: .black), named: "black.png")
    let zeros = try explainer.map(
      of: explainer.subject(.unit("dog")), in: black,
      by: ConfiguredMethod(.named("input-x-gradient")))
    #expect(some.nothing == nil && zeros.nothing == .zeros(reason: nil))
    #expect("\(try #require(zeros.nothing))".contains("0 everywhere"))
    // Before a mean over the whole layer, all its places have the same gradient.
    let edges = try explainer.map(
      of: explainer.subject(.unit("dog")), in: photograph,
      by: ConfiguredMethod(.named("internal-influence"), .init(layers: ["edges"])))
    guard case .constant? = edges.nothing else {
      Issue.record("\(String(describing: edges.nothing))")
      return
    }
  }

  @Test func theSurestClassesComeFirst() throws {
    let explainer = try explainer()
    let photograph = try explainer.photograph(photograph(), named: "cat.png")
    let top = try explainer.top(2, of: photograph)
    #expect(top.compactMap(\.logit) == photograph.classes.prefix(2).map(\.index))
    #expect(photograph.classes[0].logit >= photograph.classes[1].logit)
  }

  @Test("Numbers lie in the network's pixels or in the picture's", arguments: Framing.Fit.allCases)
  func numbers(_ fit: Framing.Fit) throws {
    let explainer = try explainer(fit)
    let photograph = try explainer.photograph(photograph(20, 40), named: "tall.png")
    let map = try explainer.map(
      of: explainer.subject(.unit("dog")), in: photograph, by: ConfiguredMethod(.named("gradient")))
    #expect(map.numbers(.each, on: .network, of: photograph).scalars == map.attribution.scalars)
    #expect(map.numbers(.together, on: .network, of: photograph).shape == [16, 16])
    let placed = map.numbers(.together, on: .picture, of: photograph)
    #expect(placed.shape == [40, 20])
    #expect(map.numbers(.each, on: .picture, of: photograph).shape == [3, 40, 20])
    // The middle is there; above and below it the network was shown nothing when it was cropped.
    #expect(placed[20, 10].isFinite && placed[2, 10].isNaN == (fit == .crop))
    let json = try map.json(placed, of: photograph, modelSHA256: "ab")
    #expect(String(decoding: json, as: UTF8.self).contains("\"null") == false)
    #expect(String(decoding: json, as: UTF8.self).contains("\"shape\":[40,20]"))
  }

  @Test("Maps of one method have one scale, with 0 in the middle where any has a sign")
  func scales() throws {
    let explainer = try explainer()
    let photograph = try explainer.photograph(photograph(), named: "cat.png")
    let maps = try ["dog", "cat"].map {
      try explainer.map(
        of: explainer.subject(.unit($0)), in: photograph,
        by: ConfiguredMethod(.named("input-x-gradient")))
    }
    let style = MapStyle()
    let scales = ExplanationScales(of: maps, style)
    #expect(scales.range(of: maps[0]) == scales.range(of: maps[1]))
    #expect(scales.range(of: maps[0]).lowerBound == -scales.range(of: maps[0]).upperBound)
    let largest = maps.map { $0.shown.range(style).upperBound }.max()
    #expect(scales.range(of: maps[0]).upperBound == largest)
    let own = ExplanationScales(of: maps, MapStyle(sharesScale: false))
    #expect(own.range(of: maps[0]) != own.range(of: maps[1]))
    // Photographs that are explained for different things do not compare, but where a third has both.
    let apart = ExplanationScales(ofEach: [[maps[0]], [maps[1]]], style)
    #expect(maps.allSatisfy { apart.range(of: $0) == own.range(of: $0) })
    let joined = ExplanationScales(ofEach: [[maps[0]], [maps[1]], maps], style)
    #expect(maps.allSatisfy { joined.range(of: $0) == scales.range(of: $0) })
  }

  @Test func sheetsShowEveryMap() throws {
    let explainer = try explainer()
    let photograph = try explainer.photograph(photograph(30, 20), named: "cat.png")
    let map = try explainer.map(
      of: explainer.subject(.unit("dog")), in: photograph, by: ConfiguredMethod(.named("gradient")))
    let one = ExplanationSheet([.init(photograph, [.map(map)])]).picture(width: 120)
    // The photograph, the map and both: three panels between margins.
    #expect(one.width > 3 * 120 && one.width < 5 * 120)
    let many = ExplanationSheet(
      [
        .init(
          photograph,
          [.map(map), .failure(map.subject, method: "other", reason: "it has no attention")])
      ])
    #expect(many.picture(width: 120).height > 80)
    #expect(one == ExplanationSheet([.init(photograph, [.map(map)])]).picture(width: 120))
    // The part that the network saw is coloured, what it did not see is pale.
    let overlay = photograph.picture(.overlay, of: map, MapStyle(), width: 60)
    #expect((overlay.width, overlay.height) == (60, 40))
    #expect(overlay[x: 2, y: 20].luma > photograph.shown(width: 60)[x: 20, y: 5].luma)
  }
}
