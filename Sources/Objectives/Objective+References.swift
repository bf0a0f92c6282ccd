import Autodiff
import Networks
import Tensors

extension Objective {
  /// How near a layer's activations are to those of another picture: feature inversion.
  ///
  /// `−‖a − r‖² / ‖r‖²` over all of the layer, as a mean over the batch; 0 where they are the same. Source:
  /// Mahendran and Vedaldi, “Understanding deep image representations by inverting them”, CVPR 2015.
  ///
  /// - Parameters:
  ///   - layer: The layer's name.
  ///   - reference: The picture whose activations are wanted.
  /// - Returns: The objective.
  public static func inversion(_ layer: String, of reference: ReferencePicture) -> Objective {
    let reading = Reading(layer)
    return Objective(
      "inversion(\(layer), \(reference.name))", reading: [reading], comparingWith: [reference]
    ) { evaluation in
      let wanted = try evaluation.reference(reference)[reading]
      let difference = square(evaluation[reading] - Variable(wanted.value)).sum()
      let size = Swift.max(Tensor.dot(wanted.value, wanted.value), .leastNormalMagnitude)
      return difference * (-1 / (size * Float(evaluation[reading].shape[0])))
    }
  }

  /// What a layer makes of another picture, exaggerated: a caricature.
  ///
  /// `⟨a, r⟩ / ‖r‖² · max(0.1, cos)ᵖ` with the inner product and the cosine over all of the layer, as a mean
  /// over the batch; 1 for the picture itself. Source: lucid `recipes/caricature.py`, there not divided by ‖r‖.
  ///
  /// - Parameters:
  ///   - layer: The layer's name.
  ///   - reference: The picture.
  ///   - cosinePower: p; 0 looks for activations as large as can be, more for those in the same proportions.
  /// - Returns: The objective.
  public static func caricature(
    _ layer: String, of reference: ReferencePicture, cosinePower: Float = 1
  ) -> Objective {
    let reading = Reading(layer)
    return Objective(
      "caricature(\(layer), \(reference.name))", reading: [reading], comparingWith: [reference]
    ) { evaluation in
      let wanted = try evaluation.reference(reference)[reading].value
      let activations = evaluation[reading]
      let (count, size) = (activations.shape[0], wanted.count)
      let flat = activations.reshaped(to: [count, size])
      let inner = (flat * Variable(wanted.reshaped([1, size]))).sum(alongAxes: [1])
      let length = Swift.max(wanted.norm, 1e-12)
      let share = inner * (1 / (length * length))
      if cosinePower == 0 { return share.mean() }
      let lengths = sqrt(square(flat).sum(alongAxes: [1]) + 1e-12)
      let cosine = max(Variable(0.1), inner / (lengths * length))
      return (share * pow(cosine, cosinePower)).mean()
    }
  }

  /// The mean square by which pictures differ from another, before any transforms; subtract it.
  ///
  /// Source: Horama, `accentuation`.
  public static func distance(to reference: ReferencePicture) -> Objective {
    Objective("distance(\(reference.name))") {
      let (height, width) = ($0.picture.shape[2], $0.picture.shape[3])
      let other = Variable(reference.pixels).resized(height: height, width: width)
      return square($0.picture - other).mean()
    }
  }
}
