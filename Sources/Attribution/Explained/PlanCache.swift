import Networks
import Tensors

/// The plans of one explained objective, those used last, and what else methods keep between pictures.
final class PlanCache {
  /// What a plan was made for.
  struct Key: Hashable {
    var count: Int
    var rule: GradientRule
    var layers: [Reading.Source]
    var differentiable: Bool
  }

  /// Each plan holds the network's weights, packed for its passes.
  private static let mostPlans = 3

  private var plans: [(key: Key, plan: Plan)] = []
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

  /// The plan for a key, made where there is none.
  func plan(_ key: Key, _ make: () throws -> Plan) throws -> Plan {
    // Forwards, a plan that can go back as well does the same.
    let found = plans.firstIndex {
      var other = $0.key
      if !key.differentiable, other.differentiable {
        (other.differentiable, other.rule) = (false, key.rule)
      }
      return other == key
    }
    let entry = try found.map { plans.remove(at: $0) } ?? (key: key, plan: sharingThreads(make))
    plans.append(entry)
    if plans.count > Self.mostPlans { plans.removeFirst() }
    return entry.plan
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
