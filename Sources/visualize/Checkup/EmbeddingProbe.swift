import Foundation
import Networks
import Portraits
import Tensors
import Visualization

/// How a network that embeds pictures embeds one of them: beside its mirror image, which shows the same, and noise.
struct EmbeddingProbe {
  private let network: Network
  private let logits: Network.Logits
  private let input: Tensor
  private let threads: Int

  /// Creates a probe.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - logits: The numbers of its embedding.
  ///   - input: The picture, 1×C×H×W in 0…1.
  ///   - threads: How many threads share the work.
  init(_ network: Network, logits: Network.Logits, at input: Tensor, threads: Int) {
    (self.network, self.logits, self.input, self.threads) = (network, logits, input, threads)
  }

  /// The cosine of the angle between two embeddings; 0 where one is 0.
  static func cosine(_ a: [Float], _ b: [Float]) -> Float {
    func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let lengths = (dot(a, a) * dot(b, b)).squareRoot()
    return lengths > 0 ? dot(a, b) / lengths : 0
  }

  /// What is to be said of the picture and, where nobody says how pictures are prepared, of the presets.
  ///
  /// - Throws: `NetworkError`.
  func facts() throws -> [(name: String, text: String)] {
    let own = try likeness(as: network.preparation)
    var facts = [
      (
        name: "sees",
        text:
          "the picture is alike to its mirror image by \(Double(own.mirrored).fixed(3)), to noise by "
          + "\(Double(own.noise).fixed(3)) (1: the same)"
          + (own.gap < 0.05 ? ": it hardly tells them apart; is the range of pictures right?" : "")
      )
    ]
    guard network.preprocessing == nil else { return facts }
    var best: (name: String, gap: Float)?
    for preset in Preset.fitting(channels: input.shape[1]) {
      let gap = try likeness(as: preset.preprocessing).gap
      if gap > best?.gap ?? 0 { best = (preset.rawValue, gap) }
    }
    if let best {
      facts.append(
        (
          "apart with",
          "--preset \(best.name): of the presets, it tells the mirror image from noise best (a hint, no proof)"
        ))
    }
    return facts
  }

  private func likeness(
    as preparation: Preprocessing
  ) throws -> (mirrored: Float, noise: Float, gap: Float) {
    let plan = try network.plan(
      inputShape: input.shape, readings: [Reading(.value(logits.value))],
      feed: .picture(preparation), differentiable: false, threads: threads)
    var random = SplitMix64(seed: 0)
    let mirrored = input.gathered((0..<input.shape[3]).reversed(), alongAxis: 3)
    let noise = Tensor.uniform(input.shape, using: &random)
    let values = try [input, mirrored, noise].map { try plan.forward($0)[0].scalars }
    let likenesses = (
      Self.cosine(values[0], values[1]), Self.cosine(values[0], values[2])
    )
    return (likenesses.0, likenesses.1, likenesses.0 - likenesses.1)
  }
}
