public import Networks
public import Objectives
public import Tensors

extension ObjectiveExpression {
  /// The expression as an objective of a network.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - shapes: What the network's `shapes(inputShape:)` returned.
  ///   - picture: Reads a picture that a function names, as 1×C×H×W in 0…1 of the size of the network's
  ///     input; nil: there are none.
  /// - Returns: What to maximize.
  /// - Throws: `ExpressionError` with the place, for a unit or a layer that the network has not and for what
  ///   a function cannot take.
  public func objective(
    in network: Network, shapes: [String: Shape],
    picture: ((String) throws -> Tensor)? = nil
  ) throws -> Objective {
    try objective(
      of: root, ObjectiveArguments.Scope(network: network, shapes: shapes, picture: picture))
  }

  /// The units that stand outside of functions.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - shapes: What the network's `shapes(inputShape:)` returned.
  /// - Returns: The units, from left to right.
  /// - Throws: `ExpressionError` with the place of a unit that the network has not.
  public func units(in network: Network, shapes: [String: Shape]) throws -> [NetworkUnit] {
    try root.units.map { text, place in
      try at(place) { try NetworkUnit(text, in: network, shapes: shapes) }
    }
  }

  /// The function that compares pictures, where there is one, and so needs several.
  public var comparison: String? {
    root.calls.map(\.name).first { ObjectiveFunction.named($0)?.comparesPictures == true }
  }

  private func objective(
    of node: Node, _ scope: ObjectiveArguments.Scope
  ) throws -> Objective {
    switch node {
    case .unit(let text, let place):
      return try at(place) { Objective(try scope.unit(text)) }
    case .call(let name, let arguments, let place):
      guard let function = ObjectiveFunction.named(name) else {
        preconditionFailure("the parser let \(name) pass, which is no function")
      }
      var current = place
      do {
        return try function.make(
          ObjectiveArguments(scope: scope, arguments) { current = arguments[$0].place })
      } catch {
        throw ExpressionError(text, at: current, "\(error)")
      }
    case .sum(let a, let b): return try objective(of: a, scope) + objective(of: b, scope)
    case .difference(let a, let b): return try objective(of: a, scope) - objective(of: b, scope)
    case .product(let a, let b): return try objective(of: a, scope) * objective(of: b, scope)
    case .scaled(let weight, let a): return try weight * objective(of: a, scope)
    case .negative(let a): return try -objective(of: a, scope)
    }
  }

  private func at<Result>(_ place: Int, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw ExpressionError(text, at: place, "\(error)") }
  }
}

extension ObjectiveExpression.Node {
  /// The units in it with their places, those of functions left out.
  fileprivate var units: [(String, Int)] {
    switch self {
    case .unit(let text, let place): [(text, place)]
    case .call: []
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b): a.units + b.units
    case .scaled(_, let a), .negative(let a): a.units
    }
  }
}
