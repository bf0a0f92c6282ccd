import Tensors

extension LBFGS {
  /// A line through the parameters, and the search on it for a step that fulfils the strong Wolfe
  /// conditions: `f(t) ≤ f(0) + c₁ t f′(0)` and `|f′(t)| ≤ c₂ |f′(0)|`.
  ///
  /// Steps grow until they bracket such a step, then the bracket shrinks by cubic interpolation.
  /// Source: Nocedal and Wright, "Numerical Optimization", algorithms 3.5 and 3.6, as in PyTorch.
  struct Line {
    /// A value and a gradient.
    struct Point {
      var value: Double
      var gradient: Tensor
    }

    /// A point on the line and where it is.
    private struct Trial {
      var step: Double
      var slope: Double
      var point: Point
      var value: Double { point.value }
    }

    let start: Tensor
    let direction: Tensor
    let origin: Point
    let slope: Double
    let changeTolerance: Double

    /// The most steps after the first.
    let limit: Int

    /// The conditions' constants c₁ and c₂.
    static let (decrease, flatness) = (1e-4, 0.9)

    /// Searches; the best that was seen if nothing fulfils the conditions.
    func search(
      firstStep: Double, evaluate: (Tensor) throws -> Point
    ) rethrows -> (step: Double, point: Point, evaluations: Int) {
      var count = 0
      func trial(_ step: Double) throws -> Trial {
        let point = try evaluate(start + direction * Float(step))
        count += 1
        return Trial(step: step, slope: point.gradient.preciseDot(direction), point: point)
      }
      let zero = Trial(step: 0, slope: slope, point: origin)
      var (previous, current) = (zero, try trial(firstStep))
      var bracket: (Trial, Trial)?
      var steps = 0
      while steps < limit {
        if !falls(current) || (steps > 1 && current.value >= previous.value) {
          bracket = (previous, current)
          break
        }
        if isFlat(current) { return (current.step, current.point, count) }
        if current.slope >= 0 {
          bracket = (previous, current)
          break
        }
        let step = cubicMinimum(
          previous, current,
          in: current.step + 0.01 * (current.step - previous.step)...current.step * 10)
        (previous, current) = (current, try trial(step))
        steps += 1
      }
      let found = try narrow(bracket ?? (zero, current), steps: steps, trial: trial)
      return (found.step, found.point, count)
    }

    private func falls(_ t: Trial) -> Bool {
      t.value <= origin.value + Self.decrease * t.step * slope
    }

    private func isFlat(_ t: Trial) -> Bool { abs(t.slope) <= -Self.flatness * slope }

    /// Shrinks a bracket until its better end fulfils the conditions.
    private func narrow(
      _ bracket: (Trial, Trial), steps: Int, trial: (Double) throws -> Trial
    ) rethrows -> Trial {
      var (low, high) =
        bracket.0.value <= bracket.1.value ? (bracket.0, bracket.1) : (bracket.1, bracket.0)
      var steps = steps
      var hadLittleProgress = false
      while steps < limit, abs(high.step - low.step) * direction.largest >= changeTolerance {
        let ends = min(low.step, high.step)...max(low.step, high.step)
        var step = cubicMinimum(low, high, in: ends)
        let margin = 0.1 * (ends.upperBound - ends.lowerBound)
        if min(ends.upperBound - step, step - ends.lowerBound) < margin {
          // Close to an end for the second time, or at it: a tenth of the bracket away from it.
          if hadLittleProgress || step >= ends.upperBound || step <= ends.lowerBound {
            step =
              abs(step - ends.upperBound) < abs(step - ends.lowerBound)
              ? ends.upperBound - margin : ends.lowerBound + margin
            hadLittleProgress = false
          } else {
            hadLittleProgress = true
          }
        } else {
          hadLittleProgress = false
        }
        let new = try trial(step)
        steps += 1
        if !falls(new) || new.value >= low.value {
          high = new
          if high.value < low.value { (low, high) = (high, low) }
        } else {
          if isFlat(new) { return new }
          if new.slope * (high.step - low.step) >= 0 { high = low }
          low = new
        }
      }
      return low
    }

    /// The least point of the cubic with the values and slopes at two steps, within a range; the range's
    /// middle if it has none.
    private func cubicMinimum(_ a: Trial, _ b: Trial, in range: ClosedRange<Double>) -> Double {
      let d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
      let square = d1 * d1 - a.slope * b.slope
      guard square >= 0 else { return (range.lowerBound + range.upperBound) / 2 }
      let d2 = square.squareRoot()
      let (near, far) = a.step <= b.step ? (a, b) : (b, a)
      let step =
        far.step - (far.step - near.step)
        * ((far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2))
      return min(max(step, range.lowerBound), range.upperBound)
    }
  }
}
