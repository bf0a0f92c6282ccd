import Foundation
import Networks
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
      let parameters: Int
      let multiplyAdds: Int
    }
    struct Pictures: Encodable {
      let isKnown: Bool
      let color: String
      let range: [Float]
      let mean: [Float]
      let std: [Float]
    }
    let file: String
    let sha256: String
    let producer: String
    let operatorSet: Int
    let input: [Int?]
    let isChannelsLast: Bool
    let inputShape: [Int]
    let pictures: Pictures
    let logits: Int?
    let labels: [String]
    let parameters: Int
    let multiplyAdds: Int
    let operators: [String: Int]
    let unsupported: [String]
    let layers: [Layer]
  }

  /// Everything, for other programs.
  func json() throws -> String {
    let preparation = network.preparation
    let description = Description(
      file: network.path, sha256: network.sha256, producer: network.producer,
      operatorSet: network.opset, input: network.input.dimensions,
      isChannelsLast: network.isChannelsLast,
      inputShape: summary.inputShape.dimensions,
      pictures: .init(
        isKnown: network.preprocessing != nil, color: preparation.color.rawValue,
        range: [preparation.rangeLower, preparation.rangeUpper], mean: preparation.mean,
        std: preparation.standardDeviation),
      logits: summary.logits?.count, labels: network.labels, parameters: summary.parameters,
      multiplyAdds: summary.multiplyAdds,
      operators: Dictionary(uniqueKeysWithValues: summary.operators.map { ($0.type, $0.count) }),
      unsupported: network.unsupported,
      layers: summary.layers.map { layer in
        .init(
          name: layer.layer.name, operator: layer.layer.type, isBlock: layer.isBlock,
          shape: layer.shape?.dimensions, channels: layer.layout?.channels,
          grid: layer.layout?.grid.map { [$0.width, $0.height] },
          extraTokens: layer.layout.flatMap { $0.isTokens ? $0.extraTokens : nil },
          parameters: layer.parameters,
          multiplyAdds: layer.multiplyAdds)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(description), as: UTF8.self)
  }
}
