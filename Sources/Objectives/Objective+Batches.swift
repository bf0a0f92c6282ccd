import Autodiff
import Networks
import Tensors

extension Objective {
  /// How alike the pictures of a batch are to a layer: a penalty that spreads them.
  ///
  /// `Σ_{i≠j} ⟨Gᵢ, Gⱼ⟩ / n`, Gᵢ the Gram matrix of picture i's channels, of norm 1. Subtract it with a
  /// weight near 100, as lucid does: `.channel("mixed5a", 9) - 100 * .diversity("mixed5a")`.
  public static func diversity(_ layer: String) -> Objective {
    let reading = Reading(layer, as: .channelsFirst)
    return Objective("diversity(\(layer))", reading: [reading]) {
      let activations = $0[reading]
      let (count, channels) = (activations.shape[0], activations.shape[1])
      let flat = activations.reshaped(
        to: [count, channels, activations.value.count / max(count * channels, 1)])
      let grams = matmul(flat, flat.transposedMatrices())
        .reshaped(to: [count, channels * channels])
      let lengths = sqrt(square(grams).sum(alongAxes: [1], keepingAxes: true) + 1e-20)
      let unit = grams / lengths
      let similarities = matmul(unit, unit.transposedMatrices())
      let own = square(unit).sum()
      return (similarities.sum() - own) / Float(count)
    }
  }

  /// How little pictures that stand near each other in a batch differ to a layer.
  ///
  /// `−Σ_{d=1…4} Σᵢ mean((xᵢ − xᵢ₊d)²) / decayᵈ`. Added to an interpolation it keeps things in place.
  /// Source: lucid `alignment`.
  public static func alignment(_ layer: String, decay: Float = 2) -> Objective {
    let reading = Reading(layer)
    return Objective("alignment(\(layer))", reading: [reading]) {
      let activations = $0[reading]
      let count = activations.shape[0]
      var (sum, weight) = (Variable(0), Float(1))
      for distance in 1...4 where distance < count {
        weight /= decay
        let near = activations.sliced(0..<count - distance, alongAxis: 0)
        let far = activations.sliced(distance..<count, alongAxis: 0)
        sum += square(near - far).mean() * (weight * Float(count - distance))
      }
      return -sum
    }
  }
}
