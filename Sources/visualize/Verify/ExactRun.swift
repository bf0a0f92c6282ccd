import Exactness
import Explanations
import Imaging
import Networks
import Portraits
import Tensors
import Verification

/// A network beside its graph in Double, as `verify --exact` prints it.
struct ExactRun {
  let network: Network
  let unit: String?
  let picture: String?
  let seed: UInt64
  let threads: Int

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
      network, input: input, target: target, threads: threads
    ) { done, total in bar.update(done * 1000 / max(1, total), "in double precision") }
    bar.finish()
    print(lines(comparison).map { $0.wrapped(at: 79, indent: "  ") }.joined(separator: "\n"))
    try Terminal.flushOutput()
    return comparison.agrees
  }

  /// What the network's input receives: the picture's middle, or noise.
  private func input() throws -> Tensor {
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
      return Tensor.normal(shape, using: &random)
    }
    return network.received(
      Tensor.uniform(shape, using: &random), as: .picture(network.preparation))
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
      let numbers = [layer.largest, layer.error].map {
        scientific($0).paddedOnLeft(to: 12)
      }
      let mark = layer.error <= ExactComparison.limits.values ? "" : "  over"
      return layer.name.padded(to: 46) + numbers.joined() + mark
    }
    let heads = ["largest", "difference"].map { $0.paddedOnLeft(to: 12) }.joined()
    let sorted = found.layers.sorted { !($0.error <= $1.error) }
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
    guard decisions.different > 0 else {
      return decisions.made == 0
        ? [] : ["all \(decisions.made) choices of rectifiers and maxima are the same"]
    }
    let places = decisions.differing.prefix(5).map { "\($0.node): \($0.count) of \($0.of)" }
    let rest = decisions.differing.count > 5 ? ["…"] : []
    return [
      "\(decisions.different) of \(decisions.made) choices of rectifiers and maxima differ ("
        + (places + rest).joined(separator: "; ") + ")",
      "gradient with the same choices: differs by "
        + VerifyCommand.scientific(found.gradientErrorOfSameChoices),
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
        + "\(scientific(ExactComparison.limits.values)), by \(scientific(layer.error))"
    }
    guard found.agrees else {
      return "does not agree: the gradient differs by more than "
        + scientific(ExactComparison.limits.gradient)
    }
    return found.gradientError <= ExactComparison.limits.gradient
      ? "agrees"
      : "agrees: what differs in the gradient are choices between numbers that are the same but for rounding"
  }
}
