import Networks
import Tensors

/// A normalization with its deviation taken as given: a linear function of its input.
struct Normalization {
  private let node: Node

  /// Takes a node; `nil` for a batch norm, which is linear as it is.
  init?(_ node: Node) {
    guard node.type != "BatchNormalization" else { return nil }
    self.node = node
  }

  /// From the cotangent of the result to that of the input.
  var pullback: GradientRule.Pullback {
    { [self] inputs, output, cotangent in
      let others: [Tensor?] = inputs.dropFirst().map { _ in nil }
      let x = inputs[0]
      guard let length = centredLength(x.shape) else {
        // A product of the input and one over its size.
        return [cotangent * output / x.stabilized(.leastNormalMagnitude)] + others
      }
      let scaled = inputs.count > 1 ? cotangent * scale(inputs[1], x.shape) : cotangent
      let rows: Shape = [x.count / length, length]
      let epsilon = node.float(
        "epsilon", default: node.type == "MeanVarianceNormalization" ? 0 : 1e-5)
      let centred = x.reshaped(rows).withoutRowMeans()
      let variance = (centred * centred).sum(alongAxes: [1], keepingAxes: true) / Float(length)
      let passed = (scaled.reshaped(rows) / (variance + epsilon).squareRoot()).withoutRowMeans()
      return [passed.reshaped(x.shape)] + others
    }
  }

  /// How many numbers in a row have their mean taken off; `nil` where none is taken off.
  private func centredLength(_ shape: Shape) -> Int? {
    let d = shape.dimensions
    switch node.type {
    case "LayerNormalization":
      let axis = node.int("axis", default: -1)
      return d[(axis < 0 ? axis + d.count : axis)...].reduce(1, *)
    case "InstanceNormalization": return d.dropFirst(2).reduce(1, *)
    case "GroupNormalization":
      return d.dropFirst().reduce(1, *) / max(1, node.int("num_groups", default: 1))
    default: return nil
    }
  }

  /// The scale as it multiplies the input.
  private func scale(_ scale: Tensor, _ shape: Shape) -> Tensor {
    if node.type == "LayerNormalization" { return scale }
    let ones = [Int](repeating: 1, count: shape.rank - 2)
    if scale.count == shape[1] { return scale.reshaped(Shape([1, shape[1]] + ones)) }
    // One a group.
    let each = shape[1] / max(1, scale.count)
    return Tensor(
      Shape([1, shape[1]] + ones), (0..<shape[1]).map { scale.scalars[$0 / max(1, each)] })
  }
}

extension Tensor {
  /// Rows less their means.
  fileprivate func withoutRowMeans() -> Tensor {
    self - sum(alongAxes: [1], keepingAxes: true) / Float(shape[1])
  }
}
