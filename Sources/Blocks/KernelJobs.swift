package import CKernels
package import Tensors

/// Calls of a convolution kernel that make up one step, and how they are shared out over threads.
package final class KernelJobs {
  package typealias Kernel = (UnsafePointer<kernel_convolution>, Int32, Int32, Int32, Int32) -> Void

  private struct Part {
    var job: Int
    var blocks: Range<Int>
    /// Rows, or tiles by Winograd's method.
    var rows: Range<Int>
  }

  private let call: (UnsafePointer<kernel_convolution>, Part, _ thread: Int) -> Void
  private let jobs: UnsafeMutableBufferPointer<kernel_convolution>
  private var parts: [Part] = []
  /// Weights and taps that the jobs point to.
  private let owned: [AnyObject]

  /// - Parameters:
  ///   - kernel: `kernel_convolve` or `kernel_convolve_depthwise`.
  ///   - jobs: Calls that write different pixels.
  ///   - owned: What keeps the jobs' memory alive.
  ///   - threads: How many threads will share them.
  package init(
    _ kernel: @escaping Kernel, _ jobs: [kernel_convolution], owned: [AnyObject], threads: Int
  ) {
    call = { job, part, _ in
      kernel(
        job, Int32(part.blocks.lowerBound), Int32(part.blocks.upperBound),
        Int32(part.rows.lowerBound), Int32(part.rows.upperBound))
    }
    self.owned = owned
    self.jobs = .allocate(capacity: jobs.count)
    _ = self.jobs.initialize(from: jobs)
    for (index, job) in jobs.enumerated() { divide(job, index, jobs: jobs.count, threads: threads) }
  }

  /// Calls of `kernel_convolve_winograd`.
  ///
  /// - Parameters:
  ///   - jobs: Calls that write different pixels.
  ///   - side: Outputs a side of a tile.
  ///   - owned: What keeps the jobs' memory alive.
  ///   - scratch: The kernel's memory, for as many threads as will share the calls.
  package init(winograd jobs: [kernel_convolution], side: Int, owned: [AnyObject], scratch: Scratch)
  {
    call = { job, part, thread in
      kernel_convolve_winograd(
        job, Int32(side), scratch.piece(of: thread), Int32(part.blocks.lowerBound),
        Int32(part.blocks.upperBound), Int32(part.rows.lowerBound), Int32(part.rows.upperBound))
    }
    self.owned = owned
    self.jobs = .allocate(capacity: jobs.count)
    _ = self.jobs.initialize(from: jobs)
    for (index, job) in jobs.enumerated() {
      scratch.reserve(kernel_winograd_scratch(job.channels, job.blocks))
      let tiles = Int(kernel_winograd_tiles(Int32(side), job.rows, job.columns))
      divide(job, index, tiles: tiles, jobs: jobs.count, threads: scratch.threads)
    }
  }

  /// Calls of `kernel_convolve` that read the same weights, packed for each part, a few blocks at a time.
  ///
  /// - Parameters:
  ///   - matrix: The weights of all jobs.
  ///   - jobs: Calls that write different pixels.
  ///   - owned: What keeps the jobs' memory alive.
  ///   - scratch: Memory for the packed blocks, for as many threads as will share the calls.
  package init(
    _ matrix: WeightMatrix, _ jobs: [kernel_convolution], owned: [AnyObject], scratch: Scratch
  ) {
    let blocks = jobs.reduce(0) { max($0, Int($1.blocks)) }
    let threads = scratch.threads
    let group = max(WeightMatrix.blocksAtOnce, blocks / (4 * threads))
    let groups = (blocks + group - 1) / group
    let shares = threads == 1 ? 1 : max(1, 2 * threads / max(1, groups))
    let copies = UnsafeMutableBufferPointer<kernel_convolution>.allocate(capacity: jobs.count)
    _ = copies.initialize(from: jobs)
    call = { _, part, thread in
      matrix.convolve(
        copies, blocks: part.blocks, share: part.rows.lowerBound, of: shares,
        panel: scratch.piece(of: thread))
    }
    self.owned = owned
    self.jobs = copies
    scratch.reserve(WeightMatrix.blocksAtOnce * matrix.floatsOfBlock)
    for first in stride(from: 0, to: blocks, by: group) {
      for share in 0..<shares {
        parts.append(
          Part(job: 0, blocks: first..<min(first + group, blocks), rows: share..<share + 1))
      }
    }
  }

  deinit {
    jobs.deallocate()
  }

  /// Groups of 4 blocks, enough for the kernel's widest tile, and where these are too few to keep all
  /// threads busy to the end, also rows.
  private func divide(_ job: kernel_convolution, _ index: Int, jobs: Int, threads: Int) {
    let (blocks, rows) = (Int(job.blocks), Int(job.rows))
    let group = threads == 1 ? blocks : min(blocks, 4)
    let groups = (blocks + group - 1) / max(group, 1)
    let wanted = threads == 1 ? 1 : max(1, 3 * threads / max(1, groups * jobs))
    let step = max(1, (rows + wanted - 1) / wanted)
    for row in stride(from: 0, to: rows, by: step) {
      for block in stride(from: 0, to: blocks, by: max(group, 1)) {
        parts.append(
          Part(
            job: index, blocks: block..<min(block + group, blocks),
            rows: row..<min(row + step, rows)))
      }
    }
  }

  /// Groups of tiles that are worth the weights they read, and where these are too few for all threads,
  /// each in pairs of blocks.
  private func divide(
    _ job: kernel_convolution, _ index: Int, tiles: Int, jobs: Int, threads: Int
  ) {
    let pairs = Int(job.blocks + 1) / 2
    let wanted = threads == 1 ? 1 : max(1, (3 * threads + jobs - 1) / jobs)
    let tileGroups = min(wanted, max(1, tiles / 24))
    let needed = jobs >= threads ? 1 : (threads + tileGroups * jobs - 1) / (tileGroups * jobs)
    let blockGroups = min(pairs, needed)
    for group in 0..<tileGroups {
      for part in 0..<blockGroups {
        let blocks = pairs * part / blockGroups * 2..<pairs * (part + 1) / blockGroups * 2
        parts.append(
          Part(
            job: index, blocks: blocks.clamped(to: 0..<Int(job.blocks)),
            rows: tiles * group / tileGroups..<tiles * (group + 1) / tileGroups))
      }
    }
  }

  package func run(_ pool: ThreadPool) {
    let parts = parts
    pool.run(parts.count) { (index: Int, thread: Int) in
      let part = parts[index]
      guard let job = jobs.baseAddress else { return }
      call(job + part.job, part, thread)
    }
  }
}

/// Offsets of taps at a fixed address.
package final class TapOffsets {
  package let pointer: UnsafeMutablePointer<Int>
  package let count: Int

  package init(_ offsets: [Int]) {
    count = offsets.count
    pointer = .allocate(capacity: max(offsets.count, 1))
    pointer.update(from: offsets, count: offsets.count)
  }

  deinit {
    pointer.deallocate()
  }
}
