import Networks
import Visualization

/// What `bench` found, for people and for other programs.
struct BenchResult: Encodable {
  let unit: String
  let threads: Int
  let size: [Int]
  let openMilliseconds: Double
  /// The forward pass alone, of a plan that has no way back.
  let forward: Spread
  /// Forward pass and gradient.
  let passes: Spread
  /// A whole step of the ascent.
  let step: Spread
  let stepNetworkMilliseconds: Double
  let arenaMegabytes: Double
  let peakGigaflops: Double
  /// How many cores other programs kept busy meanwhile; nil where the system does not say.
  let otherCores: Double?
  let kernels: [Kernel]
  /// The medians, under the names that they stand by.
  private let passesMilliseconds, stepMilliseconds: Double

  /// A kernel, in the order in which they run.
  struct Kernel: Encodable {
    let name, layer: String
    let milliseconds, gigaflops: Double

    init(_ stage: Plan.StageTime) {
      (name, layer, milliseconds) = (stage.name, stage.layer, stage.seconds * 1e3)
      gigaflops = stage.gigaflops
    }
  }

  init(
    unit: String, threads: Int, size: [Int], openMilliseconds: Double, forward: Spread,
    passes: Spread, step: Spread, stepNetworkMilliseconds: Double, arenaMegabytes: Double,
    peakGigaflops: Double,
    otherCores: Double?, kernels: [Kernel]
  ) {
    (self.unit, self.threads, self.size) = (unit, threads, size)
    (self.openMilliseconds, self.forward) = (openMilliseconds, forward)
    (self.passes, self.step) = (passes, step)
    (passesMilliseconds, stepMilliseconds) = (passes.median, step.median)
    self.stepNetworkMilliseconds = stepNetworkMilliseconds
    (self.arenaMegabytes, self.peakGigaflops) = (arenaMegabytes, peakGigaflops)
    (self.otherCores, self.kernels) = (otherCores, kernels)
  }

  /// The first lines, each time with the shortest and the longest of its repeats.
  var lines: [String] {
    let share = 100 * stepNetworkMilliseconds / max(step.median, 1e-9)
    return [
      "\(unit), \(size[1])×\(size[0]), \(threads) thread\(threads == 1 ? "" : "s")",
      "  reading the file and planning  \(openMilliseconds.fixed(0)) ms",
      "  forward alone                  \(forward.inWords)",
      "  forward and gradient           \(passes.inWords)",
      "  a whole step of the ascent     \(step.inWords), \(share.fixed(0)) % of it the network",
      "  activations and gradients      \(arenaMegabytes.fixed(0)) MB",
    ]
  }
}

extension Plan.StageTime {
  /// What the definition takes, over the time, in 10⁹ operations a second.
  var gigaflops: Double { 2 * Double(multiplyAdds) / max(seconds, 1e-9) / 1e9 }
}
