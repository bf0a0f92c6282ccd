extension Program {
  /// Lets a concatenation that begins with all parts of an earlier one begin with that one instead, so that the
  /// plan can make the earlier one a view of it: in a DenseNet, where each layer reads what all layers before it have
  /// made, nothing is copied then, there or back.
  ///
  /// - Parameter observed: Values whose gradients somebody wants to see: what comes through a later concatenation of
  ///   their parts is not theirs.
  package mutating func nestConcatenations(observing observed: Set<Value>) {
    var earlier: [Value: [(parts: [Value], whole: Value)]] = [:]
    for index in instructions.indices {
      guard case .concatenate = instructions[index].operation else { continue }
      let parts = instructions[index].inputs
      if let (first, whole) = earlier[parts[0]]?.last(where: {
        $0.parts.count < parts.count && parts.starts(with: $0.parts)
      }) {
        instructions[index].inputs = [whole] + parts[first.count...]
      }
      let whole = instructions[index].output
      if !observed.contains(whole) { earlier[parts[0], default: []].append((parts, whole)) }
    }
  }
}
