import Networks
import Tensors

/// The plans used last, of one explained objective or of several that share their room, and the threads that run them.
final class PlanShelf {
  /// Whose plan it is, and what it was made for.
  struct Place {
    let owner: ObjectIdentifier
    let key: AnyHashable
  }

  /// The most plans that are kept.
  private static let mostPlans = 3
  /// Bytes of kept plans together, 200 MB; one may have more.
  private static let room = 200 << 20

  /// The plans, the one used last at the end.
  ///
  /// Each holds the network's weights, packed for its passes.
  private var plans: [(place: Place, bytes: Int, plan: Plan)] = []
  private let pool: ThreadPool
  private let ownsPool: Bool

  /// Creates an empty shelf whose plans share their threads.
  init(threads: Int) {
    if let shared = ThreadPool.current, shared.threads == threads {
      (pool, ownsPool) = (shared, false)
    } else {
      (pool, ownsPool) = (ThreadPool(threads: threads), true)
    }
  }

  deinit {
    plans = []
    if ownsPool { pool.stop() }
  }

  /// The plan of a place, made where there is none; those for which there is no room beside it go first.
  ///
  /// - Parameters:
  ///   - place: Whose it is, and what it is made for.
  ///   - weights: Bytes of the weights that it packs.
  ///   - serves: Whether a plan that the same owner has made for another key does as well.
  ///   - make: Makes it.
  /// - Returns: The plan.
  /// - Throws: What `make` throws.
  func plan(
    _ place: Place, weights: Int, serves: (AnyHashable) -> Bool, _ make: () throws -> Plan
  ) throws -> Plan {
    let found = plans.firstIndex { $0.place.owner == place.owner && serves($0.place.key) }
    if let found {
      let entry = plans.remove(at: found)
      plans.append(entry)
      return entry.plan
    }
    makeRoom(for: weights)
    FreedMemory.giveBack()
    let plan = try sharingThreads(make)
    plans.append((place, weights + plan.arenaBytes, plan))
    return plan
  }

  /// Lets go of the plans used longest ago, until so many bytes have room beside the others.
  func makeRoom(for bytes: Int) {
    var taken = plans.reduce(bytes) { $0 + $1.bytes }
    while !plans.isEmpty, plans.count >= Self.mostPlans || taken > Self.room {
      taken -= plans.removeFirst().bytes
    }
  }

  /// Lets go of all plans of an owner that goes.
  func remove(of owner: ObjectIdentifier) { plans.removeAll { $0.place.owner == owner } }

  /// How many plans there are.
  var count: Int { plans.count }

  /// Lets the plans that are made meanwhile share the threads.
  func sharingThreads<Result>(_ body: () throws -> Result) rethrows -> Result {
    try ThreadPool.$current.withValue(pool, operation: body)
  }
}
