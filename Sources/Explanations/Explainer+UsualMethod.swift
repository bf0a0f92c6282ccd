public import Attribution
import Networks
import Objectives
import Portraits

extension Explainer {
  /// The method where nobody names one, for classes which of those that notice random weights and other classes is
  /// best by `visualize evaluate` on the networks tried.
  ///
  /// - Classes of a vision transformer: AttnLRP.
  /// - Other classes: Grad-CAM.
  /// - Classes of a detector, whose scores are of single places: LayerCAM, which weighs place by place.
  /// - Anything else, and where no layer has rows and columns: SmoothGrad.
  ///
  /// - Parameter subjects: What is explained; none: classes.
  /// - Returns: One for all.
  /// - Throws: `NetworkError`.
  public func usualMethod(for subjects: [SaliencyMap.Subject]) throws -> RegisteredMethod {
    // That there are no classes is said where they are looked for.
    if subjects.isEmpty, network.logits(in: shapes) == nil { return .smoothGrad }
    let classes = SaliencyMap.Subject(Subject(NetworkUnit(.logit(0), labels: network.labels)))
    let all = subjects.isEmpty ? [classes] : subjects
    if all.allSatisfy({ $0.isDetected }) {
      return try all.allSatisfy({ try hasMap(explained($0)) }) ? .layerCAM : .smoothGrad
    }
    guard all.allSatisfy({ $0.logit != nil }) else { return .smoothGrad }
    // One at a time: each has plans of its own.
    if try all.allSatisfy({ try explained($0).attentionPlace() == .amongPatches }) {
      return .attnLRP
    }
    return try all.allSatisfy({ try hasMap(explained($0)) }) ? .gradCAM : .smoothGrad
  }

  /// Whether there is a map before the classes, for Grad-CAM.
  private func hasMap(_ explained: Explained) throws -> Bool {
    do {
      let layer = try explained.lastSpatialLayer()
      guard network.form == .signal else { return true }
      // Which rows or columns of a layer are a signal's time is not known.
      return network.layouts(in: shapes)[try network.value(of: layer)]?.grid?.height == 1
    } catch is AttributionError {
      return false
    }
  }
}
