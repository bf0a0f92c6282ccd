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
  /// Of a layer that somebody names LayerCAM for classes of a detector, else Grad-CAM.
  ///
  /// - Parameters:
  ///   - subjects: What is explained; none: classes.
  ///   - namesLayer: Whether somebody names a layer.
  /// - Returns: One for all.
  /// - Throws: `NetworkError`.
  public func usualMethod(
    for subjects: [SaliencyMap.Subject], namesLayer: Bool = false
  ) throws -> RegisteredMethod {
    let all = subjects.isEmpty ? classes : subjects
    // That there are no classes is said where they are looked for.
    guard !all.isEmpty else { return namesLayer ? .gradCAM : .smoothGrad }
    if all.allSatisfy({ $0.isDetected }) {
      return try namesLayer || all.allSatisfy({ try hasMap(explained($0)) })
        ? .layerCAM : .smoothGrad
    }
    if namesLayer { return .gradCAM }
    guard all.allSatisfy({ $0.logit != nil }) else { return .smoothGrad }
    // One at a time: each has plans of its own.
    if try all.allSatisfy({ try explained($0).attentionPlace() == .amongPatches }) {
      return .attnLRP
    }
    return try all.allSatisfy({ try hasMap(explained($0)) }) ? .gradCAM : .smoothGrad
  }

  /// A class of the network, by itself; none where it has no classes.
  private var classes: [SaliencyMap.Subject] {
    guard network.logits(in: shapes) != nil || network.classScores(in: shapes) != nil else {
      return []
    }
    return [SaliencyMap.Subject(Subject(network.classUnit(0, in: shapes)))]
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
