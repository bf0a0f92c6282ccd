extension RegisteredMethod {
  /// Something that a person may say about a method.
  public enum Option: String, Sendable, CaseIterable {
    case layer, neuron, seed, samples, steps, baseline, parts, window, stride
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
    /// The neuron that is looked through, as `NetworkUnit` reads it.
    public var neuron: String?
    /// The side of a square that is covered, in pixels; `nil` for the method's usual one.
    public var window: Int?
    /// Pixels from one square to the next; `nil` for the method's usual number.
    public var stride: Int?

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - layers: The layers that are looked at, their maps fused; none: the method's own choice.
    ///   - seed: What all that is random follows from; `nil` for 0.
    ///   - samples: How many pictures are drawn, or masks, at least 1.
    ///   - steps: How many points an integral has, at least 1.
    ///   - baseline: The input that stands for "nothing there".
    ///   - parts: How a picture is cut up.
    ///   - neuron: The neuron that is looked through, as `NetworkUnit` reads it.
    ///   - window: The side of a square that is covered, in pixels, at least 1.
    ///   - stride: Pixels from one square to the next, at least 1.
    public init(
      layers: [String] = [], seed: UInt64? = nil, samples: Int? = nil, steps: Int? = nil,
      baseline: Baseline? = nil, parts: Parts? = nil, neuron: String? = nil, window: Int? = nil,
      stride: Int? = nil
    ) {
      precondition((samples ?? 1) >= 1, "Settings: \(samples ?? 0) samples")
      precondition((steps ?? 1) >= 1, "Settings: \(steps ?? 0) steps")
      precondition(
        (window ?? 1) >= 1 && (stride ?? 1) >= 1,
        "Settings: a window of \(window ?? 1), a stride of \(stride ?? 1) pixels")
      self.layers = layers
      self.seed = seed
      self.samples = samples
      self.steps = steps
      self.baseline = baseline
      self.parts = parts
      (self.neuron, self.window, self.stride) = (neuron, window, stride)
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
