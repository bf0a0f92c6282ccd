import Attribution
import Tensors

extension RecordedMethod {
  /// What the units of a layer contribute.
  static let layers: [RecordedMethod] = [
    units("layer_gradient_x_activation") { request, layer in
      LayerGradientTimesActivation(layer: layer)
    },
    units("layer_conductance") { request, layer in
      LayerConductance(
        layer: layer, steps: request.recording.integer("steps") ?? 20,
        baseline: try request.baseline(), rule: .captum)
    },
    units("internal_influence") { request, layer in
      InternalInfluence(
        layer: layer, steps: request.recording.integer("steps") ?? 50,
        baseline: try request.baseline())
    },
  ]

  /// An attribution of a layer's shape.
  private static func units(
    _ name: String,
    _ method: @escaping @Sendable (RecordedRequest, String) throws -> any LayerMethod
  ) -> RecordedMethod {
    RecordedMethod(.attributions, name) { request in
      let units = try method(request, try request.layer()).units(
        of: request.input, request.explained()
      ) { _ in }
      return ["file": units]
    }
  }
}
