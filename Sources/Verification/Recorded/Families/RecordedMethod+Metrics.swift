import Attribution
import Faithfulness
import Networks
import Objectives
import Tensors

extension RecordedMethod {
  /// Measures of maps.
  static let metrics: [RecordedMethod] =
    curves + roads + agreements + stability + spreads + similarities + [parameterRandomization]

  /// A measure whose result is one number.
  private static func number(
    _ name: String, _ value: @escaping @Sendable (RecordedRequest) throws -> Double?
  ) -> RecordedMethod {
    RecordedMethod(.metrics, name) { request in
      ["value": Tensor([1], [Float(try value(request) ?? .nan)])]
    }
  }

  /// A measure whose result is a curve, and its area where `auc` is recorded.
  private static func curve(
    _ name: String, _ curve: @escaping @Sendable (RecordedRequest) throws -> [Double]
  ) -> RecordedMethod {
    RecordedMethod(.metrics, name) { request in
      let values = try curve(request).map { Float($0) }
      var results = ["curve": Tensor([values.count], values)]
      if request.recording.number("auc") != nil {
        results["auc"] = Tensor([1], [Float(Curve(values).area)])
      }
      return results
    }
  }

  // MARK: Curves

  private static let curves: [RecordedMethod] =
    [
      RecordedMethod(.metrics, "order") { request in
        let order = PixelOrder(try request.map().meanOfChannels).pixels
        return ["file": Tensor([order.count], order.map { Float($0) })]
      },
      curve("deletion_rise") { request in
        try Deletion(steps: .pixels(request.perStep)).curve(
          of: request.probability, at: request.golden.input, order: request.order,
          nothing: request.zeros
        ).values
      },
      curve("insertion_rise") { request in
        try Insertion(steps: .pixels(request.perStep)).curve(
          of: request.probability, at: request.golden.input, order: request.order,
          start: request.golden.recorded("rise_blurred.pb")
        ).values
      },
      curve("quantus_pixel_flipping") { request in
        let count = request.recording.integer("features_in_step") ?? 1
        return Array(
          try PixelFlipping(steps: .pixels(count)).curve(
            of: request.probability, at: request.golden.input, map: request.map(),
            black: request.golden.input.minimum
          ).values.dropFirst())
      },
      curve("quantus_region_perturbation_morf") { try $0.regions(.mostRelevantFirst).falls },
      curve("quantus_region_perturbation_lerf") { try $0.regions(.leastRelevantFirst).falls },
      curve("quantus_selectivity") {
        Array(try $0.regions(.mostRelevantFirst).values.dropFirst())
      },
    ]
    + ["logit", "softmax"].flatMap { scale in
      [
        curve("deletion_xplique_\(scale)") { request in
          try Deletion(steps: .equal(request.steps)).curve(
            of: request.explained(inScale: scale), at: request.golden.input, order: request.order,
            nothing: request.zeros
          ).values
        },
        curve("insertion_xplique_\(scale)") { request in
          try Insertion(steps: .equal(request.steps)).curve(
            of: request.explained(inScale: scale), at: request.golden.input, order: request.order,
            start: request.zeros
          ).values
        },
      ]
    }

  private static let roads: [RecordedMethod] = [
    curve("road_morf") { try $0.road().mostRelevantFirst },
    curve("road_lerf") { try $0.road().leastRelevantFirst },
    number("road_combined") { try $0.road().combined },
  ]

  // MARK: Numbers

  private static let agreements: [RecordedMethod] =
    ["ig", "gradient"].flatMap { map in
      [
        number("infidelity_\(map)") { try $0.infidelity(.none) },
        number("infidelity_\(map)_normalized") { try $0.infidelity(.best) },
      ]
    } + [
      number("mu_fidelity") { request in
        let masks = try request.file("masks")
        let kept = (0..<masks.shape[0]).map { index in
          masks.gathered([index], alongAxis: 0).scalars.map { $0 > 0.5 }
        }
        return try MuFidelity(cells: masks.shape[-1]).correlation(
          of: request.explained(), at: request.golden.input, map: request.map().meanOfChannels,
          nothing: request.zeros, keeping: kept)
      },
      number("cam_mult_confidence_change") { request in
        try ConfidenceChange().value(
          of: request.explained(), at: request.golden.input, map: request.map().plane,
          nothing: request.zeros)
      },
      completeness("integrated_gradients"), completeness("integrated_gradients_baseline"),
      difference("deep_lift"), difference("deep_lift_baseline"),
    ]

  /// The sum of integrated gradients and what it should be; their difference is too small to be compared by
  /// its own size.
  private static func completeness(_ name: String) -> RecordedMethod {
    RecordedMethod(.metrics, "completeness_\(name)") { request in
      let method = IntegratedGradients(baseline: try request.baseline())
      let explained = request.explained()
      let found = Completeness(
        try explained.map(of: request.golden.input, by: method),
        expected: try method.total(at: request.golden.input, of: explained)[0])
      return [
        "sum": Tensor([1], [Float(found.sum)]),
        "output_difference": Tensor([1], [Float(found.expected)]),
      ]
    }
  }

  /// What DeepLift's map should add up to: the recorded sum is of maps that Captum does not complete before max
  /// pools, and is not to be met.
  private static func difference(_ name: String) -> RecordedMethod {
    RecordedMethod(.metrics, "completeness_\(name)") { request in
      let method = IntegratedGradients(baseline: try request.baseline())
      let expected = try method.total(at: request.golden.input, of: request.explained())[0]
      return ["output_difference": Tensor([1], [expected])]
    }
  }

  private static let stability: [RecordedMethod] = [
    number("sensitivity_max_gradient") { try $0.sensitivity(of: .gradient) },
    number("sensitivity_max_ig") { try $0.sensitivity(of: IntegratedGradients(steps: 20)) },
  ]

  private static let spreads: [RecordedMethod] = ["ig", "gradient"].flatMap { map in
    [
      number("sparseness_\(map)") { Sparseness().value(of: try $0.map()) },
      number("complexity_\(map)") { Complexity().value(of: try $0.map()) },
      number("quantus_sparseness_\(map)") { Sparseness(offset: 1e-7).value(of: try $0.map()) },
      number("quantus_complexity_\(map)") { Complexity(offset: 1e-12).value(of: try $0.map()) },
    ]
  }
}
