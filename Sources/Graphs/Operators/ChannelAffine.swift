package import Tensors

/// `scale[c] · x + shift[c]`, one of each a channel: what batch norms and arithmetic with constants do.
package struct ChannelAffine: Sendable, Hashable {
  package var scale: [Float]
  package var shift: [Float]

  package init(scale: [Float], shift: [Float]) {
    (self.scale, self.shift) = (scale, shift)
  }
}

extension TapeCall {
  /// What the node does to each channel of one of its inputs, all others being constants.
  ///
  /// - Parameters:
  ///   - source: The input.
  ///   - shape: Its shape, N×C×…
  /// - Returns: `nil` where that is not `scale · x + shift`.
  package func affine(of source: String, _ shape: Shape) -> ChannelAffine? {
    guard shape.rank >= 2 else { return nil }
    if node.type == "BatchNormalization" {
      return node.inputs[0] == source ? batchNormalization(channels: shape[1]) : nil
    }
    guard case .arithmetic(let operation)? = Operator.table[node.type]?.role(self),
      node.inputs.count == 2, let place = node.inputs.firstIndex(of: source),
      let values = constants[node.inputs[1 - place]]?.tensor.perChannel(of: shape)
    else { return nil }
    return operation.affine(values, isSecond: place == 0)
  }

  /// A batch norm with the statistics that the file has.
  private func batchNormalization(channels: Int) -> ChannelAffine? {
    let parameters = (1...4).compactMap { position in
      node.input(position).flatMap { constants[$0]?.tensor.scalars }
    }
    guard node.int("training_mode", default: 0) == 0, node.int("spatial", default: 1) != 0,
      parameters.count == 4,
      parameters.allSatisfy({ $0.count == channels })
    else { return nil }
    let epsilon = Double(node.float("epsilon", default: 1e-5))
    let scale = (0..<channels).map {
      Float(Double(parameters[0][$0]) / (Double(parameters[3][$0]) + epsilon).squareRoot())
    }
    let shift = scale.indices.map { parameters[1][$0] - parameters[2][$0] * scale[$0] }
    return ChannelAffine(scale: scale, shift: shift)
  }
}

extension Role.Arithmetic {
  /// The operation with one constant a channel.
  ///
  /// - Parameters:
  ///   - values: The constants.
  ///   - isSecond: Whether they are the second operand.
  /// - Returns: `nil` for a division by what varies.
  package func affine(_ values: [Float], isSecond: Bool) -> ChannelAffine? {
    let ones = values.map { _ in Float(1) }
    let zeros = values.map { _ in Float(0) }
    switch (self, isSecond) {
    case (.addition, _): return ChannelAffine(scale: ones, shift: values)
    case (.subtraction, true): return ChannelAffine(scale: ones, shift: values.map { -$0 })
    case (.subtraction, false): return ChannelAffine(scale: ones.map { -$0 }, shift: values)
    case (.multiplication, _): return ChannelAffine(scale: values, shift: zeros)
    case (.division, true): return ChannelAffine(scale: values.map { 1 / $0 }, shift: zeros)
    case (.division, false): return nil
    }
  }
}

extension Tensor {
  /// One value a channel, where the tensor broadcasts over a shape N×C×… and varies along channels alone.
  fileprivate func perChannel(of map: Shape) -> [Float]? {
    guard shape.rank <= map.rank else { return nil }
    if count == 1 { return [Float](repeating: scalars[0], count: map[1]) }
    let axis = shape.rank - map.rank + 1
    guard axis >= 0, shape[axis] == map[1], count == map[1] else { return nil }
    return scalars
  }
}
