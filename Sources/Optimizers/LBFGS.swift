public import Tensors

/// L-BFGS: Newton's method with the Hessian's inverse guessed from the last gradients.
///
/// The direction is `−H g`, where `H` starts as `(s·y / y·y) I` and is corrected by each pair of a step `s`
/// and the change `y` of the gradient along it. The step is fixed, or searched for until it fulfils the
/// strong Wolfe conditions. The formulas, their safeguards and their order are those of PyTorch's `LBFGS`.
/// Source: Liu and Nocedal, "On the limited memory BFGS method", Mathematical Programming 1989.
///
/// It evaluates the function itself, more than once an update, and wants the whole function: with
/// mini-batches the changes of the gradient are noise.
///
/// ```swift
/// var optimizer = LBFGS(search: .strongWolfe)
/// for _ in 0..<10 {
///   optimizer.update(&parameters) { valueWithGradient(at: $0, of: loss) }
/// }
/// ```
public struct LBFGS: Sendable {
  /// How far to go along a direction.
  public enum Search: Hashable, Sendable {
    /// As far as the learning rate says.
    case fixedStep

    /// Until the value falls enough and the slope has flattened enough, the conditions of Wolfe.
    case strongWolfe
  }

  /// A function's value and gradients, one a parameter.
  public typealias Evaluation = (_ parameters: [Tensor]) throws -> (
    value: Float, gradient: [Tensor]
  )

  /// The step size; with a search, the step to try first.
  public var learningRate: Float

  /// How many steps are remembered.
  public let history: Int

  /// The most directions an update follows.
  public let iterations: Int

  /// The most evaluations an update makes.
  public let evaluations: Int

  /// The largest element of the gradient at which an update ends.
  public let gradientTolerance: Double

  /// The change of the value or of the parameters at which an update ends.
  public let changeTolerance: Double

  /// How far to go along a direction.
  public let search: Search

  private var memory = Memory()

  /// Creates the optimizer; the defaults are PyTorch's.
  ///
  /// Without `evaluations` an update may make 5/4 of its iterations. For a search over few iterations that
  /// is not enough: it then takes the better of no step and the first, and may stand still.
  public init(
    learningRate: Float = 1, iterations: Int = 20, evaluations: Int? = nil,
    gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, history: Int = 100,
    search: Search = .fixedStep
  ) {
    (self.learningRate, self.iterations) = (learningRate, iterations)
    self.evaluations = evaluations ?? iterations * 5 / 4
    (self.gradientTolerance, self.changeTolerance) = (gradientTolerance, changeTolerance)
    (self.history, self.search) = (history, search)
  }

  /// Moves parameters downhill, along up to `iterations` directions.
  ///
  /// - Parameters:
  ///   - parameters: The parameters; the same ones, in the same order, at every call.
  ///   - evaluate: The function's value and gradients.
  /// - Returns: The value before the update.
  @discardableResult
  public mutating func update(
    _ parameters: inout [Tensor], evaluating evaluate: Evaluation
  ) rethrows -> Float {
    let shapes = parameters.map(\.shape)
    var x = Tensor(flattening: parameters)
    func point(_ x: Tensor) throws -> Line.Point {
      let (value, gradient) = try evaluate(x.split(into: shapes))
      return Line.Point(value: Double(value), gradient: Tensor(flattening: gradient))
    }
    var here = try point(x)
    let first = Float(here.value)
    var count = 1
    for iteration in 1...max(iterations, 1) {
      if here.gradient.largest <= gradientTolerance { break }
      let (direction, isFirst) = memory.direction(at: here.gradient, keeping: history)
      let rate = Double(learningRate)
      var step = isFirst ? min(1, 1 / Double(here.gradient.absolute().total)) * rate : rate
      let slope = here.gradient.preciseDot(direction)
      if slope > -changeTolerance {
        memory.remember(gradient: here.gradient, step: Tensor(x.shape))
        break
      }
      let before = here
      switch search {
      case .strongWolfe:
        let line = Line(
          start: x, direction: direction, origin: here, slope: slope,
          changeTolerance: changeTolerance, limit: evaluations - count)
        let found = try line.search(firstStep: step, evaluate: point)
        (step, here) = (found.step, found.point)
        count += found.evaluations
        x = x + direction * Float(step)
      case .fixedStep:
        x = x + direction * Float(step)
        if iteration < iterations {
          here = try point(x)
          count += 1
        }
      }
      memory.remember(gradient: before.gradient, step: direction * Float(step))
      if count >= evaluations || direction.largest * step <= changeTolerance
        || abs(here.value - before.value) < changeTolerance
      {
        break
      }
    }
    parameters = x.split(into: shapes)
    return first
  }
}

extension LBFGS {
  /// The steps and the changes of the gradient that stand for the Hessian's inverse.
  private struct Memory: Sendable {
    private var steps: [Tensor] = []
    private var changes: [Tensor] = []
    private var curvatures: [Double] = []
    private var scale = 1.0
    private var last: (gradient: Tensor, step: Tensor)?

    /// Keeps where a step began and what it was.
    mutating func remember(gradient: Tensor, step: Tensor) { last = (gradient, step) }

    /// The direction to go in, by the two loops of Nocedal; the negative gradient at first.
    mutating func direction(
      at gradient: Tensor, keeping history: Int
    ) -> (direction: Tensor, isFirst: Bool) {
      guard let last else { return (-gradient, true) }
      let change = gradient - last.gradient
      let curvature = change.preciseDot(last.step)
      // Without positive curvature the pair would make the guess indefinite.
      if curvature > 1e-10 {
        steps.append(last.step)
        changes.append(change)
        curvatures.append(curvature)
        if steps.count > history {
          steps.removeFirst()
          changes.removeFirst()
          curvatures.removeFirst()
        }
        scale = curvature / change.preciseDot(change)
      }
      var direction = -gradient
      var shares = [Double](repeating: 0, count: steps.count)
      for i in steps.indices.reversed() {
        shares[i] = steps[i].preciseDot(direction) / curvatures[i]
        direction = direction - changes[i] * Float(shares[i])
      }
      direction = direction * Float(scale)
      for i in steps.indices {
        let share = changes[i].preciseDot(direction) / curvatures[i]
        direction = direction + steps[i] * Float(shares[i] - share)
      }
      return (direction, false)
    }
  }
}

extension Tensor {
  /// Several tensors one after the other as a vector.
  fileprivate init(flattening parts: [Tensor]) {
    self = parts.isEmpty ? Tensor([0]) : .concatenate(parts.map { $0.reshaped([$0.count]) })
  }

  /// A vector taken apart again.
  fileprivate func split(into shapes: [Shape]) -> [Tensor] {
    var first = 0
    return shapes.map { shape in
      defer { first += shape.count }
      return sliced([first..<first + shape.count]).reshaped(shape)
    }
  }

  /// The largest magnitude.
  var largest: Double { Double(max(absolute().maximum, 0)) }

  /// `Σ a b` in double precision.
  func preciseDot(_ other: Tensor) -> Double {
    withUnsafeBufferPointer { a in
      other.withUnsafeBufferPointer { b in
        a.indices.reduce(0.0) { $0 + Double(a[$1]) * Double(b[$1]) }
      }
    }
  }
}
