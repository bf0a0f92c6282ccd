import Memory

/// One block of memory for all maps of a plan: maps that are never needed at the same time share a place.
///
/// - Note: Greedy by size, which is within a few percent of the lower bound on networks (Pisarchyk and
///   Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020).
package final class Arena {
  private struct Tenant {
    let map: FeatureMap
    var from: Int
    var through: Int

    /// Floats of its place, a whole number of lines of the cache.
    var size: Int { (map.count + 15) & ~15 }
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
  /// - Parameter others: Floats that are taken beside the maps.
  /// - Throws: `MemoryError` where there is not so much.
  package func layOut(beside others: Int = 0) throws {
    let tenants = order.compactMap { self.tenants[$0] }
    for tenant in tenants { try MemoryLimit.check(scalars: tenant.map.count) }
    let placed =
      tenants.count > Self.mostCompared ? placedInOrder(tenants) : placedBySize(tenants)
    try MemoryLimit.check(scalars: MemoryLimit.sum(count, others))
    let floats = FloatBuffer.memory(max(count, 16))
    floats.initialize(repeating: 0, count: max(count, 16))
    memory = floats
    for (tenant, offset) in placed { tenant.map.place(at: floats + offset) }
  }

  /// The most maps of which every two are compared.
  private static let mostCompared = 4096

  /// The largest first, each where it is in nobody's way.
  private func placedBySize(_ tenants: [Tenant]) -> [(tenant: Tenant, offset: Int)] {
    var placed: [(tenant: Tenant, offset: Int, end: Int)] = []
    for tenant in tenants.sorted(by: { $0.map.count > $1.map.count }) {
      let size = tenant.size
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
    return placed.map { ($0.tenant, $0.offset) }
  }

  /// In the order in which they come, each where one of the same size has gone: in time that grows with their
  /// number only.
  private func placedInOrder(_ tenants: [Tenant]) -> [(tenant: Tenant, offset: Int)] {
    let leaving = tenants.indices.sorted { tenants[$0].through < tenants[$1].through }
    var gone = 0
    var free: [Int: [Int]] = [:]
    var offsets = [Int](repeating: 0, count: tenants.count)
    for index in tenants.indices.sorted(by: { tenants[$0].from < tenants[$1].from }) {
      while tenants[leaving[gone]].through < tenants[index].from {
        free[tenants[leaving[gone]].size, default: []].append(offsets[leaving[gone]])
        gone += 1
      }
      let size = tenants[index].size
      if let offset = free[size]?.popLast() {
        offsets[index] = offset
      } else {
        offsets[index] = count
        count = MemoryLimit.sum(count, size)
      }
    }
    return zip(tenants, offsets).map { ($0, $1) }
  }

  deinit {
    if let memory { Allocation.free(memory) }
  }
}
