import Attribution
import Objectives
import Tensors

extension RecordedMethod {
  /// Sums of a layer's channels.
  static let classActivation: [RecordedMethod] = [
    .map("grad_cam") { GradCAM(layer: $0.recording.text("layer")) },
    .map("grad_cam_signed") { GradCAM(layer: try $0.layer(), rectified: false) },
    .cam("cam_grad_cam") { GradCAM(layer: $0, rectified: false) },
    .cam("cam_grad_cam_plus_plus") { GradCAMPlusPlus(layer: $0, rectified: false) },
    .cam("cam_hires") { HiResCAM(layer: $0, rectified: false) },
    .cam("cam_xgrad") { XGradCAM(layer: $0, rectified: false) },
    .cam("cam_layer") { LayerCAM(layer: $0, rectified: false) },
    .cam("cam_grad_cam_elementwise") { ElementwiseGradCAM(layer: $0) },
    .cam("cam_score") { ScoreCAM(layer: $0, rectified: false) },
    .cam("cam_ablation") { AblationCAM(layer: $0, substitute: .pushed, rectified: false) },
    .cam("cam_eigen") { EigenCAM(layer: $0, rectified: false) },
    .cam("cam_eigen_grad") { EigenCAM(layer: $0, of: .gradients, rectified: false) },
    .cam("cam_seg_eigen") { EigenCAM(layer: $0, of: .gradientSizes, rectified: false) },
    .cam("cam_fem") { FEM(layer: $0, rectified: false) },
    .cam("cam_kpca") { KPCACAM(layer: $0, rectified: false) },
    .cam("cam_finer") { FinerCAM(layer: $0, rectified: false) },
    .cam("cam_shapley") { ShapleyCAM(layer: $0, rectified: false) },
    RecordedMethod(.attributions, "cam_shapley_rest") { request in
      let raw = try request.map(
        by: ShapleyCAM(layer: try request.layer(), rectified: false),
        of: .residualSoftmaxTarget(request.recording.unit))
      return ["raw": raw, "final": request.finished(raw)]
    },
    RecordedMethod(.attributions, "cam_grad_cam_two_layers") { request in
      let layers = request.recording.texts("layers") ?? []
      return ["final": try request.map(by: LayerFusion(layers.map { GradCAM(layer: $0) }))]
    },
    RecordedMethod(.attributions, "cam_full_grad") { request in
      let raw = try request.map(by: FullGrad())
      return ["raw": raw, "final": raw.scaledToOne()]
    },
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
