import Exactness
import Networks
import Tensors

/// A graph in Double, run beside what a network made, as often as it takes to know what differs.
struct ExactRunning {
  private let graph: ExactGraph
  private let judged: Judged
  private let target: ExactTarget
  private let input: Tensor
  private let progress: (_ done: Int, _ of: Int) -> Void
  private let weights: [Double]
  /// The layers' names by their values.
  private let names: [String: String]

  init(
    _ graph: ExactGraph, _ judged: Judged, _ target: ExactTarget, _ input: Tensor,
    _ progress: @escaping (_ done: Int, _ of: Int) -> Void
  ) {
    (self.graph, self.judged, self.target) = (graph, judged, target)
    (self.input, self.progress) = (input, progress)
    weights = target.weights.scalars.map(Double.init)
    names = Dictionary(
      judged.layers.map { ($0.value, $0.name) }, uniquingKeysWith: { first, _ in first })
  }

  /// A run, and how the network differs.
  private struct Pass {
    var layers: [ExactComparison.Layer] = []
    var gradient: [Double] = []
    var gradientDifference = ExactComparison.Difference(computed: [], exact: [])
    var areNumbers = false
    let decisions: Decisions

    var agrees: Bool {
      layers.allSatisfy(\.difference.isRounding)
        && gradientDifference.isWithin(ExactComparison.limits.gradient)
    }
  }

  /// First with the choices that Double makes, then with the network's; where something still differs, once more,
  /// knowing how far rounding moves each value.
  func comparison(_ isAsInFile: Bool) throws -> ExactComparison {
    let own = try pass(Decisions(others: judged.decisive), 0)
    var last = own
    var noise = RoundingNoise()
    if own.decisions.different > 0 {
      last = try pass(Decisions(others: judged.decisive, follows: true), 1)
    }
    if !last.agrees {
      noise = try RoundingNoise(
        graph, at: input, of: (target.value, weights), gradient: own.gradient,
        beside: judged.bytes
      ) { report(2, $0, of: 2 * graph.count) }
      last = try pass(
        Decisions(others: judged.decisive, follows: true, noise: noise), 3, noise: noise)
    }
    if let beyond = try fused(last, noise) { last.layers.append(beyond) }
    return ExactComparison(
      layers: last.layers, target: target, gradientError: own.gradientDifference.error,
      gradientOfSameChoices: last.gradientDifference, decisions: last.decisions,
      isAsInFile: isAsInFile, areNumbers: own.areNumbers)
  }

  /// A part of a run, of so many that there are at most.
  private func report(_ run: Int, _ done: Int, of all: Int) {
    progress(run * 1000 + 1000 * done / max(1, all), 4000)
  }

  private func pass(
    _ decisions: Decisions, _ run: Int, noise: RoundingNoise = .init()
  ) throws -> Pass {
    var pass = Pass(decisions: decisions)
    var result: Way?
    var alone: ExactComparison.Layer?
    let way = try graph.run(
      input, decisions: decisions, beside: judged.bytes,
      progress: { report(run, $0, of: 2 * graph.count) }
    ) { name, value in
      func layer(_ title: String, _ own: Tensor) -> ExactComparison.Layer {
        .init(name: title, .init(computed: own.scalars, exact: value.scalars, noise: noise[name]))
      }
      if name == target.value {
        result = value.way
        alone = layer(target.value + ExactComparison.byItself, judged.alone)
        pass.areNumbers = value.scalars.contains { !$0.isNaN }
      }
      guard let title = names[name], let own = judged.values[name] else { return }
      pass.layers.append(layer(title, own))
    }
    pass.layers += alone.map { [$0] } ?? []
    pass.gradient = input.scalars.map { _ in 0 }
    if let result {
      guard result.count == weights.count else {
        throw NetworkError.invalidNode(target.value, reason: "its size differs in Double")
      }
      pass.gradient = Way.gradient([(result, weights)], to: way) { part, all in
        report(run, all + part, of: 2 * all)
      }
    }
    pass.gradientDifference = .init(
      computed: judged.gradient, exact: pass.gradient, noise: noise.ofGradient)
    return pass
  }

  /// The first layer that differs by itself, where all agree side by side and the last by itself does not: what is
  /// wrong then is in what is put together where nobody looks between.
  private func fused(_ pass: Pass, _ noise: RoundingNoise) throws -> ExactComparison.Layer? {
    guard let alone = pass.layers.last, !alone.difference.isRounding,
      pass.layers.dropLast().allSatisfy(\.difference.isRounding)
    else { return nil }
    var beyond: ExactComparison.Layer?
    _ = try graph.run(
      input, decisions: Decisions(others: judged.decisive, follows: true, noise: noise),
      beside: judged.bytes
    ) { name, value in
      guard beyond == nil, let title = names[name], judged.values[name] != nil else { return }
      let own = try judged.byItself(name)
      let difference = ExactComparison.Difference(
        computed: own.scalars, exact: value.scalars, noise: noise[name])
      if !difference.isRounding {
        beyond = .init(name: title + ExactComparison.byItself, difference)
      }
    }
    return beyond
  }
}
