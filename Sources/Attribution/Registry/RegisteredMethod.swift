import Networks
import Tensors

/// A method by the name that people type, with its defaults; each registers in its own file.
public struct RegisteredMethod: Sendable, CustomStringConvertible {
  /// What a method's maps are, and so how they are shown.
  public enum Kind: Sendable {
    /// Channels and signs are of no meaning by themselves: a pixel is as bright as its largest channel.
    case unsigned
    /// What is positive speaks for the unit, what is negative against it; channels add up.
    case signed
    /// One number for each position of a layer, to be enlarged.
    case lowResolution
  }

  /// The name that people type.
  public let name: String
  /// What the method shows, in a line.
  public let summary: String
  /// What its maps are.
  public let kind: Kind
  /// What it lets be said.
  public let options: Set<Option>
  /// Which layers it makes its map of in pictures, where it takes some and none is named.
  let usualLayers: @Sendable (Explained, Tensor) throws -> [Reading.Source]
  private let make: @Sendable (Settings) throws -> any AttributionMethod

  /// Creates an entry; `all` lists those that there are.
  ///
  /// - Parameters:
  ///   - name: The name that people type, in small letters with dashes.
  ///   - summary: What the method shows, in a line.
  ///   - kind: What its maps are.
  ///   - options: What it lets be said.
  ///   - make: The method with the settings that it takes; throws where they do not suit it.
  public init(
    _ name: String, _ summary: String, shows kind: Kind = .unsigned,
    takes options: Set<Option> = [],
    make: @escaping @Sendable (Settings) throws -> any AttributionMethod
  ) {
    self.init(
      name, summary, shows: kind, takes: options, of: { explained, _ in try explained.lastMaps() },
      make: make)
  }

  init(
    _ name: String, _ summary: String, shows kind: Kind, takes options: Set<Option>,
    of usualLayers: @escaping @Sendable (Explained, Tensor) throws -> [Reading.Source],
    make: @escaping @Sendable (Settings) throws -> any AttributionMethod
  ) {
    (self.name, self.summary, self.kind, self.options) = (name, summary, kind, options)
    (self.usualLayers, self.make) = (usualLayers, make)
  }

  /// The method.
  ///
  /// - Parameter settings: What was said; what the method does not take has no effect.
  /// - Returns: The method with them.
  /// - Throws: `AttributionError` where something was said that does not suit the method.
  public func method(_ settings: Settings = Settings()) throws -> any AttributionMethod {
    try make(settings)
  }

  /// Whether maps add up to a number that is known beforehand, and `CompleteMethod` says which.
  public var isComplete: Bool { (try? make(Settings())) is any CompleteMethod }

  /// Whether the method draws at random, so that `RandomMethod` says how uncertain its map is.
  public var isRandom: Bool { (try? make(Settings())) is any RandomMethod }

  /// Whether maps of several layers are made into one, where several are named; other methods take one.
  public var fusesLayers: Bool {
    options.contains(.layer) && (try? make(Settings(layers: ["", ""]))) != nil
  }

  /// Whether a layer's channels are weighted by means over all of its places.
  public var weighsByMeans: Bool { (try? make(Settings())) is any MeanWeighted }

  /// Whether its maps are of parts of the picture that were taken away, and so the numbers of pixels add up to
  /// nothing.
  public var isByParts: Bool { Self.perturbation.contains { $0.name == name } }

  /// The name.
  public var description: String { name }

  /// The method of a name.
  ///
  /// - Throws: `AttributionError.unknownMethod` with the names most like it.
  public static func named(_ name: String) throws -> RegisteredMethod {
    if let method = all.first(where: { $0.name == name }) { return method }
    throw AttributionError.unknownMethod(
      name, candidates: nearest(to: name, in: all.map(\.name), count: 3))
  }
}
