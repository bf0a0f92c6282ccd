import Blocks
import Graphs
import Tensors

extension Graph {
  /// What the graph itself says of its pictures' range: by its input's type, or by what it does to them first.
  ///
  /// Bytes are 0…255. A division by 255 or by some 127.5, as in Keras' Rescaling, and a mean beyond 2 that is
  /// subtracted, are for 0…255; a smaller mean is for 0…1.
  ///
  /// - Returns: nil where it says nothing.
  var preprocessing: Preprocessing? {
    guard inputs.indices.contains(picturePlace) else { return nil }
    let input = inputs[picturePlace]
    guard input.dimensions.count == 4 else { return nil }
    let bytes = Preprocessing(rangeUpper: 255)
    if input.isInteger { return bytes }
    var value = input.name
    // Casts and transpositions may stand before.
    for _ in 0..<8 {
      let readers = nodes.filter { $0.inputs.contains(value) }
      guard readers.count == 1, let node = readers.first else { return nil }
      switch role(of: node) {
      case .renaming, .reshaping: break
      case .selection where node.type == "Transpose": break
      case .arithmetic(let operation):
        guard let (number, isFirst) = parameter(of: node, beside: value) else { return nil }
        switch operation {
        case .division where !isFirst: return Self.isOfBytes(1 / number) ? bytes : nil
        case .multiplication: return Self.isOfBytes(number) ? bytes : nil
        case .subtraction where !isFirst, .addition:
          return abs(number) > 2 ? bytes : number == 0 ? nil : Preprocessing()
        default: return nil
        }
      default: return nil
      }
      value = node.outputs.first ?? ""
    }
    return nil
  }

  /// Whether a factor brings 0…255 to 0…1 or to a range twice as wide.
  private static func isOfBytes(_ factor: Float) -> Bool {
    (1.0 / 300...1.0 / 100).contains(factor)
  }

  /// The largest number of the constant beside a value, and whether it comes first.
  private func parameter(of node: Node, beside value: String) -> (number: Float, isFirst: Bool)? {
    guard node.inputs.count == 2, let place = node.inputs.firstIndex(where: { $0 != value }),
      let tensor = constants[node.inputs[place]]?.tensor,
      let largest = tensor.scalars.max(by: { abs($0) < abs($1) })
    else { return nil }
    return (largest, place == 0)
  }
}
