import ArgumentParser
import Exactness
import Explanations
import Foundation
import Imaging
import Networks
import Portraits
import Tensors
import Verification

/// A network beside its graph in Double, as `verify --exact` prints it.
struct ExactRun {
  let network: Network
  /// The folder of a case whose input goes in.
  var recorded: URL?
  let unit: String?
  let picture: String?
  let seed: UInt64
  let threads: Int
  /// The options that say how pictures are prepared, where there are any.
  var preparing = ""

  /// How many layers are printed.
  private static let rows = 20

  /// Compares, and prints what was found.
  ///
  /// - Returns: Whether both agree.
  /// - Throws: What is wrong with the file, the picture or the unit; `ExactnessError`.
  func prints() throws -> Bool {
    let input = try input()
    let target = try target(at: input)
    let bar = ProgressBar(total: 1000)
    let comparison = try ExactComparison(
      network, input: input, target: target, threads: threads,
      progress: { done, total in bar.update(done * 1000 / max(1, total), "in double precision") })
    bar.finish()
    print(lines(comparison).map { $0.wrapped(at: 79, indent: "  ") }.joined(separator: "\n"))
    try Terminal.flushOutput()
    return comparison.agrees
  }

  /// What the network's input receives: what was recorded, the picture's middle, or noise.
  private func input() throws -> Tensor {
    if let recorded {
      try refusePreparing("the recorded input goes in as it is")
      return try GoldenCase(folder: recorded).input
    }
    if let picture {
      let explainer = try Explainer(network, threads: threads)
      let photograph = try explainer.photograph(Picture(contentsOf: picture), named: picture)
      return network.received(photograph.input, as: explainer.feed)
    }
    var random = SplitMix64(seed: seed)
    let shape = network.inputShape(size: network.pictureSize(nil))
    // Refuses what there is no room for.
    _ = try network.shapes(inputShape: shape)
    guard network.form == .picture, shape.rank == 4 else {
      try refusePreparing("noise goes in as the network's own numbers where they are no picture")
      return Tensor.normal(shape, using: &random)
    }
    return network.received(
      Tensor.uniform(shape, using: &random), as: .picture(network.preparation))
  }

  private func refusePreparing(_ reason: String) throws {
    guard preparing.isEmpty else {
      throw ValidationError("\(reason), and \(preparing) would do nothing; leave it out.")
    }
  }

  private func target(at input: Tensor) throws -> ExactTarget {
    let shapes = try network.shapes(inputShape: input.shape)
    if let unit {
      return try ExactTarget(
        NetworkUnit(unit, in: network, shapes: shapes), in: network, shapes: shapes)
    }
    let value = try network.value(of: .logits)
    guard let shape = shapes[value] else {
      throw NetworkError.missingValue(value)
    }
    if shape.rank == 2, shape[0] == 1, network.logits(in: shapes)?.haveClasses == true {
      let plan = try network.plan(
        inputShape: input.shape, readings: [.init(.value(value))], feed: .raw,
        differentiable: false, threads: threads)
      let scores = try plan.forward(input)[0].scalars
      if let largest = scores.indices.max(by: { scores[$0] < scores[$1] }) {
        return try ExactTarget(
          NetworkUnit(.logit(largest), labels: network.labels), in: network, shapes: shapes)
      }
    }
    return ExactTarget(drawn: value, shape, seed: seed)
  }

  private func lines(_ found: ExactComparison) -> [String] {
    let scientific = VerifyCommand.scientific
    func row(_ layer: ExactComparison.Layer) -> String {
      let numbers = [layer.difference.largest, layer.difference.error].map {
        scientific($0).paddedOnLeft(to: 12)
      }
      let mark =
        layer.difference.error <= ExactComparison.limits.values
        ? "" : layer.difference.isRounding ? "  rounding" : "  over"
      return layer.name.padded(to: 46) + numbers.joined() + mark
    }
    let heads = ["largest", "difference"].map { $0.paddedOnLeft(to: 12) }.joined()
    let sorted = found.layers.sorted { !($0.difference.error <= $1.difference.error) }
    var lines = ["layer".padded(to: 46) + heads]
    lines += sorted.prefix(Self.rows).map(row)
    if sorted.count > Self.rows {
      lines.append("and \(sorted.count - Self.rows) more that differ by less")
    }
    lines.append("")
    lines.append(
      "gradient of \(found.target.title): differs by \(scientific(found.gradientError))")
    lines += choices(found.decisions, found)
    if !found.isAsInFile {
      lines.append("compared with the graph as it was read, not as the file writes it")
    }
    return lines + ["", verdict(found)]
  }

  private func choices(_ decisions: Decisions, _ found: ExactComparison) -> [String] {
    let among =
      decisions.compared == decisions.made
      ? "" : " (of \(decisions.made); the others are not seen in the network's plan)"
    guard decisions.different > 0 else {
      return decisions.compared == 0
        ? []
        : [
          "all \(decisions.compared) choices of rectifiers, maxima and roundings are the same\(among)"
        ]
    }
    let places = decisions.differing.prefix(5).map { "\($0.node): \($0.count) of \($0.of)" }
    let rest = decisions.differing.count > 5 ? ["…"] : []
    return [
      "\(decisions.different) of \(decisions.compared) choices of rectifiers, maxima and roundings "
        + "differ\(among) (" + (places + rest).joined(separator: "; ") + ")",
      "gradient with the same choices: differs by "
        + VerifyCommand.scientific(found.gradientOfSameChoices.error),
    ]
  }

  private func verdict(_ found: ExactComparison) -> String {
    let scientific = VerifyCommand.scientific
    guard found.areNumbers else {
      return
        "does not agree: nothing that the gradient is of is a number, here or in double precision"
    }
    if let layer = found.firstBeyond {
      return
        "does not agree: '\(layer.name)' is the first layer that differs by more than "
        + "\(scientific(ExactComparison.limits.values)), by \(scientific(layer.difference.error))"
    }
    guard found.agrees else {
      return "does not agree: the gradient differs by more than "
        + scientific(ExactComparison.limits.gradient)
    }
    if found.gradientError <= ExactComparison.limits.gradient { return "agrees" }
    guard found.gradientOfSameChoices.error <= ExactComparison.limits.gradient else {
      return "agrees: what differs in the gradient is what rounding makes of it"
    }
    return
      "agrees: what differs in the gradient are choices between numbers that are the same but for rounding"
  }
}
