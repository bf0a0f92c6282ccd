import Foundation
import Networks
import Tensors
import Visualization
import Imaging
import Optimizers
let arguments = CommandLine.arguments
if arguments[1] == "verify" {
  for folder in arguments.dropFirst(2) {
    do {
      let golden = try GoldenCase(folder: URL(filePath: folder))
      for check in golden.checks() { print(URL(filePath: folder).lastPathComponent, check.name, check.error, check.failure ?? "") }
    } catch { print(folder, error) }
  }
} else if arguments[1] == "pic" {
  // pic MODEL OUT SIZE STEPS LR OBJ...
  let network = try Network(contentsOf: arguments[2])
  let side = Int(arguments[4])!
  let steps = Int(arguments[5])!
  let lr = Float(arguments[6])!
  let mode = arguments[7]
  var tiles: [ContactSheet.Tile] = []
  for unit in arguments[8...] {
    let parts = unit.split(separator: ":").map(String.init)
    let objective: Objective
    if parts.count == 2, let c = Int(parts[1]) { objective = .channel(parts[0], c) }
    else if parts.count == 2 { objective = .classLogit(network.labels.firstIndex { $0.hasPrefix(parts[1]) }!, in: parts[0]) }
    else { objective = .deepDream(parts[0]) }
    let t: [any Transform] = switch mode { case "none": []; case "standard": .standard; default: .robust }
    let clock = ContinuousClock()
    let s = clock.now
    let r = try visualize(objective, in: PictureNetwork(network), parameterization: FourierImage(side: side), transforms: t, optimizer: Adam(learningRate: lr), steps: steps, seed: 1)
    print(unit, r.initialValue, r.finalValue, clock.now - s)
    tiles.append(.init(Picture(r.picture).resized(width: side * max(1, 256 / side), height: side * max(1, 256 / side)), caption: "\(unit) \(r.finalValue)"))
  }
  try ContactSheet(tiles).picture().write(to: arguments[3])
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
