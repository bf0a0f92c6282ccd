import Attribution
import Tensors

extension RecordedMethod {
  /// What changes when parts of the picture are taken away.
  static let perturbation: [RecordedMethod] = [
    .map("occlusion") { try $0.occlusion() },
    .map("occlusion_ragged") { try $0.occlusion() },
    RecordedMethod(.attributions, "feature_ablation") { request in
      let map = try request.map(
        by: FeatureAblation(parts: try request.parts(), baseline: try request.baseline()))
      return ["file": map.broadcast(to: request.golden.input.shape)]
    },
    RecordedMethod(.attributions, "coalition_values") { request in
      let game = try request.game()
      let values = try game.values(of: 1 << game.parts) {
        Coalition(number: $0, parts: game.parts)
      }
      return ["file": Tensor([values.count], values.map { Float($0) })]
    },
    .scores("shapley") { ShapleyValues(parts: $0) },
    .scores("kernel_shap") { KernelSHAP(parts: $0) },
    .scores("kernel_shap_soft", withIntercept: true) {
      KernelSHAP(parts: $0, ends: .weighted(1e6))
    },
    .scores("lime", withIntercept: true) { LIME(parts: $0) },
    .scores("lime_image_kernel", withIntercept: true) {
      LIME(parts: $0, kernel: .pictures(), ridge: 0.1)
    },
  ]

  /// A method's numbers of the recorded parts, all coalitions taken.
  private static func scores(
    _ name: String, withIntercept: Bool = false,
    _ method: @escaping @Sendable (Parts) -> any PartMethod
  ) -> RecordedMethod {
    RecordedMethod(.attributions, name) { request in
      let scores = try method(try request.parts()).scores(try request.game()) { _ in }
      let values = scores.values + (withIntercept ? [scores.intercept] : [])
      return ["file": Tensor([values.count], values.map { Float($0) })]
    }
  }
}

extension RecordedRequest {
  /// Windows of channels × rows × columns, of one channel or of all; or the side of a square.
  fileprivate func occlusion() throws -> Occlusion {
    func extent(_ key: String) -> Occlusion.Extent? {
      guard let numbers = recording.numbers(key)?.map({ Int($0) }), let width = numbers.last,
        let height = numbers.suffix(2).first, height > 0, width > 0
      else { return nil }
      return Occlusion.Extent(
        height: height, width: width, depth: numbers.count == 4 ? numbers[1] : nil)
    }
    let window = recording.numbers("window") ?? []
    return Occlusion(
      window: extent("window"), stride: extent("stride"),
      byChannel: window.count == 3 && window[0] == 1 && input.shape[1] > 1,
      baseline: try baseline())
  }

  /// The recorded parts.
  ///
  /// - Throws: `RecordedError.missing`.
  fileprivate func parts() throws -> Parts { .given(try partition()) }

  /// The picture as a game of the recorded parts.
  fileprivate func game() throws -> CoalitionGame {
    let explained = explained()
    return CoalitionGame(
      explained, picture: golden.input,
      baseline: try baseline().tensor(for: golden.input, of: explained),
      partition: try partition())
  }

  private func partition() throws -> Partition {
    guard let file = recording.text("feature_mask") else {
      throw RecordedError.missing("feature_mask")
    }
    let labels = try golden.recorded(file)
    let (height, width) = (golden.input.shape[2], golden.input.shape[3])
    guard labels.count >= height * width else { throw RecordedError.missing("feature_mask") }
    return Partition(
      labels: labels.scalars.prefix(height * width).map { Int($0) }, height: height, width: width)
  }
}
