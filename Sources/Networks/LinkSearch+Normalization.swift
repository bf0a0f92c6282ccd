import Blocks
import Graphs
import Tensors

extension LinkSearch {
  /// What a list of numbers is brought to where it ends in a normalization.
  enum Normalization {
    /// Length 1, by the sum of its numbers' squares or of their magnitudes.
    case length
    /// Mean and variance, or the mean square alone.
    case moments
    /// Mean and variance that a batch norm has learnt, which a classifier may end in as well.
    case batch
  }

  /// The most nodes that are gone back through.
  private static let reach = 24

  /// The normalization that a value ends in, with at most constants multiplied and added behind it; in one node or
  /// written out, as exporters write `F.normalize`, `l2_normalize` and old LayerNorms.
  ///
  /// - Parameter value: The value.
  /// - Returns: nil where there is none: what a classifier ends in.
  func normalization(endingIn value: String) -> Normalization? {
    var value = value
    for _ in 0..<Self.reach {
      guard let node = producer(of: value), let input = node.input(0) else { return nil }
      switch graph.role(of: node) {
      case .normalization
      where node.type == "LpNormalization" && node.int("p", default: 2) == 1
        && isPositive(source(input)):
        return nil
      case .normalization:
        return node.type == "LpNormalization"
          ? .length : node.type == "BatchNormalization" ? .batch : .moments
      case .renaming, .reshaping: value = input
      // One token of several.
      case .selection where ["Gather", "Slice", "Split", "Transpose", "Expand"].contains(node.type):
        value = input
      case .arithmetic:
        if let found = writtenNormalization(node) { return found }
        guard node.inputs.count == 2,
          let other = node.inputs.first(where: { graph.constants[$0] == nil }),
          node.inputs.contains(where: { graph.constants[$0] != nil })
        else { return nil }
        value = other
      default: return nil
      }
    }
    return nil
  }

  /// What `x / ‖x‖`, or `x` times the reciprocal of that, brings x to.
  private func writtenNormalization(_ node: Node) -> Normalization? {
    guard ["Div", "Mul"].contains(node.type), node.inputs.count == 2 else { return nil }
    for (place, other) in [(0, 1), (1, 0)] where node.type == "Mul" || place == 0 {
      if let found = size(node.inputs[other], of: source(node.inputs[place])) { return found }
    }
    return nil
  }

  /// What kind of size of another value a value is: its length, or the root of its mean square; whatever keeps it from
  /// being 0, and whatever stretches it over the places of the other.
  private func size(_ value: String, of whole: String) -> Normalization? {
    var value = value
    for _ in 0..<Self.reach {
      guard let node = producer(of: value), let input = node.input(0) else { return nil }
      switch node.type {
      case "ReduceL2", "ReduceSumSquare": return source(input) == whole ? .length : nil
      // Numbers of one sign over their sum are shares.
      case "ReduceL1": return source(input) == whole && !isPositive(whole) ? .length : nil
      case "ReduceSum", "ReduceMean":
        guard let base = base(ofMagnitude: input), base == whole else { return nil }
        return node.type == "ReduceMean" ? .moments : .length
      case "Sqrt", "Reciprocal", "Pow", "Abs", "Expand", "Tile": value = input
      case "Div" where graph.constants[input] != nil: value = node.input(1) ?? ""
      case "Add", "Max", "Min", "Clip", "Mul", "Div", "Where":
        guard let other = node.inputs.last(where: { producer(of: $0) != nil }) else { return nil }
        value = other
      default:
        guard graph.role(of: node).keepsNumbers else { return nil }
        value = input
      }
    }
    return nil
  }

  /// What a value is a power or the magnitude of, element by element; nil where it is neither.
  private func base(ofMagnitude value: String) -> String? {
    guard let node = producer(of: renamed(value)), let input = node.input(0) else { return nil }
    switch node.type {
    case "Mul": return node.input(1).map(source) == source(input) ? source(input) : nil
    case "Pow":
      let isNumber = node.input(1).flatMap { graph.constants[$0]?.count } == 1
      return isNumber ? source(input) : nil
    case "Abs": return isPositive(source(input)) ? nil : source(input)
    default: return nil
    }
  }

  /// A value before what keeps all its numbers but for their signs.
  private func source(_ value: String) -> String {
    var value = renamed(value)
    while let node = producer(of: value), node.type == "Abs", let input = node.input(0) {
      value = renamed(input)
    }
    return value
  }

  /// Whether all numbers of a value are 0 or more, as behind a rectifier.
  private func isPositive(_ value: String) -> Bool {
    guard let node = producer(of: value) else { return false }
    switch graph.role(of: node) {
    case .clamp(let clamp): return clamp.lower >= 0
    case .softmax, .gate: return node.type != "LogSoftmax"
    default: return ["Exp", "Sigmoid", "Softplus"].contains(node.type)
    }
  }
}
