import Attribution
import Tensors

extension RecordedMethod {
  /// Sums of a layer's channels.
  static let classActivation: [RecordedMethod] = [
    .map("grad_cam") { GradCAM(layer: $0.recording.text("layer")) },
    .map("grad_cam_signed") { GradCAM(layer: try $0.layer(), rectified: false) },
    .cam("cam_grad_cam") { GradCAM(layer: $0, rectified: false) },
    .cam("cam_layer") { LayerCAM(layer: $0, rectified: false) },
  ]

  /// A map of pytorch-grad-cam: raw, and rectified, enlarged and normalized twice.
  ///
  /// - Parameters:
  ///   - name: The name in `case.json`.
  ///   - method: The method for the recorded layer, not rectified.
  /// - Returns: The entry.
  static func cam(
    _ name: String, _ method: @escaping @Sendable (String) -> any AttributionMethod
  ) -> RecordedMethod {
    RecordedMethod(.attributions, name) { request in
      let raw = try request.map(by: method(try request.layer()))
      return ["raw": raw, "final": request.finished(raw)]
    }
  }
}

extension RecordedRequest {
  /// What pytorch-grad-cam shows of a raw map.
  func finished(_ raw: Tensor) -> Tensor {
    let (height, width) = (golden.input.shape[2], golden.input.shape[3])
    return raw.map { max($0, 0) }.scaledToOne().enlarged(height: height, width: width).scaledToOne()
  }
}
