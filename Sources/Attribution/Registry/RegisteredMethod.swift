import Networks

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

  /// Something that a person may say about a method.
  public enum Option: String, Sendable, CaseIterable {
    case layer, seed
  }

  /// What a person said; methods take what suits them.
  public struct Settings: Sendable {
    /// The layer that is looked at; `nil`: the method's own choice.
    public var layer: String?
    /// What all that is random follows from.
    public var seed: UInt64

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - layer: The layer that is looked at; `nil`: the method's own choice.
    ///   - seed: What all that is random follows from.
    public init(layer: String? = nil, seed: UInt64 = 0) {
      self.layer = layer
      self.seed = seed
    }
  }

  /// The name that people type.
  public let name: String
  /// What the method shows, in a line.
  public let summary: String
  /// What its maps are.
  public let kind: Kind
  /// What it lets be said.
  public let options: Set<Option>
  private let make: @Sendable (Settings) -> any AttributionMethod

  /// Creates an entry; `all` lists those that there are.
  ///
  /// - Parameters:
  ///   - name: The name that people type, in small letters with dashes.
  ///   - summary: What the method shows, in a line.
  ///   - kind: What its maps are.
  ///   - options: What it lets be said.
  ///   - make: The method with the settings that it takes.
  public init(
    _ name: String, _ summary: String, shows kind: Kind = .unsigned,
    takes options: Set<Option> = [],
    make: @escaping @Sendable (Settings) -> any AttributionMethod
  ) {
    (self.name, self.summary, self.kind, self.options) = (name, summary, kind, options)
    self.make = make
  }

  /// The method.
  public func method(_ settings: Settings = Settings()) -> any AttributionMethod { make(settings) }

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
