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

  /// The most plans that are kept.
  private static let mostPlans = 3
  /// Bytes of kept plans together, 200 MB; one may have more.
  private static let room = 200 << 20

  /// The plans, the one used last at the end.
  ///
  /// Each holds the network's weights, packed for its passes.
  private var plans: [(key: AnyHashable, bytes: Int, plan: Plan)] = []
  private var kept: [AnyHashable: Any] = [:]
  private let pool: ThreadPool
  private let ownsPool: Bool

  /// Creates an empty cache whose plans share their threads.
  init(threads: Int) {
    if let shared = ThreadPool.current, shared.threads == threads {
      (pool, ownsPool) = (shared, false)
    } else {
      (pool, ownsPool) = (ThreadPool(threads: threads), true)
    }
  }

  deinit {
    plans = []
    kept = [:]
    if ownsPool { pool.stop() }
  }

  /// The plan for a key, made where there is none; those for which there is no room beside it go first.
  ///
  /// - Parameters:
  ///   - key: What it is made for.
  ///   - weights: Bytes of the weights that it packs.
  ///   - make: Makes it.
  /// - Returns: The plan.
  /// - Throws: What `make` throws.
  func plan(_ key: some Hashable, weights: Int, _ make: () throws -> Plan) throws -> Plan {
    if let found = plans.firstIndex(where: { Self.does($0.key, what: key) }) {
      let entry = plans.remove(at: found)
      plans.append(entry)
      return entry.plan
    }
    makeRoom(for: weights)
    FreedMemory.giveBack()
    let plan = try sharingThreads(make)
    plans.append((AnyHashable(key), weights + plan.arenaBytes, plan))
    return plan
  }

  /// Lets go of the plans used longest ago, until so many bytes have room beside the others.
  func makeRoom(for bytes: Int) {
    var taken = plans.reduce(bytes) { $0 + $1.bytes }
    while !plans.isEmpty, plans.count >= Self.mostPlans || taken > Self.room {
      taken -= plans.removeFirst().bytes
    }
  }

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
    try ThreadPool.$current.withValue(pool, operation: body)
  }
}
