import Contracts

/// The cotangents of some variables, by a walk backwards from `output`.
///
/// Only what depends on `leaves` is visited, each operation once, after all that use its result.
///
/// - Parameters:
///   - cotangent: The cotangent of `output`, of its shape.
///   - output: Where to start.
///   - leaves: Where to end.
/// - Returns: One cotangent a leaf; nil where `output` does not depend on it.
func pullBack(_ cotangent: Variable, from output: Variable, to leaves: [Variable]) -> [Variable?] {
  precondition(
    cotangent.shape == output.shape,
    "pullback: cotangent of shape \(cotangent.shape) for a value of shape \(output.shape)")
  let order = dependents(of: leaves, from: output)
  let visited = Set(order.map(ObjectIdentifier.init)).union(leaves.map(ObjectIdentifier.init))
  var cotangents = [ObjectIdentifier(output): cotangent]
  var bundles: [ObjectIdentifier: [Int: Variable]] = [:]
  for variable in order {
    let key = ObjectIdentifier(variable)
    let contributions: [Variable?]
    switch variable.rule {
    case .leaf: continue
    case .missing:
      fatalError("gradient: “\(variable.operation)” has no derivative")
    case .product(let pullback):
      guard let g = cotangents.removeValue(forKey: key) else { continue }
      contributions = pullback(g, variable)
    case .element(let index):
      bundles[ObjectIdentifier(variable.inputs[0]), default: [:]][index] =
        cotangents.removeValue(forKey: key)
      continue
    case .several(let pullback):
      guard let elements = bundles.removeValue(forKey: key), let last = elements.keys.max()
      else { continue }
      contributions = pullback((0...last).map { elements[$0] })
    }
    precondition(
      contributions.count == variable.inputs.count,
      "\(variable.operation): \(contributions.count) cotangents for \(variable.inputs.count) inputs"
    )
    for (input, contribution) in zip(variable.inputs, contributions) {
      let inputKey = ObjectIdentifier(input)
      guard let contribution, visited.contains(inputKey) else { continue }
      precondition(
        contribution.shape == input.shape,
        "\(variable.operation): cotangent of shape \(contribution.shape) for an input of shape "
          + "\(input.shape)")
      cotangents[inputKey] = cotangents[inputKey].map { $0 + contribution } ?? contribution
    }
  }
  return leaves.map { cotangents[ObjectIdentifier($0)] }
}

/// The variables between `output` and `leaves`, each before its inputs; without the leaves.
private func dependents(of leaves: [Variable], from output: Variable) -> [Variable] {
  let ends = Set(leaves.map(ObjectIdentifier.init))
  let lowest = leaves.reduce(Int.max) { min($0, $1.depth) }
  var seen = ends
  var found: [Variable] = []
  var pending = [output]
  while let variable = pending.popLast() {
    // Nothing as shallow as the shallowest leaf depends on a leaf.
    guard variable.depth > lowest, seen.insert(ObjectIdentifier(variable)).inserted else {
      continue
    }
    found.append(variable)
    pending += variable.inputs
  }
  found.sort { $0.depth < $1.depth }
  var reaching = ends
  let result = found.filter { variable in
    let reaches = variable.inputs.contains { reaching.contains(ObjectIdentifier($0)) }
    if reaches { reaching.insert(ObjectIdentifier(variable)) }
    return reaches
  }
  return result.reversed()
}
