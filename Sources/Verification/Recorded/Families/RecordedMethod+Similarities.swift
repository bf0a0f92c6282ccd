import Attribution
import Faithfulness
import Foundation
import Networks
import Objectives
import Tensors

extension RecordedMethod {
  /// How alike two maps are.
  static let similarities: [RecordedMethod] =
    [
      similarity("spearman") { spearman($0.meanOfChannels.scalars, $1.meanOfChannels.scalars) },
      similarity("spearman_abs") {
        spearman($0.absolute().meanOfChannels.scalars, $1.absolute().meanOfChannels.scalars)
      },
      similarity("ssim_gaussian") { StructuralSimilarity(.gaussian)($0.shown, $1.shown) },
      similarity("ssim_uniform") { StructuralSimilarity(.uniform)($0.shown, $1.shown) },
    ]
    + [10, 102, 256].map { count in
      similarity("top_\(count)_jaccard") {
        topJaccard($0.meanOfChannels.scalars, $1.meanOfChannels.scalars, count: count)
      }
    }

  private static func similarity(
    _ name: String, _ value: @escaping @Sendable (Tensor, Tensor) -> Double?
  ) -> RecordedMethod {
    RecordedMethod(.metrics, name) { request in
      guard let files = request.recording.texts("maps"), files.count == 2 else {
        throw RecordedError.missing("maps")
      }
      let maps = try files.map(request.golden.recorded)
      return ["value": Tensor([1], [Float(value(maps[0], maps[1]) ?? .nan)])]
    }
  }

  /// The gradient as another network's weights come in, layer by layer from the last.
  static let parameterRandomization = RecordedMethod(
    .metrics, "parameter_randomization"
  ) { request in
    guard let layers = request.recording.texts("layers"),
      let file = request.recording.text("randomized")
    else { throw RecordedError.missing("layers") }
    let golden = request.golden
    let other = try Network(contentsOf: golden.folder.appending(path: file).path)
    let maps = try (0...layers.count).map { count in
      let network = try golden.network.replacingWeights(of: layers.prefix(count), from: other)
      return try Gradient().attribute(
        golden.input, to: request.objective, in: network, feed: .raw, threads: request.threads)
    }
    func similarities(_ value: (Tensor, Tensor) -> Double?) -> Tensor {
      Tensor([layers.count], maps.dropFirst().map { Float(value(maps[0], $0) ?? .nan) })
    }
    return [
      "maps": Tensor.concatenate(maps),
      "spearman": similarities {
        spearman($0.meanOfChannels.scalars, $1.meanOfChannels.scalars)
      },
      "spearman_abs": similarities {
        spearman($0.absolute().meanOfChannels.scalars, $1.absolute().meanOfChannels.scalars)
      },
      "ssim": similarities { StructuralSimilarity()($0.shown, $1.shown) },
    ]
  }
}

extension Tensor {
  /// The mean over channels, H×W.
  var meanOfChannels: Tensor { summedOverChannels() / Float(shape[-3]) }

  /// A map of one channel as H×W.
  var plane: Tensor { reshaped([shape[-2], shape[-1]]) }

  /// The mean magnitude over channels, the largest 1.
  fileprivate var shown: Tensor {
    let mean = absolute().meanOfChannels
    return mean / mean.maximum
  }
}
