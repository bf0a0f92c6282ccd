public import Imaging
public import Networks
public import Portraits
public import Tensors
public import Visualization

/// A photograph with more of what a unit sees in it: deep dream, at the photograph's own size and proportions.
///
/// ```swift
/// let dream = PhotographDream()
/// let start = try dream.start(Picture(contentsOf: "cat.jpg"), in: network)
/// let dreamt = try dream.picture(from: start, of: start.subject("mixed4c"))
/// ```
public struct PhotographDream: NumberedRequest {
  /// How it is dreamt.
  public var dream = DeepDream()
  /// The pixels along the longer side; smaller photographs stay as they are.
  public var side = 640

  /// Creates a dream with the usual values.
  public init() {}

  /// What may be set.
  public static let settings: [NumberSetting<Self>] = [
    .whole("octaves", 1...20, \.dream.octaves),
    .number("ratio", above: 1, atMost: 4, \.dream.ratio),
    .whole("steps", 1...100_000, \.dream.steps),
    .number("step-size", above: 0, atMost: 255, \.stepSize),
    .whole("jitter", 0...1000, \.dream.jitter),
    .whole("side", 32...PictureSize.limit, \.side),
    .seed(\.dream.seed),
  ]

  /// What of it goes without what else, the names as `name` writes them; nil where all goes together.
  public func conflict(naming name: (String) -> String) -> String? {
    if dream.octaves == 1, dream.ratio != DeepDream().ratio {
      return "\(name("ratio")) is for several \(name("octaves"))"
    }
    if dream.jitter == 0, dream.seed != 0 {
      return "\(name("seed")) is for shifts, and \(name("jitter")) is 0"
    }
    return nil
  }

  /// The mean change of a pixel by a step, of 255.
  public var stepSize: Float {
    get { dream.stepSize * 255 }
    set { dream.stepSize = newValue / 255 }
  }

  /// A photograph as a network dreams on it.
  public struct Start: Sendable {
    /// 1×C×H×W in 0…1.
    public let input: Tensor
    /// The network.
    public let network: Network
    /// What the network's `shapes(inputShape:)` returned.
    public let shapes: [String: Shape]

    /// What a unit is at the photograph's size.
    ///
    /// - Parameter unit: One unit, as people write it.
    /// - Returns: The unit.
    /// - Throws: `UnitError` or `NetworkError`; where the network does not take that size, why.
    public func subject(_ unit: String) throws -> Subject {
      do {
        return try Subject(.unit(unit), in: network, shapes: shapes)
      } catch let error as NetworkError {
        guard case .noClassToken = error else { throw error }
        throw try network.misfit(inputShape: input.shape) ?? error
      } catch let error as UnitError {
        guard case .noPositions = error else { throw error }
        throw try network.misfit(inputShape: input.shape) ?? error
      }
    }
  }

  /// The size of a photograph's dream.
  ///
  /// - Parameter picture: The photograph.
  /// - Returns: The photograph's, or a smaller one of its proportions.
  public func size(of picture: Picture) -> PictureSize {
    let share = min(1, Double(side) / Double(max(picture.width, picture.height)))
    return PictureSize(
      height: max(1, Int((Double(picture.height) * share).rounded())),
      width: max(1, Int((Double(picture.width) * share).rounded())))
  }

  /// Brings a photograph to its size.
  ///
  /// - Parameters:
  ///   - picture: The photograph.
  ///   - network: The network, also one whose file fixes another size: convolutions do not mind.
  /// - Returns: What is dreamt on.
  /// - Throws: `PictureError`, `NetworkError`, `MemoryError`.
  public func start(_ picture: Picture, in network: Network) throws -> Start {
    let input = try network.input(picture, size: size(of: picture))
    return Start(
      input: input, network: network, shapes: try network.shapes(inputShape: input.shape))
  }

  /// How many steps there are in all.
  ///
  /// - Parameter start: What is dreamt on.
  /// - Returns: Those of all sizes together.
  public func steps(from start: Start) -> Int {
    dream.steps * dream.sizes(of: start.size).count
  }

  /// Dreams.
  ///
  /// - Parameters:
  ///   - start: What is dreamt on.
  ///   - subject: What there is to be more of.
  ///   - threads: How many threads share the work.
  ///   - progress: As `DeepDream.picture(from:of:in:progress:)` calls it.
  /// - Returns: 1×C×H×W in 0…1.
  /// - Throws: `VisualizationError`, `NetworkError`, and what `progress` throws.
  public func picture(
    from start: Start, of subject: Subject, threads: Int = processorCount,
    progress: (_ step: Int, _ value: Float, _ picture: () -> Tensor) throws -> Void = { _, _, _ in }
  ) throws -> Tensor {
    try dream.picture(
      from: start.input, of: subject.objective(in: start.network, shapes: start.shapes),
      in: PictureNetwork(start.network, threads: threads), progress: progress)
  }
}

extension PhotographDream.Start {
  /// Height and width.
  package var size: PictureSize {
    PictureSize(height: input.shape[2], width: input.shape[3])
  }
}
