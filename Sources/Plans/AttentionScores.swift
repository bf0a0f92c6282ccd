import Blocks
import Graphs
import Tensors

/// The scores that shares are the softmax of: a product, times a number, plus what is given.
struct AttentionScores {
  /// The place of the product.
  private(set) var place = 0
  /// What it is multiplied with.
  private(set) var factor: Float = 1
  /// What is added, times a number, and the shape of the scores there.
  private var given: [(tensor: Tensor, factor: Float, shape: Shape)] = []

  /// - Parameters:
  ///   - shares: What the values are multiplied with.
  ///   - search: Where it is looked for; nobody else must read what is between.
  init?(of shares: Value, in search: AttentionSearch) {
    var (value, isSoftmax) = (shares, false)
    while let place = search.soleMaker(of: value), let shape = search.shape(value) {
      let instruction = search.program.instructions[place]
      if case .toTensor = instruction.operation, let source = search.shape(instruction.inputs[0]),
        source.rank >= 2, source.dimensions.suffix(2) == shape.dimensions.suffix(2)
      {
        value = instruction.inputs[0]
        continue
      }
      guard let call = instruction.call else { return nil }
      if call.node.type == "MatMul" {
        self.place = place
        if isSoftmax { return }
        return nil
      }
      guard instruction.inputs.count == 1, search.shape(instruction.inputs[0]) == shape else {
        return nil
      }
      if !isSoftmax {
        let axis = call.node.int("axis", default: call.node.opset < 13 ? 1 : -1)
        guard call.node.type == "Softmax", axis == -1 || axis == shape.rank - 1 else { return nil }
        isSoftmax = true
      } else if let scaling = instruction.scaling {
        factor *= scaling
      } else if call.node.type == "Add", call.node.inputs.count == 2,
        let constant = call.constants.first?.value,
        // Before operator set 7 an axis could be named where a summand begins.
        call.node.attributes["axis"] == nil, constant.shape.stretches(to: shape)
      {
        given.append((constant.tensor, factor, shape))
      } else {
        return nil
      }
      value = instruction.inputs[0]
    }
    return nil
  }

  /// What is added to the scores, as little of it as tells all heads and queries apart.
  ///
  /// - Returns: [heads or 1, queries or 1, keys]; `nil` where nothing is.
  func bias(heads: Int, queries: Int, keys: Int) -> Tensor? {
    func areSame(upTo trailing: Int) -> Bool {
      given.allSatisfy { $0.tensor.shape.dimensions.dropLast(trailing).allSatisfy { $0 == 1 } }
    }
    guard !given.isEmpty else { return nil }
    let (oneHead, oneQuery) = (areSame(upTo: 2), areSame(upTo: 1))
    var sum = Tensor([oneHead ? 1 : heads, oneQuery ? 1 : queries, keys])
    for (tensor, factor, shape) in given {
      let outer = shape.dimensions.dropLast(2).map { oneHead ? 1 : $0 }
      let own = Shape(outer + [oneQuery ? 1 : queries, keys])
      sum += (tensor * factor).broadcast(to: own).reshaped(sum.shape)
    }
    return sum
  }
}

extension Shape {
  /// Whether it broadcasts to another and leaves that what it is.
  fileprivate func stretches(to target: Shape) -> Bool {
    rank <= target.rank
      && zip(dimensions.reversed(), target.dimensions.reversed()).allSatisfy { $0 == 1 || $0 == $1 }
  }
}
