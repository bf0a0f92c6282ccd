import Blocks
import Networks
import Visualization

/// What the kernels take, those that take most first.
struct BenchTable {
  private let stages: [Plan.StageTime]
  private let roofline: Roofline

  init(_ stages: [Plan.StageTime], _ roofline: Roofline) {
    self.stages = stages.enumerated()
      .sorted { ($1.element.seconds, $0.offset) < ($0.element.seconds, $1.offset) }.map(\.element)
    self.roofline = roofline
  }

  private var total: Double { stages.reduce(0) { $0 + $1.seconds } }

  /// The table, for 80 columns, its last line the total.
  var lines: [String] {
    let (operations, bandwidth) = (roofline.operations / 1e9, roofline.bandwidth / 1e9)
    let sum = line(
      "all \(stages.count) kernels", seconds: total,
      multiplyAdds: stages.reduce(0) { $0 + $1.multiplyAdds },
      bytes: stages.reduce(0) { $0 + $1.bytes })
    return [
      "",
      "At best: \(operations.fixed(0)) GFLOP/s, \(bandwidth.fixed(0)) GB/s to memory. Rates of convolutions count what",
      "their definition takes; Winograd's method takes less and may pass 100 % of that.",
      "",
      "      ms    share  GFLOP/s  of best   GB/s  kernel, the slowest first",
    ]
      + stages.map { stage in
        line(
          stage.name + (stage.layer.isEmpty ? "" : "   \(stage.layer)"), seconds: stage.seconds,
          multiplyAdds: stage.multiplyAdds, bytes: stage.bytes)
      } + ["", sum]
  }

  private func line(_ name: String, seconds: Double, multiplyAdds: Int, bytes: Int) -> String {
    let rate = 2 * Double(multiplyAdds) / max(seconds, 1e-9) / 1e9
    let speed = Double(bytes) / max(seconds, 1e-9) / 1e9
    let best = 100 * rate / (roofline.operations / 1e9)
    let columns = [
      (seconds * 1e3).fixed(3).paddedOnLeft(to: 8),
      "\((100 * seconds / max(total, 1e-12)).fixed(1)) %".paddedOnLeft(to: 9),
      (rate == 0 ? "" : rate.fixed(0)).paddedOnLeft(to: 9),
      (rate == 0 ? "" : "\(best.fixed(0)) %").paddedOnLeft(to: 9),
      (speed == 0 ? "" : speed.fixed(0)).paddedOnLeft(to: 7), "  ", name,
    ]
    return columns.joined()
  }
}
