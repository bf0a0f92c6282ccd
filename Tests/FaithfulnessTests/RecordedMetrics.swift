import Attribution
import Foundation
import Networks
import Objectives
import TestSupport
import Tensors
import Testing
import Verification

@testable import Faithfulness

/// The measures that were recorded from Captum, Quantus, pytorch-grad-cam, SciPy, scikit-image and definitions
/// in double precision, for two maps of one picture.
struct RecordedMetrics {
  struct Entry: Decodable {
    let metric: String
    let value: Double?
    let curve: String?
    let auc: Double?
    let tolerance: Double?
    let sum: Double?
    let output_difference: Double?
  }
  private struct Description: Decodable {
    let unit: Int
    let metrics: [Entry]
  }

  let network: Network
  let input: Tensor
  let unit: Int
  private let entries: [Entry]

  init() throws {
    network = try Network(contentsOf: Self.file("model.onnx").path)
    let description = try JSONDecoder().decode(
      Description.self, from: Data(contentsOf: Self.file("case.json")))
    (unit, entries) = (description.unit, description.metrics)
    input = try Self.tensor("test_data_set_0/input_0.pb")
  }

  static func file(_ name: String) -> URL { Recordings.file("attribution/metrics/\(name)") }
  static func tensor(_ name: String) throws -> Tensor { try GoldenCase.tensor(file(name)) }

  func entry(_ metric: String) throws -> Entry {
    try #require(entries.first { $0.metric == metric }, "\(metric)")
  }

  var logit: Explained { explained(.logit(unit)) }
  var probability: Explained { explained(.probability(unit)) }

  func explained(_ objective: Objective, in other: Network? = nil) -> Explained {
    Explained(objective, in: other ?? network, inputShape: input.shape, feed: .raw, threads: 2)
  }

  /// Integrated gradients as recorded.
  static var integratedGradients: Tensor {
    get throws { try tensor("attribution_integrated_gradients.pb") }
  }
  /// The gradient as recorded.
  static var gradient: Tensor { get throws { try tensor("attribution_gradient.pb") } }

  /// Compares a number with the recorded one.
  func check(_ metric: String, _ value: Double?, sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    let entry = try entry(metric)
    let recorded = try #require(entry.value ?? entry.auc)
    let computed = try #require(value, sourceLocation: sourceLocation)
    #expect(
      abs(computed - recorded) <= (entry.tolerance ?? 1e-5) * max(abs(recorded), 1e-30),
      "\(metric): \(computed) instead of \(recorded)", sourceLocation: sourceLocation)
  }

  /// Compares a curve with the recorded one.
  func check(
    _ metric: String, curve: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let entry = try entry(metric)
    let recorded = try Self.tensor(#require(entry.curve)).scalars.map(Double.init)
    let largest = recorded.map(abs).max() ?? 0
    #expect(curve.count == recorded.count && largest > 0, sourceLocation: sourceLocation)
    let error = zip(curve, recorded).map { abs($0 - $1) }.max() ?? .infinity
    #expect(
      error <= (entry.tolerance ?? 1e-5) * largest, "\(metric): \(error)",
      sourceLocation: sourceLocation)
  }
}

extension Tensor {
  /// The mean over channels, H×W.
  var channelMean: Tensor { summedOverChannels() / Float(shape[-3]) }
}
