import Blocks
import Graphs

extension Program {
  /// A value that holds only some channels of another, made without the rest where that is possible:
  /// a unit of a mid layer needs one output channel of its convolution and one branch of its block.
  ///
  /// - Parameters:
  ///   - value: The other value.
  ///   - channels: Which of its channels, in order.
  ///   - kept: Values that stay whole, and on the way to the result.
  /// - Returns: The new value, or `nil` where the channels can only be had by computing all.
  mutating func narrow(
    _ value: Value, to channels: [Int], keeping kept: Set<Value> = []
  ) -> Value? {
    var known: [Value: Value?] = [:]
    return narrow(value, to: channels, kept, &known)
  }

  /// The same, with what has been narrowed to these channels so far.
  private mutating func narrow(
    _ value: Value, to channels: [Int], _ kept: Set<Value>, _ known: inout [Value: Value?]
  ) -> Value? {
    if kept.contains(value) { return nil }
    if let done = known[value] { return done }
    let result = narrowProducer(of: value, to: channels, kept, &known)
    known.updateValue(result, forKey: value)
    return result
  }

  private mutating func narrowProducer(
    of value: Value, to channels: [Int], _ kept: Set<Value>, _ known: inout [Value: Value?]
  ) -> Value? {
    guard case .blocks(let batch, let all, let height, let width) = forms[value],
      channels.allSatisfy({ $0 < all }),
      let producer = instructions.firstIndex(where: { $0.outputs == [value] })
    else { return nil }
    var narrowed = instructions[producer]
    switch narrowed.operation {
    case .convolution(let convolution):
      guard let kept = convolution.keeping(channels) else { return nil }
      narrowed.operation = .convolution(kept)
    case .concatenate:
      return narrowConcatenation(narrowed.inputs, to: channels, kept)
    case .scaleShift(let scale, let shift):
      narrowed.operation = .scaleShift(channels.map { scale[$0] }, channels.map { shift[$0] })
      guard let input = narrow(narrowed.inputs[0], to: channels, kept, &known) else { return nil }
      narrowed.inputs = [input]
    case .maxPool, .averagePool, .copy, .add, .multiply, .activation:
      var inputs: [Value] = []
      for input in narrowed.inputs {
        guard let input = narrow(input, to: channels, kept, &known) else { return nil }
        inputs.append(input)
      }
      narrowed.inputs = inputs
    default:
      return nil
    }
    let result = self.value(
      .blocks(batch: batch, channels: channels.count, height: height, width: width))
    narrowed.outputs = [result]
    instructions.append(narrowed)
    return result
  }

  private mutating func narrowConcatenation(
    _ parts: [Value], to channels: [Int], _ kept: Set<Value>
  ) -> Value? {
    var first = 0
    for part in parts {
      guard case .blocks(_, let count, _, _) = forms[part] else { return nil }
      let range = first..<first + count
      if channels.allSatisfy(range.contains) {
        if channels == Array(range) { return part }
        return narrow(part, to: channels.map { $0 - first }, keeping: kept)
      }
      first += count
    }
    return nil
  }
}
