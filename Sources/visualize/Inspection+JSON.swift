import Foundation
import Networks
import Portraits
import Tensors

extension Inspection {
  private struct Description: Encodable {
    struct Layer: Encodable {
      let name: String
      let `operator`: String
      let isBlock: Bool
      let shape: [Int]?
      let channels: Int?
      let grid: [Int]?
      let extraTokens: Int?
      let tokensAfter: Int?
      let parameters: Int
      let multiplyAdds: Int
    }
    struct Output: Encodable {
      let name: String
      let shape: [Int]?
      let link: String
      let unit: String?
    }
    struct Trial: Encodable {
      struct Class: Encodable {
        let index: Int
        let label: String?
        let probability: Float?
        let logit: Float
        let share: Float?
      }
      let preset: String
      let pictures: DescribedPreparation
      let top: [Class]
      let confidence: Float
      let isSaturated: Bool
      let isLikely: Bool
    }
    let file: String
    let sha256: String
    let producer: String
    let operatorSet: Int
    let input: [Int?]
    let isChannelsLast: Bool
    let form: String?
    let otherInputs: [String]
    let inputShape: [Int]
    let pictures: DescribedPreparation
    let doubts: [String]
    let outputs: [Output]
    let logits: Int?
    let isEmbedding: Bool
    let numbers: String?
    let guess: String?
    let misfit: String?
    let labels: [String]
    let parameters: Int
    let multiplyAdds: Int
    let operators: [String: Int]
    let unsupported: [String]
    let layers: [Layer]
    let trials: [Trial]?
  }

  /// Everything, for other programs.
  ///
  /// - Parameter trials: What the network sees in a picture under each preset.
  /// - Returns: A JSON object.
  /// - Throws: Where it cannot be encoded.
  func json(trials: [PresetTrial]? = nil) throws -> String {
    let description = Description(
      file: network.path, sha256: network.sha256, producer: network.producer,
      operatorSet: network.opset, input: network.input.dimensions,
      isChannelsLast: network.isChannelsLast, form: network.form.inWords,
      otherInputs: network.otherInputs.map(\.name),
      inputShape: summary.inputShape.dimensions,
      pictures: .init(of: network), doubts: network.doubts,
      outputs: summary.outputs.map {
        .init(
          name: $0.name, shape: $0.shape?.dimensions, link: $0.link.rawValue, unit: $0.firstUnit)
      },
      logits: summary.logits?.count, isEmbedding: summary.logits?.isEmbedding ?? false,
      numbers: (summary.logits?.kind ?? summary.scores.map { _ in NumberKind.classes })?.rawValue,
      guess: summary.logits?.guess ?? summary.scores?.guess,
      misfit: summary.misfit.map { "\($0)" }, labels: network.labels,
      parameters: summary.parameters,
      multiplyAdds: summary.multiplyAdds,
      operators: Dictionary(uniqueKeysWithValues: summary.operators.map { ($0.type, $0.count) }),
      unsupported: network.unsupported,
      layers: summary.layers.map { layer in
        .init(
          name: layer.layer.name, operator: layer.layer.type, isBlock: layer.isBlock,
          shape: layer.shape?.dimensions, channels: layer.layout?.channels,
          grid: layer.layout?.grid.flatMap { $0.isPlane ? [$0.width, $0.height] : nil },
          extraTokens: layer.layout.flatMap { $0.isTokens ? $0.extraTokens : nil },
          tokensAfter: layer.layout.flatMap { $0.isTokens ? $0.tokensAfter : nil },
          parameters: layer.parameters,
          multiplyAdds: layer.multiplyAdds)
      }, trials: trials.map(described))
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(description), as: UTF8.self)
  }

  private func described(_ trials: [PresetTrial]) -> [Description.Trial] {
    let likely = PresetTrial.likely(trials)?.name
    return trials.map { trial in
      .init(
        preset: trial.name, pictures: .init(trial.preprocessing, isKnown: trial.name == "own"),
        top: trial.classes.prefix(5).map { one in
          .init(
            index: one.index,
            label: network.labels.indices.contains(one.index) ? network.labels[one.index] : nil,
            probability: one.probability, logit: one.logit, share: one.share)
        }, confidence: trial.confidence, isSaturated: trial.isSaturated,
        isLikely: trial.name == likely)
    }
  }
}
