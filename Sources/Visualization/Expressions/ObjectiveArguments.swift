import Networks
public import Objectives
import Tensors

/// The arguments of a function, as what they stand for in a network.
public struct ObjectiveArguments {
  /// The network that an expression is of.
  struct Scope {
    let network: Network
    let shapes: [String: Shape]
    /// Reads a picture as the network's input, 1×C×H×W in 0…1.
    let picture: ((String) throws -> Tensor)?

    func unit(_ text: String) throws -> NetworkUnit {
      try NetworkUnit(text, in: network, shapes: shapes)
    }
  }

  private let scope: Scope
  private let arguments: [ObjectiveExpression.Argument]
  /// Told which argument is being read, so that an error has a place.
  private let reading: (Int) -> Void

  init(
    scope: Scope, _ arguments: [ObjectiveExpression.Argument], reading: @escaping (Int) -> Void
  ) {
    (self.scope, self.arguments, self.reading) = (scope, arguments, reading)
  }

  private func text(_ index: Int) -> String {
    reading(index)
    return arguments[index].text
  }

  /// The name of a layer.
  ///
  /// - Throws: `NetworkError.unknownLayer` with the nearest names.
  public func layer(_ index: Int) throws -> String {
    let name = text(index)
    _ = try scope.network.value(ofLayer: name)
    return name
  }

  /// A layer, and the column and the row that may follow it after `@`.
  ///
  /// - Throws: `NetworkError` or `UnitError`, with the nearest names or the range.
  public func position(_ index: Int) throws -> (layer: String, x: Int?, y: Int?) {
    let text = text(index)
    guard let at = text.lastIndex(of: "@") else { return (try layer(index), nil, nil) }
    let layer = String(text[..<at])
    let unit = try scope.unit("\(layer):0\(text[at...])")
    guard case .neuron(_, _, let x, let y) = unit.kind else {
      throw UnitError.malformed(text, layer: layer)
    }
    return (layer, x, y)
  }

  /// A channel of a layer, or a logit among the logits.
  ///
  /// - Throws: `NetworkError` or `UnitError`, with the nearest names or the range.
  public func channel(_ index: Int) throws -> (layer: String, channel: Int) {
    let text = text(index)
    switch try scope.unit(text).kind {
    case .channel(let layer, let channel): return (layer, channel)
    case .logit(let logit):
      guard let logits = scope.network.logits(in: scope.shapes) else {
        throw UnitError.noLogits(text)
      }
      return (logits.value, logit)
    case .score:
      throw ArgumentError(
        description: "`\(text)` is a class at many places and no channel; name a layer's")
    case .neuron(let layer, _, _, _), .classToken(let layer, _), .layer(let layer):
      throw ArgumentError(
        description: "`\(text)` is not a whole channel; write \(layer):17 for its channel 17")
    }
  }

  /// A direction in the space of a layer's channels, from a file.
  ///
  /// - Throws: `DirectionError` for a file that cannot be read, and an error that names the layer's own number of
  ///   channels where the file has another.
  public func vector(_ index: Int, of layer: String) throws -> [Float] {
    let row = DirectionFile(text(index))
    let vector = try row.numbers()
    let layout = try scope.network.layouts(in: scope.shapes)[scope.network.value(ofLayer: layer)]
    if let channels = layout?.channels, channels != vector.count {
      throw ArgumentError(
        description:
          "\(row.path) has \(vector.count) numbers, but \(layer) has \(channels) channels")
    }
    return vector
  }

  /// A picture to compare with, at the size of the network's input.
  ///
  /// - Throws: What reading it throws.
  public func picture(_ index: Int) throws -> ReferencePicture {
    let path = text(index)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let picture = scope.picture else {
      throw ArgumentError(description: "\(name) cannot be read: pictures have no size here")
    }
    return ReferencePicture(name, try picture(path))
  }

  /// A number, or the usual one where it is left out.
  ///
  /// - Throws: Where it is no number, or a negative one.
  public func number(_ index: Int, usual: Float) throws -> Float {
    guard arguments.indices.contains(index) else { return usual }
    let text = text(index)
    guard let number = Float(text), number.isFinite, number >= 0 else {
      throw ArgumentError(description: "`\(text)` must be a number, 0 or more")
    }
    return number
  }
}

/// An argument that a function cannot take.
struct ArgumentError: Error, CustomStringConvertible {
  let description: String
}
