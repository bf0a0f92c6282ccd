import Attribution
import Tensors
import Testing

@testable import Faithfulness

@Suite struct CurveTests {
  private let recorded: RecordedMetrics
  private let order: PixelOrder
  private let nothing: Tensor

  init() throws {
    recorded = try RecordedMetrics()
    order = PixelOrder(try RecordedMetrics.integratedGradients.channelMean)
    nothing = Tensor(recorded.input.shape)
  }

  @Test("pixels in the recorded order")
  func recordedOrder() throws {
    let pixels = try RecordedMetrics.tensor("metric_order.pb").scalars.map { Int($0) }
    #expect(order.pixels == pixels)
  }

  @Test("xplique's deletion and insertion, of the logit and of the probability")
  func xplique() throws {
    for (name, explained) in [("logit", recorded.logit), ("softmax", recorded.probability)] {
      let deletion = try Deletion().curve(
        of: explained, at: recorded.input, order: order, nothing: nothing)
      try recorded.check("deletion_xplique_\(name)", curve: deletion.values)
      try recorded.check("deletion_xplique_\(name)", deletion.area)
      let insertion = try Insertion().curve(
        of: explained, at: recorded.input, order: order, start: nothing)
      try recorded.check("insertion_xplique_\(name)", curve: insertion.values)
      try recorded.check("insertion_xplique_\(name)", insertion.area)
    }
  }

  @Test("RISE's deletion and insertion, a row of pixels at a time")
  func rise() throws {
    let deletion = try Deletion(steps: .pixels(32)).curve(
      of: recorded.probability, at: recorded.input, order: order, nothing: nothing)
    try recorded.check("deletion_rise", curve: deletion.values)
    try recorded.check("deletion_rise", deletion.area)
    let insertion = try Insertion(steps: .pixels(32)).curve(
      of: recorded.probability, at: recorded.input, order: order,
      start: recorded.input.riseBlurred(nothing: nothing))
    try recorded.check("insertion_rise", curve: insertion.values)
    try recorded.check("insertion_rise", insertion.area)
  }

  @Test("RISE's blur")
  func blur() throws {
    let blurred = try RecordedMetrics.tensor("rise_blurred.pb")
    let difference = (recorded.input.riseBlurred(nothing: nothing) - blurred).absolute().maximum
    #expect(difference <= 1e-5 * blurred.absolute().maximum)
    let kernel = try RecordedMetrics.tensor("rise_blur_kernel.pb").scalars
    for (place, weight) in kernel.enumerated() {
      let own = Tensor.riseKernel[place / 11] * Tensor.riseKernel[place % 11]
      #expect(abs(Double(weight) - own) < 1e-8)
    }
  }

  @Test("Quantus' pixel flipping, region perturbation and selectivity")
  func quantus() throws {
    let map = try RecordedMetrics.integratedGradients
    let black = recorded.input.minimum
    let flipped = try PixelFlipping(steps: .pixels(64)).curve(
      of: recorded.probability, at: recorded.input, map: map, black: black)
    try recorded.check("quantus_pixel_flipping", curve: Array(flipped.values.dropFirst()))
    let plane = map.summedOverChannels()
    for (name, order) in [
      ("morf", RegionPerturbation.Order.mostRelevantFirst), ("lerf", .leastRelevantFirst),
    ] {
      let curve = try RegionPerturbation(order: order).curve(
        of: recorded.probability, at: recorded.input, map: plane, cover: black)
      try recorded.check("quantus_region_perturbation_\(name)", curve: curve.falls)
      if name == "morf" {
        try recorded.check("quantus_selectivity", curve: Array(curve.values.dropFirst()))
      }
    }
  }

  @Test("an area is the integral: of a straight line its middle, of unequal ends half of each")
  func area() {
    #expect(Curve([0, 1] as [Float]).area == 0.5)
    #expect(Curve([1, 0, 0, 0, 1] as [Float]).area == 0.25)
    #expect(Curve([3] as [Float]).area == 3)
  }

  @Test("equal pixels do not go by their places, and the seed says how they go")
  func ties() {
    let zeros = Tensor([10, 10])
    let order = PixelOrder(zeros, seed: 1).pixels
    #expect(order.sorted() == Array(0..<100))
    #expect(order == PixelOrder(zeros, seed: 1).pixels)
    #expect(order != PixelOrder(zeros, seed: 2).pixels)
    #expect(abs(order.prefix(50).reduce(0, +) - 2475) < 700)
  }

  @Test("steps cover every pixel once", arguments: [1, 7, 10, 1000])
  func steps(_ pixels: Int) {
    for steps in [PixelSteps.pixels(3), .equal(10), .equal(1)] {
      let counts = steps.counts(of: pixels)
      #expect(counts.first == 0 && counts.last == pixels)
      #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 < $1 })
    }
  }
}
