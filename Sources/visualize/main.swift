import Foundation
import Networks
import Tensors
let arguments = CommandLine.arguments
if arguments[1] == "verify" {
  for folder in arguments.dropFirst(2) {
    do {
      let golden = try GoldenCase(folder: URL(filePath: folder))
      for check in golden.checks() { print(URL(filePath: folder).lastPathComponent, check.name, check.error, check.failure ?? "") }
    } catch { print(folder, error) }
  }
} else {
  let network = try Network(contentsOf: arguments[2])
  if arguments.count > 3, arguments[3] == "layers" { for l in network.layers { print(l.name, l.type) } }
  let layer = arguments.count > 3 ? arguments[3] : network.graph.outputs[0]
  let channel = arguments.count > 4 ? Int(arguments[4]) : nil
  let side = network.fixedSize.height ?? 224
  let threads = Int(ProcessInfo.processInfo.environment["THREADS"] ?? "2")!
  let clock = ContinuousClock()
  let start = clock.now
  let plan = try network.plan(inputShape: [1, 3, side, side], readings: [Reading(layer, channels: channel.map { [$0] })], threads: threads)
  print("plan", clock.now - start, "arena MB", plan.arenaBytes / 1_000_000)
  var random = SplitMix64(seed: 1)
  let x = Tensor.normal([1, 3, side, side], using: &random)
  let g = Tensor(plan.outputShapes[0], repeating: 1)
  var best = Duration.seconds(100)
  for _ in 0..<20 {
    let t = clock.measure { _ = plan.forward(x); _ = plan.backward([g]) }
    best = min(best, t)
  }
  print("forward+backward", best)
  if arguments.count > 5 {
  var sums: [(String, Double)] = []
  for i in 0..<5 {
    for (j, (name, s)) in plan.profile(x).enumerated() {
      if i == 0 { sums.append((name, s)) } else { sums[j].1 = min(sums[j].1, s) }
    }
  }
  for (n, s) in sums { print(String(format: "%8.3f ms  %@", s * 1e3, n as NSString)) }
  }
}
