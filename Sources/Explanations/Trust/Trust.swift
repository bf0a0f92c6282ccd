/// How a picture that was made for a unit compares with the natural pictures that the unit responds to most.
///
/// A unit may respond to a made picture through other channels than to anything natural: then the picture shows
/// nothing of what the unit is for. Source: Geirhos et al., “Don't trust your eyes: on the (un)reliability of
/// feature visualizations”, ICML 2024.
public struct Trust: Sendable {
  /// A natural picture and the unit's response to it.
  public struct Natural: Hashable, Sendable {
    /// The picture's file.
    public let file: String
    /// The unit's response.
    public let value: Float
  }

  /// How alike two ways through a layer are: cosines with the mean of the best natural pictures' ways.
  public struct Likeness: Hashable, Sendable {
    /// Of the made picture.
    public let picture: Float
    /// Of the best natural pictures, each with the mean of the others: the lowest.
    public let naturalLowest: Float
    /// The same: the middle one.
    public let naturalMiddle: Float

    /// Whether the natural pictures go one way at all, from which another could differ.
    public var isCommon: Bool { naturalLowest >= Trust.common }

    /// Whether the made picture goes another way than the natural ones' common one: it has less than a third of what
    /// these have with each other.
    public var isOther: Bool { isCommon && picture < Trust.other * naturalMiddle }
  }

  /// What goes through a layer.
  public struct Layer: Hashable, Sendable {
    /// The layer's name.
    public let name: String
    /// Of the channels' mean activations.
    public let activation: Likeness
    /// Of what the channels contribute to the unit: activation times gradient, summed over positions.
    public let contribution: Likeness
  }

  /// The likeness of every natural picture with the others from which on they go one way.
  static let common: Float = 0.25

  /// The share of the natural pictures' likeness below which a way is another.
  static let other: Float = 1 / 3

  /// The unit's response to the made picture.
  public let value: Float
  /// The natural pictures with the largest responses, the largest first.
  public let best: [Natural]
  /// How many natural pictures were looked at.
  public let count: Int
  /// What there is to say of files that are no pictures.
  public var leftOut: [String] = []
  /// Layers before the unit, in the order in which they run.
  public let layers: [Layer]
  /// The same pictures in the same network with all weights drawn anew: what says nothing of what was learnt.
  public let randomized: [Layer]

  /// Whether the unit responds as strongly as to the best natural picture.
  public var isStrong: Bool { value >= best[0].value }

  /// The layers through which the made picture goes another way than natural ones do.
  public var otherWays: [Layer] { layers.filter(\.contribution.isOther) }

  /// Whether there is a layer at which the natural pictures have a way in common.
  public var isDecided: Bool { layers.contains { $0.contribution.isCommon } }

  /// Whether the picture makes the unit respond in a way in which nothing natural does.
  public var isFooled: Bool { !otherWays.isEmpty }
}
