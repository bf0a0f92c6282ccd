import Blocks
import Networks
import Tensors
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

  /// The table, for 80 columns; its last lines are the total, and what it would be at the roofs.
  var lines: [String] {
    let (operations, bandwidth) = (roofline.operations / 1e9, roofline.bandwidth / 1e9)
    let roof = stages.reduce(0) { $0 + self.roof($1) }
    let sum = line(
      "all \(stages.count) kernels", seconds: total, roof: roof,
      multiplyAdds: stages.reduce(0) { $0 + $1.multiplyAdds },
      bytes: stages.reduce(0) { $0 + $1.bytes })
    return [
      "",
      "At best: \(operations.fixed(0)) GFLOP/s, \(bandwidth.fixed(0)) GB/s to memory; the slower of both for a kernel's",
      "multiply-adds and bytes is its roof. Convolutions count what their definition",
      "takes; Winograd's method takes less, and what the cache still holds comes",
      "faster: both may pass 100 %.",
      "",
      "      ms    share  GFLOP/s  of roof   GB/s  kernel, the slowest first",
    ]
      + stages.map { stage in
        line(
          stage.name + (stage.layer.isEmpty ? "" : "   \(stage.layer)"), seconds: stage.seconds,
          roof: self.roof(stage), multiplyAdds: stage.multiplyAdds, bytes: stage.bytes)
      } + [
        "", sum, "\((1e3 * roof).fixed(3).paddedOnLeft(to: 8))  if each took what its roof takes",
      ]
  }

  /// The seconds of the slower of what is computed and what is moved; an instruction does two multiply-adds in bfloat16
  /// where it does one in floats.
  private func roof(_ stage: Plan.StageTime) -> Double {
    let operations = roofline.operations * (stage.precision == .bfloat16 ? 2 : 1)
    return max(
      2 * Double(stage.multiplyAdds) / operations, Double(stage.bytes) / roofline.bandwidth)
  }

  private func line(
    _ name: String, seconds: Double, roof: Double, multiplyAdds: Int, bytes: Int
  ) -> String {
    let rate = 2 * Double(multiplyAdds) / max(seconds, 1e-9) / 1e9
    let speed = Double(bytes) / max(seconds, 1e-9) / 1e9
    let share = 100 * roof / max(seconds, 1e-9)
    let columns = [
      (seconds * 1e3).fixed(3).paddedOnLeft(to: 8),
      "\((100 * seconds / max(total, 1e-12)).fixed(1)) %".paddedOnLeft(to: 9),
      (rate == 0 ? "" : rate.fixed(0)).paddedOnLeft(to: 9),
      (rate == 0 ? "" : "\(share.fixed(0)) %").paddedOnLeft(to: 9),
      (speed == 0 ? "" : speed.fixed(0)).paddedOnLeft(to: 7), "  ", name,
    ]
    return columns.joined()
  }
}
