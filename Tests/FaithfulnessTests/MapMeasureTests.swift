import Attribution
import Tensors
import Testing

@testable import Faithfulness

@Suite struct MapMeasureTests {
  private let recorded: RecordedMetrics
  private let integrated: Tensor
  private let gradient: Tensor

  init() throws {
    recorded = try RecordedMetrics()
    integrated = try RecordedMetrics.integratedGradients
    gradient = try RecordedMetrics.gradient
  }

  @Test("sparseness and complexity by definition and as Quantus has them")
  func spread() throws {
    for (name, map) in [("ig", integrated), ("gradient", gradient)] {
      try recorded.check("sparseness_\(name)", Sparseness().value(of: map))
      try recorded.check("complexity_\(name)", Complexity().value(of: map))
      try recorded.check("quantus_sparseness_\(name)", Sparseness(offset: 1e-7).value(of: map))
      try recorded.check("quantus_complexity_\(name)", Complexity(offset: 1e-12).value(of: map))
    }
    // The offsets are in the seventh digit: the tolerance alone would not notice them.
    let (plain, offset) = (
      Sparseness().value(of: gradient), Sparseness(offset: 1e-7).value(of: gradient)
    )
    #expect(plain != offset)
  }

  @Test("one pixel is as sparse as can be, a flat map not at all, zeros are nothing")
  func ends() {
    var one = Tensor([100])
    one.withUnsafeMutableBufferPointer { $0[3] = -2 }
    #expect(Sparseness().value(of: one) == 0.99 && Complexity().value(of: one) == 0)
    let flat = Tensor([100], repeating: 3)
    #expect(abs(Sparseness().value(of: flat) ?? 1) < 1e-12)
    #expect(abs((Complexity().value(of: flat) ?? 0) - 4.605170185988092) < 1e-9)
    #expect(Sparseness().value(of: Tensor([4])) == nil)
    #expect(Complexity().value(of: Tensor([4])) == nil)
  }

  @Test("rank correlation as SciPy has it")
  func rankCorrelation() throws {
    let (a, b) = (integrated.channelMean.scalars, gradient.channelMean.scalars)
    // Close to 0, where a relative tolerance asks for more than ranks of floats can give.
    let value = try #require(spearman(a, b))
    #expect(abs(value - (try recorded.entry("spearman").value ?? 1)) < 1e-6)
    try recorded.check(
      "spearman_abs",
      spearman(integrated.absolute().channelMean.scalars, gradient.absolute().channelMean.scalars))
    #expect(averageRanks([2, 1, 2, 3]) == [2.5, 1, 2.5, 4])
    #expect(spearman([1, 1], [1, 2]) == nil)
    // scipy.stats.spearmanr([1, 2, 2, 4, 5], [5, 6, 6, 8, 7])
    let tied = try #require(spearman([1, 2, 2, 4, 5], [5, 6, 6, 8, 7]))
    #expect(abs(tied - 0.8947368421052632) < 1e-12)
  }

  @Test("structural similarity as scikit-image has it")
  func structure() throws {
    let a = integrated.absolute().channelMean.magnitudesOfUnit
    let b = gradient.absolute().channelMean.magnitudesOfUnit
    try recorded.check("ssim_gaussian", StructuralSimilarity(.gaussian)(a, b))
    try recorded.check("ssim_uniform", StructuralSimilarity(.uniform)(a, b))
    #expect(abs((StructuralSimilarity()(a, a) ?? 0) - 1) < 1e-12)
    #expect(StructuralSimilarity()(Tensor([7, 7]), Tensor([7, 7])) == nil)
    let corner = Tensor([32, 32], (0..<1024).map { $0 == 5 * 32 + 5 ? 1 : 0 })
    let there = try #require(StructuralSimilarity()(a, b, where: corner))
    let cut = { (t: Tensor) in t.sliced([0..<11, 0..<11]) }
    #expect(abs(there - (StructuralSimilarity()(cut(a), cut(b)) ?? 0)) < 1e-9)
  }

  @Test("the greatest pixels in common", arguments: [10, 102, 256])
  func greatest(_ count: Int) throws {
    let value = topJaccard(
      integrated.channelMean.scalars, gradient.channelMean.scalars, count: count)
    try recorded.check("top_\(count)_jaccard", value)
    #expect(topJaccard([3, 2, 1], [1, 2, 3], count: 9) == 1)
  }

  @Test("completeness of integrated gradients as Captum measures it")
  func completeness() throws {
    let baselines: [(String, Baseline)] = [
      ("", 0.0), ("_baseline", .input(try RecordedMetrics.tensor("baseline.pb"))),
    ]
    for (name, baseline) in baselines {
      let method = IntegratedGradients(baseline: baseline)
      let explained = recorded.logit
      let map = try explained.map(of: recorded.input, by: method)
      let found = Completeness(
        map, expected: try method.total(at: recorded.input, of: explained)[0])
      let entry = try recorded.entry("completeness_integrated_gradients\(name)")
      let size = Double(map.absolute().total)
      #expect(abs(found.sum - (try #require(entry.sum))) < 1e-5 * size)
      #expect(abs(found.expected - (try #require(entry.output_difference))) < 1e-5 * size)
      #expect(abs(found.error - (try #require(entry.value))) < 2e-5 * size)
      #expect(found.relativeError == abs(found.error / found.expected))
    }
  }
}
