import Blocks
import Networks
import Tensors

/// The plans of one explained objective, those used last, and what else methods keep between pictures.
final class PlanCache {
  /// What a plan was made for.
  struct Key: Hashable {
    var count: Int
    var rule: GradientRule
    var layers: [Reading.Source]
    /// Whether what the layers yield is read.
    var showsLayers = true
    var differentiable: Bool
    /// How its convolutions are computed.
    var method = ConvolutionMethod.chosen
  }

  /// Where the plans stand.
  let shelf: PlanShelf
  private var kept: [AnyHashable: Any] = [:]

  /// Creates an empty cache.
  ///
  /// - Parameter shelf: Where its plans stand, beside others'.
  init(on shelf: PlanShelf) { self.shelf = shelf }

  deinit { shelf.remove(of: ObjectIdentifier(self)) }

  /// The plan for a key, made where there is none; those for which there is no room beside it go first.
  ///
  /// - Parameters:
  ///   - key: What it is made for.
  ///   - weights: Bytes of the weights that it packs.
  ///   - make: Makes it.
  /// - Returns: The plan.
  /// - Throws: What `make` throws.
  func plan(_ key: some Hashable, weights: Int, _ make: () throws -> Plan) throws -> Plan {
    try shelf.plan(
      .init(owner: ObjectIdentifier(self), key: AnyHashable(key)), weights: weights,
      serves: { Self.does($0, what: key) }, make)
  }

  /// Lets go of the plans used longest ago, until so many bytes have room beside the others.
  func makeRoom(for bytes: Int) { shelf.makeRoom(for: bytes) }

  /// Whether a plan is for a key: forwards, one that can go back as well does the same.
  private static func does(_ other: AnyHashable, what key: some Hashable) -> Bool {
    guard let key = key as? Key, !key.differentiable, var other = other.base as? Key,
      other.differentiable
    else { return other == AnyHashable(key) }
    (other.differentiable, other.rule) = (false, key.rule)
    return other == key
  }

  /// What was made under a key before.
  func value<Value>(_ key: some Hashable, _ make: () throws -> Value) rethrows -> Value {
    if let value = kept[AnyHashable(key)] as? Value { return value }
    let value = try make()
    kept[AnyHashable(key)] = value
    return value
  }

  /// Lets the plans that are made meanwhile share the threads.
  func sharingThreads<Result>(_ body: () throws -> Result) rethrows -> Result {
    try shelf.sharingThreads(body)
  }
}
