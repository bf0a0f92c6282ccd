import Foundation
import Networks
import Visualization

/// What other programs compute while something is measured.
///
/// Linux counts the time that all cores are busy; what this process has computed is not the others'.
struct OtherPrograms {
  private let start = ContinuousClock.now
  private let busy = Self.busySeconds()
  private let own = Self.ownSeconds()

  /// How many cores others have kept busy since the start, on average; nil where the system does not say.
  var cores: Double? {
    guard let before = busy, let after = Self.busySeconds() else { return nil }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    return max(0, after - before - (Self.ownSeconds() - own)) / max(elapsed, 1e-3)
  }

  /// What to say where they took so much that the times mean little.
  var warning: String? {
    guard let cores, cores > 0.15 else { return nil }
    return
      "Other programs kept \(cores.fixed(1)) of \(processorCount) cores busy meanwhile: these times are too long, "
      + "and not to be compared."
  }

  /// The seconds that all cores have been busy since the machine started.
  private static func busySeconds() -> Double? {
    #if os(Linux)
      guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else {
        return nil
      }
      // user nice system idle iowait irq softirq steal
      let fields = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().map {
        Double($0) ?? 0
      }
      guard fields.count >= 8 else { return nil }
      let ticks = fields[0] + fields[1] + fields[2] + fields[5] + fields[6] + fields[7]
      return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    #else
      return nil
    #endif
  }

  /// The seconds that this process has computed.
  private static func ownSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
