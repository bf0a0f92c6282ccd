import Attribution
import Tensors

extension RecordedMethod {
  /// Concepts and factors of a layer's activations.
  static let concepts: [RecordedMethod] =
    ["activations_concept", "activations_random", "activations_class"].map { name in
      RecordedMethod(.concepts, name) { request in
        guard let file = request.recording.text("inputs") else {
          throw RecordedError.missing("inputs")
        }
        return ["file": try request.activation(of: file)]
      }
    }
    + [
      vector("cav_flat", .all), vector("cav_channel", .channels), tokenComponents,
    ] + ["nmf_1", "nmf_20", "nmf_200"].map(factors)

  private static func vector(
    _ name: String, _ features: ConceptActivationVector.Features
  ) -> RecordedMethod {
    RecordedMethod(.concepts, name) { request in
      let vector = ConceptActivationVector(
        of: try request.activation(of: "concept_inputs.pb"),
        against: try request.activation(of: "random_inputs.pb"), features: features,
        strength: request.recording.number("C") ?? 1)
      let derivatives = try vector.derivatives(
        of: request.explained(), through: request.layer(),
        at: request.golden.recorded("class_inputs.pb"))
      return [
        "weights": list(vector.boundary.weights), "cav": list(vector.direction),
        "intercept": list([vector.boundary.intercept]), "accuracy": list([vector.accuracy]),
        "derivatives": list(derivatives),
        "tcav_score": list([ConceptActivationVector.score(of: derivatives)]),
      ]
    }
  }

  private static func factors(_ name: String) -> RecordedMethod {
    RecordedMethod(.concepts, name) { request in
      let table = PositionTable(try request.activation(of: "class_inputs.pb"))
      let factors = NonnegativeFactors(
        of: table, count: 4, iterations: request.recording.integer("iterations") ?? 200)
      var results = [
        "W": factors.amounts.tensor, "H": factors.parts.tensor, "error": list([factors.error]),
      ]
      if request.recording.text("W0") != nil {
        let start = NonnegativeStart(of: table, count: 4)
        (results["W0"], results["H0"]) = (start.amounts.tensor, start.parts.tensor)
      }
      return results
    }
  }

  private static let tokenComponents = RecordedMethod(.concepts, "pca_tokens") { request in
    let table = PositionTable(try request.activation(of: "pca_inputs.pb"))
    let components = PrincipalComponents(of: table, count: 3)
    return [
      "tokens": table.tensor, "mean": list(components.mean),
      "components": components.components.tensor,
      "explained_variance": list(components.variances),
      "scores": components.scores(of: table).tensor,
    ]
  }

  private static func list(_ numbers: [Double]) -> Tensor {
    Tensor([numbers.count], numbers.map { Float($0) })
  }
}

extension RecordedRequest {
  /// What the recorded layer shows of recorded pictures, on its grid.
  fileprivate func activation(of file: String) throws -> Tensor {
    try explained().response(of: layer(), at: golden.recorded(file)).activation
  }
}
