public import Tensors

/// What `checkGradient` found: the derivative along a random direction, by the tape and by differences.
public struct GradientCheck: Sendable {
  /// The findings by one input, along a direction that leaves the others alone.
  public struct Input: Sendable {
    /// The input's place among the arguments.
    public let index: Int

    /// The input's shape.
    public let shape: Shape

    /// `⟨v, Jᵀ g⟩`, the derivative that the tape finds walking backwards.
    public let reverse: Double

    /// `⟨J v, g⟩`, the derivative that the tape finds by pulling its pullback back; nil if it was not
    /// asked for.
    public let forward: Double?

    /// The same from differences of the function's values, extrapolated to step 0.
    public let difference: Double

    /// How far `difference` may be off: the disagreement of its neighbours in the extrapolation, and the
    /// rounding of the values.
    public let uncertainty: Double

    /// The size that a derivative along such a direction typically has, `‖Jᵀ g‖`.
    public let scale: Double

    /// Plain central differences, for the steps that were tried, from wide to narrow.
    public let steps: [FiniteDifference]

    /// What counts as agreement, as a part of the typical size.
    public let tolerance: Double

    /// The disagreement of tape and differences as a part of the derivative's typical size.
    public var relativeError: Double { relative(reverse - difference) }

    /// What the numbers mean.
    public var verdict: Verdict {
      if let forward, !(relative(forward - reverse) <= tolerance) { return .forwardDiffers }
      if relativeError <= tolerance { return .agrees }
      let isHidden = !difference.isFinite || abs(reverse - difference) <= 3 * uncertainty
      return isHidden ? .stepIsToBlame : .gradientIsWrong
    }

    private func relative(_ error: Double) -> Double {
      let size = max(scale, abs(difference))
      return error == 0 ? 0 : abs(error) / size
    }
  }

  /// What the numbers of an input mean.
  public enum Verdict: String, Hashable, Sendable {
    /// Tape and differences agree.
    case agrees

    /// They disagree by more than the differences may be off.
    case gradientIsWrong = "the gradient is wrong"

    /// They disagree by no more than the differences may be off: no step size tells.
    case stepIsToBlame = "undecided: no step size is good enough"

    /// The two derivatives of the tape disagree: a pullback is not linear in its cotangent, or is not
    /// written in functions of variables, so that gradients of gradients are wrong.
    case forwardDiffers = "forward and reverse derivatives differ"
  }

  /// The findings, one an input.
  public let inputs: [Input]

  /// The derivative by all inputs at once, from the tape.
  public var derivative: Double { inputs.reduce(0) { $0 + $1.reverse } }

  /// The derivative by all inputs at once, from differences.
  public var difference: Double { inputs.reduce(0) { $0 + $1.difference } }

  /// The size that a derivative along a random direction typically has, `‖Jᵀ g‖`.
  public var scale: Double { inputs.reduce(0) { $0 + $1.scale * $1.scale }.squareRoot() }

  /// The disagreement as a part of the derivative's typical size, all inputs together.
  public var relativeError: Double {
    let size = max(scale, abs(difference))
    let error = inputs.reduce(0) { $0 + abs($1.reverse - $1.difference) }
    return size == 0 ? 0 : error / size
  }

  /// The input that is furthest off.
  public var worst: Input? { inputs.max { $0.relativeError < $1.relativeError } }

  /// Whether all inputs agree.
  public var passes: Bool { inputs.allSatisfy { $0.verdict == .agrees } }
}

extension GradientCheck: CustomStringConvertible {
  /// A paragraph an input: the verdict, the derivatives and, unless they agree, the error at every step.
  public var description: String {
    inputs.map { input in
      var lines = [
        "input \(input.index), \(input.shape): \(input.verdict.rawValue)",
        "  reverse      \(short(input.reverse, 7))",
        "  forward      \(input.forward.map { short($0, 7) } ?? "not asked for")",
        "  differences  \(short(input.difference, 7)) ± \(short(input.uncertainty, 2))",
        "  off by \(short(input.relativeError, 2)) of the typical size \(short(input.scale, 4))",
      ]
      if input.verdict != .agrees {
        lines += input.steps.map { step in
          "  step \(short(step.step, 3)): off by \(short(step.estimate - input.reverse, 3)), "
            + "rounding \(short(step.noise, 2))"
        }
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

/// A number to some significant digits.
func short(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  var unit = 1.0
  let limit = (0..<digits).reduce(1.0) { power, _ in power * 10 }
  while abs(value) * unit < limit / 10 && unit < 1e30 { unit *= 10 }
  while abs(value) * unit >= limit && unit > 1e-30 { unit /= 10 }
  let rounded = (value * unit).rounded() / unit
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
