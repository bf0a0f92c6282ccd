import Attribution
import Tensors

extension RecordedMethod {
  /// XRAI on the recorded segments, and what it starts from.
  static let xrai: [RecordedMethod] = [
    .map("xrai_base") { $0.xraiBase },
    RecordedMethod(.attributions, "xrai_full") { try $0.xrai(.full) },
    RecordedMethod(.attributions, "xrai_fast") { try $0.xrai(.fast) },
  ]
}

extension RecordedRequest {
  /// Integrated gradients from the input's smallest number and from its largest.
  fileprivate var xraiBase: IntegratedGradients {
    let ends = [golden.input.minimum, golden.input.maximum].map { Baseline.constant($0) }
    return IntegratedGradients(
      steps: recording.integer("steps") ?? 25, baseline: .several(ends), quadrature: .uniform)
  }

  /// Means and ranks of the regions of the recorded labels.
  fileprivate func xrai(_ order: XRAI.Order) throws -> RecordedMethod.Results {
    let map = try map(by: xraiBase).maximum(alongAxes: [1])
    let labels = try golden.recorded("segment_labels.pb")
    let (height, width) = (map.shape[2], map.shape[3])
    let scales = labels.scalars.chunked(height * width)
    let regions = scales.flatMap {
      XRAI.widened($0.map { Int($0) }, height: height, width: width)
    }
    let (means, ranks) = RegionRanking(regions, order: order).ranked(map.scalars)
    let shape: Shape = [height, width]
    return ["file": Tensor(shape, means), "ranks": Tensor(shape, ranks.map { Float($0) })]
  }
}

extension [Float] {
  /// Parts of so many numbers.
  fileprivate func chunked(_ size: Int) -> [[Float]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<$0 + size]) }
  }
}
