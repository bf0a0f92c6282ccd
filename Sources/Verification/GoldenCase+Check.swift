public import Tensors

extension GoldenCase {
  /// One comparison of what was computed with what was recorded.
  public struct Check: Sendable {
    /// What was compared.
    public let name: String
    /// ‖computed − recorded‖ / ‖recorded‖, with a limit of its own max |computed − recorded| / max |recorded|;
    /// infinite where it could not be computed.
    public let error: Double
    /// Why it could not be computed.
    public let failure: String?
    /// The largest |computed − recorded| / (atol + rtol |recorded|): at most 1 where ONNX's own tests pass.
    public let excess: Double
    /// How many times the usual tolerance suits it: more than 1 for what rounding decides.
    ///
    /// An integral of the gradient over 50 points jumps by a point's share where a rectifier on the way is on
    /// for the one program and off for the other.
    public var leniency = 1.0
    /// What the recording itself allows, in place of the usual tolerance.
    public private(set) var limit: Double?

    /// Compares two tensors.
    ///
    /// What is not finite must be the same.
    public init(
      _ name: String, computed: Tensor, recorded: Tensor, tolerance: Tolerance = Tolerance()
    ) {
      self.name = name
      guard computed.count == recorded.count else {
        error = .infinity
        excess = .infinity
        failure = "shape \(computed.shape) instead of \(recorded.shape)"
        return
      }
      failure = nil
      var (difference, size, worst) = (0.0, 0.0, 0.0)
      for (a, b) in zip(computed.scalars, recorded.scalars) where a != b && !(a.isNaN && b.isNaN) {
        let distance = abs(Double(a) - Double(b))
        difference += distance * distance
        let excess = distance / (tolerance.absolute + tolerance.relative * abs(Double(b)))
        worst = max(worst, excess.isNaN ? .infinity : excess)
      }
      for b in recorded.scalars where b.isFinite { size += Double(b) * Double(b) }
      excess = worst
      let relative = (difference / max(size, 1e-60)).squareRoot()
      error = relative.isNaN ? .infinity : relative
    }

    /// Compares two tensors by the farthest scalar where a limit is recorded, else as a whole.
    ///
    /// - Parameters:
    ///   - name: What is compared.
    ///   - computed: What was computed.
    ///   - recorded: What was recorded.
    ///   - limit: By how much scalars may differ, over the largest recorded one.
    public init(_ name: String, computed: Tensor, recorded: Tensor, limit: Double?) {
      let whole = Check(name, computed: computed, recorded: recorded)
      guard let limit, whole.failure == nil else {
        self = whole
        return
      }
      var (distance, largest) = (0.0, 0.0)
      for (a, b) in zip(computed.scalars, recorded.scalars) {
        let difference = abs(Double(a) - Double(b))
        distance = difference.isNaN ? .infinity : max(distance, difference)
        largest = max(largest, abs(Double(b)))
      }
      self.init(name, distance == 0 ? 0 : distance / largest, whole.excess, nil)
      self.limit = limit
    }

    /// The error up to which it passes, where the usual tolerance is `tolerance`.
    public func limit(_ tolerance: Double) -> Double { limit ?? tolerance * leniency }

    /// Whether it could be computed and the error is no larger than it may be.
    public func passes(_ tolerance: Double) -> Bool { failure == nil && error <= limit(tolerance) }

    /// The same comparison under another name.
    public func named(_ name: String) -> Check {
      var check = Check(name, error, excess, failure)
      (check.leniency, check.limit) = (leniency, limit)
      return check
    }

    private init(_ name: String, _ error: Double, _ excess: Double, _ failure: String?) {
      self.name = name
      self.error = error
      self.excess = excess
      self.failure = failure
    }

    /// A comparison that could not be made.
    public init(_ name: String, failure: String) {
      self.name = name
      error = .infinity
      excess = .infinity
      self.failure = failure
    }
  }

  /// By how much a scalar may differ from the one recorded.
  public struct Tolerance: Sendable {
    /// A part of the recorded scalar's size.
    public var relative = 1e-3
    /// What may be added to that.
    public var absolute = 1e-7

    /// Creates a tolerance; the default is that of ONNX's own tests.
    public init(relative: Double = 1e-3, absolute: Double = 1e-7) {
      self.relative = relative
      self.absolute = absolute
    }
  }
}
