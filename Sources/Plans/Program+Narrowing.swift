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
    // The gradients of a channel that is named twice are one before they pass a rectifier.
    guard Set(channels).count == channels.count else { return nil }
    var way = Narrowing(makers: makers())
    return narrow(value, to: channels, kept, &way)
  }

  /// What is known on the way back from a value to what it is made of.
  private struct Narrowing {
    /// The instructions that make values, all that there were at first.
    let makers: [Value: Int]
    /// What has been narrowed to these channels so far.
    var known: [Value: Value?] = [:]
    /// How many instructions the way has led through.
    var depth = 0
    /// Beyond this all channels are computed: the way back is walked on the stack.
    static let deepest = 500
  }

  /// The same, on the way.
  private mutating func narrow(
    _ value: Value, to channels: [Int], _ kept: Set<Value>, _ way: inout Narrowing
  ) -> Value? {
    if kept.contains(value) { return nil }
    if let done = way.known[value] { return done }
    guard way.depth < Narrowing.deepest else { return nil }
    way.depth += 1
    defer { way.depth -= 1 }
    let result = narrowProducer(of: value, to: channels, kept, &way)
    way.known.updateValue(result, forKey: value)
    return result
  }

  private mutating func narrowProducer(
    of value: Value, to channels: [Int], _ kept: Set<Value>, _ way: inout Narrowing
  ) -> Value? {
    guard case .blocks(let batch, let all, let height, let width) = forms[value],
      channels.allSatisfy({ $0 < all }),
      let producer = way.makers[value]
    else { return nil }
    var narrowed = instructions[producer]
    switch narrowed.operation {
    case .convolution(let convolution):
      guard let kept = convolution.keeping(channels) else { return nil }
      narrowed.operation = .convolution(kept)
    case .concatenate:
      return narrowConcatenation(narrowed.inputs, to: channels, kept, way)
    case .scaleShift(let scale, let shift):
      narrowed.operation = .scaleShift(channels.map { scale[$0] }, channels.map { shift[$0] })
      guard let input = narrow(narrowed.inputs[0], to: channels, kept, &way) else { return nil }
      narrowed.inputs = [input]
    case .maxPool, .averagePool, .copy, .add, .multiply, .activation:
      var inputs: [Value] = []
      for input in narrowed.inputs {
        guard let input = narrow(input, to: channels, kept, &way) else { return nil }
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
    _ parts: [Value], to channels: [Int], _ kept: Set<Value>, _ way: Narrowing
  ) -> Value? {
    var first = 0
    for part in parts {
      guard case .blocks(_, let count, _, _) = forms[part] else { return nil }
      let range = first..<first + count
      if channels.allSatisfy(range.contains) {
        if channels == Array(range) { return part }
        // Other channels of what stands behind: nothing known of them.
        var way = way
        way.known = [:]
        return narrow(part, to: channels.map { $0 - first }, kept, &way)
      }
      first += count
    }
    return nil
  }
}
