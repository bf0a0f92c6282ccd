public import Attribution
import Networks
import Objectives
import Portraits

extension Explainer {
  /// The method where nobody names one.
  ///
  /// Grad-CAM, which of the methods that notice random weights and other units is best by `visualize evaluate` on the
  /// networks tried, for classes; SmoothGrad for anything else, and where no layer has rows and columns.
  ///
  /// - Parameter subjects: What is explained; none: classes.
  /// - Returns: One for all.
  /// - Throws: `NetworkError`.
  public func usualMethod(for subjects: [SaliencyMap.Subject]) throws -> RegisteredMethod {
    // That there are no classes is said where they are looked for.
    if subjects.isEmpty, network.logits(in: shapes) == nil { return .smoothGrad }
    let classes = SaliencyMap.Subject(Subject(NetworkUnit(.logit(0), labels: network.labels)))
    let haveMaps = try (subjects.isEmpty ? [classes] : subjects).allSatisfy { subject in
      guard subject.logit != nil else { return false }
      let explained = try explained(subject)
      do {
        let layer = try explained.lastSpatialLayer()
        guard network.form == .signal else { return true }
        // Which rows or columns of a layer are a signal's time is not known.
        return network.layouts(in: shapes)[try network.value(of: layer)]?.grid?.height == 1
      } catch is AttributionError {
        return false
      }
    }
    return haveMaps ? .gradCAM : .smoothGrad
  }
}
