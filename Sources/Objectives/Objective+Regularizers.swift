import Autodiff
import Tensors

// Penalties on the picture before its transforms. Positive: the caller subtracts them.

extension Objective {
  /// `Σ |x − center|` over all pixels: few that differ.
  public static func l1(center: Float = 0.5) -> Objective {
    Objective("L1") { abs($0.picture - center).sum() }
  }

  /// `√(10⁻⁶ + Σ (x − center)²)` over all pixels.
  public static func l2(center: Float = 0.5) -> Objective {
    Objective("L2") { norm($0.picture - center, epsilon: 1e-6) }
  }

  /// `Σ |x − its right neighbour| + |x − its lower neighbour|` over all pixels: large plain areas.
  public static func totalVariation() -> Objective {
    Objective("TV") { evaluation in
      let picture = evaluation.picture
      let (height, width) = (picture.shape[2], picture.shape[3])
      let down =
        picture.sliced(1..<height, alongAxis: 2) - picture.sliced(0..<height - 1, alongAxis: 2)
      let right =
        picture.sliced(1..<width, alongAxis: 3) - picture.sliced(0..<width - 1, alongAxis: 3)
      return abs(down).sum() + abs(right).sum()
    }
  }

  /// `½ Σ (x − blur x)²`, where the blurred picture counts as a constant.
  ///
  /// A step of gradient descent of size k is then `x ← (1 − k) x + k blur x`. The kernel is 3×3, 1 in
  /// the middle and ½ around it; at the edge, only what is inside counts. Source: lucid
  /// `blur_input_each_step`.
  public static func blur() -> Objective {
    Objective("blur") { evaluation in
      let picture = evaluation.picture
      return square(picture - Variable(picture.value.blurred())).sum() * 0.5
    }
  }
}

extension Tensor {
  /// Means over 3×3 pixels, the middle one with twice the weight of its neighbours.
  func blurred() -> Tensor {
    func sums(_ x: Tensor) -> Tensor {
      // ½ (sum of all nine) + ½ (the middle)
      let nine = x.boxSum(alongAxis: -1).boxSum(alongAxis: -2)
      return nine * 0.5 + x * 0.5
    }
    let weights = sums(Tensor([shape[-2], shape[-1]], repeating: 1))
    return sums(self) / weights
  }

  /// Every element and its two neighbours along an axis, with 0 outside.
  private func boxSum(alongAxis axis: Int) -> Tensor {
    let axis = axis + shape.rank
    var width = [Int](repeating: 0, count: shape.rank)
    width[axis] = 1
    let framed = padded(before: width, after: width)
    func shifted(_ offset: Int) -> Tensor {
      var ranges = framed.shape.dimensions.map { 0..<$0 }
      ranges[axis] = offset..<offset + shape[axis]
      return framed.sliced(ranges)
    }
    return shifted(0) + self + shifted(2)
  }
}
