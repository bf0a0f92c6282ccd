import Imaging
public import Networks
public import Objectives
public import Tensors
public import Visualization

/// What a picture is of: a unit of a network, or an expression of units.
public struct Subject: Hashable, Sendable {
  /// What people can ask for.
  public enum Request: Hashable, Sendable {
    /// A unit as people write it: `cat`, `layer3:17`.
    case unit(String)
    /// An expression.
    case objective(ObjectiveExpression)
    /// Likeness to a picture, by its file.
    case toward(String)
  }

  /// What can be looked at.
  public enum Kind: Hashable, Sendable {
    /// A unit.
    case unit(NetworkUnit)
    /// An expression of more than a unit, and whether nothing but logits stand in it.
    case expression(ObjectiveExpression, ofLogits: Bool)
    /// Likeness to a picture.
    case likeness(Likeness)
  }

  /// What is looked at.
  public let kind: Kind

  private init(_ kind: Kind) { self.kind = kind }

  /// Creates a subject that is a unit.
  public init(_ unit: NetworkUnit) { self.init(.unit(unit)) }

  /// Finds what people ask for in a network.
  ///
  /// - Parameters:
  ///   - request: What they ask for.
  ///   - network: The network.
  ///   - shapes: What the network's `shapes(inputShape:)` returned.
  /// - Throws: `UnitError`, `NetworkError` or `ExpressionError`, with the nearest names, the range or the place.
  public init(_ request: Request, in network: Network, shapes: [String: Shape]) throws {
    switch request {
    case .unit(let text): self.init(try NetworkUnit(text, in: network, shapes: shapes))
    case .toward(let file):
      self.init(.likeness(try Likeness(to: file, in: network, shapes: shapes)))
    case .objective(let expression):
      let units = try expression.units(in: network, shapes: shapes)
      if expression.unit != nil {
        self.init(units[0])
        return
      }
      _ = try network.objective(of: expression, shapes: shapes)
      let ofLogits = !units.isEmpty && !expression.hasFunctions && units.allSatisfy(\.isLogit)
      self.init(.expression(expression, ofLogits: ofLogits))
    }
  }

  /// What stands for the embedding in a likeness, where that is not the network's list of numbers.
  public var embeddingInWords: String? {
    if case .likeness(let likeness) = kind { likeness.embeddingInWords } else { nil }
  }

  /// What is to be maximized.
  ///
  /// - Throws: `ExpressionError` where an expression does not fit the network.
  public func objective(in network: Network, shapes: [String: Shape]) throws -> Objective {
    switch kind {
    case .unit(let unit): Objective(unit)
    case .expression(let expression, _): try network.objective(of: expression, shapes: shapes)
    case .likeness(let likeness): likeness.objective
    }
  }

  /// The recipe where nobody says more: for logits, what the model's metadata says suits them.
  ///
  /// - Throws: `SettingError` where the metadata says what a setting cannot be.
  public func usualRecipe(in network: Network) throws -> Recipe {
    switch kind {
    case .unit(let unit) where unit.isLogit: try Recipe(forLogitsBy: network.metadata)
    case .expression(_, ofLogits: true): try Recipe(forLogitsBy: network.metadata)
    default: Recipe()
    }
  }
}

extension Network {
  /// An expression as an objective; the pictures that it names are brought to the input's size, their middles.
  fileprivate func objective(
    of expression: ObjectiveExpression, shapes: [String: Shape]
  ) throws -> Objective {
    let shape = shapes[input.name]
    return try expression.objective(in: self, shapes: shapes) { path in
      let size = shape.map { PictureSize(height: $0[2], width: $0[3]) }
      return try input(Picture(contentsOf: path), size: size ?? pictureSize(nil))
    }
  }
}

extension NetworkUnit {
  /// Whether it is a logit.
  fileprivate var isLogit: Bool {
    if case .logit = kind { true } else { false }
  }
}
