extension RegisteredMethod {
  /// Something that a person may say about a method.
  public enum Option: String, Sendable, CaseIterable {
    case layer, seed, samples, steps, baseline, parts
  }

  /// What a person said; methods take what suits them.
  public struct Settings: Sendable {
    /// The layers that are looked at, their maps fused; none: the method's own choice.
    public var layers: [String]
    /// What all that is random follows from; `nil` for 0.
    public var seed: UInt64?
    /// How many pictures are drawn, or masks; `nil` for the method's usual number.
    public var samples: Int?
    /// How many points an integral has; `nil` for the method's usual number.
    public var steps: Int?
    /// The input that stands for "nothing there"; `nil` for the method's usual one.
    public var baseline: Baseline?
    /// How a picture is cut up; `nil` for the method's usual way.
    public var parts: Parts?

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - layers: The layers that are looked at, their maps fused; none: the method's own choice.
    ///   - seed: What all that is random follows from; `nil` for 0.
    ///   - samples: How many pictures are drawn, or masks, at least 1.
    ///   - steps: How many points an integral has, at least 1.
    ///   - baseline: The input that stands for "nothing there".
    ///   - parts: How a picture is cut up.
    public init(
      layers: [String] = [], seed: UInt64? = nil, samples: Int? = nil, steps: Int? = nil,
      baseline: Baseline? = nil, parts: Parts? = nil
    ) {
      precondition((samples ?? 1) >= 1, "Settings: \(samples ?? 0) samples")
      precondition((steps ?? 1) >= 1, "Settings: \(steps ?? 0) steps")
      self.layers = layers
      self.seed = seed
      self.samples = samples
      self.steps = steps
      self.baseline = baseline
      self.parts = parts
    }

    /// What all that is random follows from.
    public var seedOrZero: UInt64 { seed ?? 0 }

    /// The baseline with all that is random in it drawn from the seed.
    ///
    /// - Parameter usual: The method's own.
    /// - Returns: What was said, or the usual one.
    public func baseline(or usual: Baseline) -> Baseline {
      (baseline ?? usual).seeded(seedOrZero)
    }

    /// The same of a method that takes a single one.
    ///
    /// - Parameters:
    ///   - usual: The method's own.
    ///   - method: The method's name.
    /// - Returns: What was said, or the usual one.
    /// - Throws: `AttributionError.oneBaseline`.
    public func singleBaseline(or usual: Baseline, for method: String) throws -> Baseline {
      let baseline = baseline(or: usual)
      guard baseline.each.count == 1 else { throw AttributionError.oneBaseline(method: method) }
      return baseline.each[0]
    }
  }
}
