/// Why a text names no unit of a network; each says what to write instead.
public enum UnitError: Error, Hashable, CustomStringConvertible {
  /// A name and the labels that it could mean, each with its logit.
  case ambiguous(String, candidates: [Candidate])
  /// A name that a layer has and that labels fit.
  case layerOrLabel(String, labels: [Candidate])
  /// A neuron of a volume without its slice, or with one that there is not.
  case noSlice(String, layer: String, LayerLayout.Grid)
  /// A layer that is called a number, which is one of those that the network ends in too.
  case layerOrNumber(String, NumberKind)
  /// A name that nothing has, with what is most like it.
  case unknown(String, labels: [Candidate], layers: [String])
  /// A number beyond the last.
  case outOfRange(Int, count: Int, of: NumberKind)
  /// A logit or label of a network that does not end in a list of numbers.
  case noLogits(String)
  /// A class of a model that ends in an embedding of so many numbers.
  case embedding(String, count: Int)
  /// A class of a model that ends in so many numbers that are none: of a regression, or coordinates of points.
  case values(String, count: Int)
  /// A label of a model that has more or fewer labels than logits.
  case labelCount(String, labels: Int, logits: Int)
  /// A position beyond the edge of a layer.
  case positionOutOfRange(x: Int, y: Int, layer: String, width: Int, height: Int)
  /// A position in a layer that has no columns and rows.
  case noPositions(layer: String)
  /// A place of a layer that holds several maps of one picture, such as of its windows or frames.
  case severalMaps(layer: String, count: Int)
  /// Something after a layer's name that is no number.
  case malformed(String, layer: String)

  /// A label and its logit.
  public struct Candidate: Sendable, Hashable, CustomStringConvertible {
    /// The name that fits.
    public let name: String
    /// The logit.
    public let index: Int

    /// `tabby cat (281)`.
    public var description: String { "\(name) (\(index))" }
  }

  /// What went wrong, and what to write instead.
  public var description: String {
    switch self {
    case .ambiguous(let text, let candidates):
      "`\(text)` matches \(candidates.count) labels of this model: \(Self.list(candidates)); say "
        + (Set(candidates.map(\.name)).count == 1 ? "the number" : "one of them or its number")
    case .layerOrLabel(let text, let labels):
      "`\(text)` is a layer of this model and also fits \(Self.list(labels)); say `\(text):` for the "
        + "layer, or the label's number"
    case .noSlice(let text, let layer, let grid):
      "`\(text)` is no neuron of \(layer), which has \(grid.inWords) columns, rows and slices: say "
        + "\(layer):17@4,5,2 for column 4, row 5, slice 2"
    case .layerOrNumber(let text, let kind):
      "`\(text)` is a layer of this model and also \(kind.one) \(text); say `\(text):` for the layer, or "
        + "`logit \(text)`"
    case .unknown(let text, let labels, let layers):
      "this model has no unit `\(text)`"
        + (labels.isEmpty ? "" : "; the nearest labels are \(Self.list(labels))")
        + (layers.isEmpty ? "" : "; the nearest layers are \(layers.joined(separator: ", "))")
    case .outOfRange(let index, let count, let kind):
      "there is no \(kind.title(of: index)): this model has the \(kind.several) 0…\(count - 1)"
    case .labelCount(let text, let labels, let logits):
      "this model has \(labels) labels for \(logits) classes, so that nothing says which class `\(text)` is; say "
        + "its number, or labels for all"
    case .noLogits(let text):
      "`\(text)` asks for a class, but this model ends in a map and has none; say a layer and a "
        + "channel, such as layer3:17"
    case .embedding(let text, let count):
      "`\(text)` asks for a class, but this model ends in an embedding of \(count) numbers and has none; say one "
        + "of its numbers, 0…\(count - 1), or a picture that others are to be like"
    case .values(let text, let count):
      "`\(text)` asks for a class, but this model ends in \(count) values that are no classes', such as the "
        + "coordinates of points; say one of them, 0…\(count - 1)"
    case .positionOutOfRange(let x, let y, let layer, let width, let height):
      "there is no column \(x), row \(y) in \(layer): for this picture it has the columns "
        + "0…\(width - 1) and the rows 0…\(height - 1)"
    case .noPositions(let layer):
      "\(layer) has no columns and rows; say \(layer):17 for its number 17"
    case .severalMaps(let layer, let count):
      "\(layer) holds \(count) maps of one picture, such as of its windows or frames, so that a column and a row are no one "
        + "place; say \(layer):17 for a channel in all of them"
    case .malformed(let text, let layer):
      "`\(text)` is no unit: write \(layer):17 for a channel, \(layer):17@4,5 for its neuron at "
        + "column 4, row 5, or \(layer) for the whole layer"
    }
  }

  private static func list(_ candidates: [Candidate]) -> String {
    let shown = candidates.prefix(8).map(\.description).joined(separator: ", ")
    return candidates.count > 8 ? "\(shown), … \(candidates.count - 8) more" : shown
  }
}
