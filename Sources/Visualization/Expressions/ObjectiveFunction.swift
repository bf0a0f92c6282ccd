public import Objectives

/// A function of expressions: its name, what it takes, and the objective that it is.
public struct ObjectiveFunction: Sendable {
  /// What stands between the parentheses.
  public struct Parameter: Sendable {
    /// What an argument may be.
    public enum Kind: Sendable {
      /// The name of a layer.
      case layer
      /// A layer, and perhaps a column and a row: `mixed4a@6,7`.
      case position
      /// A channel of a layer, or a logit.
      case channel
      /// A file of numbers, NumPy's or safetensors, and perhaps a tensor and a row of it: `FILE.npy:3`,
      /// `FILE.safetensors:W_dec:3`.
      case file
      /// A picture.
      case picture
      /// A number.
      case number

      /// Whether it names a file.
      var isFile: Bool { self == .file || self == .picture }
    }

    /// What stands for it in a list: `layer`.
    public let label: String
    /// What an argument may be.
    public let kind: Kind
    /// Whether it may be left out, with all that follow.
    public let isOptional: Bool

    /// Creates a parameter.
    public init(_ label: String, _ kind: Kind, isOptional: Bool = false) {
      (self.label, self.kind, self.isOptional) = (label, kind, isOptional)
    }
  }

  /// The name: `diversity`.
  public let name: String
  /// What it takes, in order.
  public let parameters: [Parameter]
  /// What it makes large, in a few words.
  public let help: String
  /// Whether it compares the pictures of a batch, and says nothing of one alone.
  public let comparesPictures: Bool
  /// The objective of some arguments.
  public let make: @Sendable (ObjectiveArguments) throws -> Objective

  /// Creates a function.
  ///
  /// - Parameters:
  ///   - name: The name, of letters and dashes.
  ///   - parameters: What it takes, in order.
  ///   - help: What it makes large, in a few words.
  ///   - comparesPictures: Whether it compares the pictures of a batch.
  ///   - make: The objective of some arguments.
  public init(
    _ name: String, _ parameters: [Parameter], help: String, comparesPictures: Bool = false,
    make: @escaping @Sendable (ObjectiveArguments) throws -> Objective
  ) {
    (self.name, self.parameters, self.help) = (name, parameters, help)
    (self.comparesPictures, self.make) = (comparesPictures, make)
  }

  /// All of them; each registers in its own file.
  public static let all: [ObjectiveFunction] = [
    mean,
    diversity,
    alignment,
    interpolation,
    direction,
    directionNeuron,
    cosine,
    patches,
    inversion,
    caricature,
    distance,
  ]

  /// The function of a name.
  public static func named(_ name: String) -> ObjectiveFunction? { all.first { $0.name == name } }

  /// How it is written: `direction(layer, file, [power])`.
  public var usage: String {
    let labels = parameters.map { $0.isOptional ? "[\($0.label)]" : $0.label }
    return "\(name)(\(labels.joined(separator: ", ")))"
  }

  /// Whether there may be so many arguments.
  func takes(_ count: Int) -> Bool {
    count <= parameters.count && parameters.dropFirst(count).allSatisfy(\.isOptional)
  }
}
