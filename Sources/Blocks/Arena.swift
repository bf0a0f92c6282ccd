/// One block of memory for all maps of a plan: maps that are never needed at the same time share a place.
///
/// - Note: Greedy by size, which is within a few percent of the lower bound on networks (Pisarchyk and
///   Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020).
package final class Arena {
  private struct Tenant {
    let map: FeatureMap
    var from: Int
    var through: Int
  }

  private var tenants: [ObjectIdentifier: Tenant] = [:]
  private var order: [ObjectIdentifier] = []
  private var memory: UnsafeMutablePointer<Float>?

  /// Floats in the arena, once it is laid out.
  package private(set) var count = 0

  /// An arena without tenants.
  package init() {}

  /// Says that a map is written or read at a time; it keeps its place from the first to the last.
  package func use(_ map: FeatureMap, at time: Int) {
    let root = map.root
    let id = ObjectIdentifier(root)
    if let tenant = tenants[id] {
      tenants[id]?.from = min(tenant.from, time)
      tenants[id]?.through = max(tenant.through, time)
    } else {
      tenants[id] = Tenant(map: root, from: time, through: time)
      order.append(id)
    }
  }

  /// Finds every map a place and gives it its memory, all of it 0.
  ///
  /// - Throws: `MemoryError` where there is not so much.
  package func layOut() throws {
    var placed: [(tenant: Tenant, offset: Int, end: Int)] = []
    let bySize = order.compactMap { tenants[$0] }.sorted { $0.map.count > $1.map.count }
    for tenant in bySize {
      try MemoryLimit.check(scalars: tenant.map.count)
      let size = (tenant.map.count + 15) & ~15
      let rivals =
        placed
        .filter { $0.tenant.from <= tenant.through && tenant.from <= $0.tenant.through }
        .sorted { $0.offset < $1.offset }
      var offset = 0
      for rival in rivals {
        if rival.offset >= offset + size { break }
        offset = max(offset, rival.end)
      }
      placed.append((tenant, offset, offset + size))
      count = max(count, offset + size)
    }
    try MemoryLimit.check(scalars: count)
    let floats = FloatBuffer.memory(max(count, 16))
    floats.initialize(repeating: 0, count: max(count, 16))
    memory = floats
    for (tenant, offset, _) in placed { tenant.map.place(at: floats + offset) }
  }

  deinit {
    memory?.deallocate()
  }
}
