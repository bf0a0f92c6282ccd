import Autodiff
public import Networks
import Objectives
public import Tensors

/// Grad-CAM of what sets a class apart from those most like it.
///
/// With `y` the logits and `p` their softmax, the map explains `Σ_d p_d (y_c − α y_d) / Σ_d p_d` over the
/// classes `d` whose logits are nearest to that of `c`; the probabilities are differentiated too. What is
/// explained must be one class's logit.
///
/// Source: Zhang et al., "Finer-CAM: Spotting the Difference Reveals Finer Details for Visual Explanation",
/// CVPR 2025.
public struct FinerCAM: LayerMap, MeanWeighted {
  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  public var layer: String?
  /// How much of the others' logits is taken away.
  public var strength: Float
  /// How many classes it is compared with.
  public var compared: Int
  /// Whether only what raises the objective is kept, as in the paper.
  public var rectified: Bool

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; `nil`: see `Explained.lastSpatialLayer()`.
  ///   - strength: How much of the others' logits is taken away.
  ///   - compared: How many classes it is compared with, at least 1.
  ///   - rectified: Whether only what raises the objective is kept, as in the paper.
  public init(
    layer: String? = nil, strength: Float = 1, compared: Int = 3, rectified: Bool = true
  ) {
    precondition(compared >= 1, "FinerCAM: \(compared) classes to compare with")
    self.layer = layer
    self.strength = strength
    self.compared = compared
    self.rectified = rectified
  }

  /// Grad-CAM of the difference, for each picture against its own nearest classes.
  public func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor {
    let target = try explained.explainedClass(for: "Finer-CAM")
    let logits = try explained.read(Reading(.logits), at: pictures)
    let count = logits.count / logits.shape[0]
    guard target < count else {
      throw NetworkError.channelOutOfRange(layer: "logits", channel: target, channels: count)
    }
    guard count > 1 else { throw AttributionError.noOtherClass(method: "Finer-CAM") }
    // What is explained instead has plans of its own.
    explained.plans.makeRoom(for: explained.weightBytes(differentiable: true))
    let maps = try (0..<pictures.shape[0]).map(reporting: progress) { sample, _ in
      let own = Array(logits.scalars[sample * count..<(sample + 1) * count])
      let objective = difference(target, to: nearest(to: target, in: own))
      return try GradCAM(rectified: false).map(
        of: pictures.gathered([sample], alongAxis: 0), at: layer, explained.explaining(objective)
      ) { _ in }
    }
    return Tensor.concatenate(maps)
  }

  /// The classes whose logits are nearest to that of one.
  private func nearest(to target: Int, in logits: [Float]) -> [Int] {
    let others = logits.indices.filter { $0 != target }
    let order = others.sorted {
      (abs(logits[$0] - logits[target]), $0) < (abs(logits[$1] - logits[target]), $1)
    }
    return Array(order.prefix(compared))
  }

  private func difference(_ target: Int, to others: [Int]) -> Objective {
    let reading = Reading(.logits)
    let strength = strength
    let compared = others.map(String.init).joined(separator: ", ")
    let name = "logit \(target) against \(strength) × logits \(compared)"
    return Objective(name, reading: [reading]) { evaluation in
      let all = evaluation[reading]
      let logits = all.reshaped(to: [all.shape[0], all.value.count / max(all.shape[0], 1)])
      let shares = logits.softmax(alongAxis: 1).gathered(others, alongAxis: 1)
      let own = logits.gathered([target], alongAxis: 1)
      let gaps = own - strength * logits.gathered(others, alongAxis: 1)
      return ((shares * gaps).sum(alongAxes: [1]) / (shares.sum(alongAxes: [1]) + 1e-9)).sum()
    }
  }
}

extension RegisteredMethod {
  static let finerCAM = layerMap(
    "finer-cam", "Grad-CAM of what sets a class apart from those most like it"
  ) { FinerCAM(layer: $0) }
}
