import Imaging
public import Networks
import Objectives
public import Tensors
import Visualization

/// Likeness to one picture, as a network that embeds pictures sees it: the cosine of the angle between embeddings.
public struct Likeness: Hashable, Sendable {
  /// The picture's file, as a person wrote it.
  public let file: String
  /// The embedding: a list of numbers, the class token, or all tokens, whose mean it is.
  let embedding: Reading
  /// What the embedding is, where it is not the network's list of numbers: `the mean of its 196 tokens`.
  public let embeddingInWords: String?
  /// The picture's embedding.
  let vector: [Float]

  /// Embeds a picture.
  ///
  /// - Parameters:
  ///   - file: PNG or JPEG; its middle is shown to the network.
  ///   - network: The network.
  ///   - shapes: What the network's `shapes(inputShape:)` returned.
  /// - Throws: `LikenessError` where the network has no embedding; what keeps the picture from being read or shown.
  public init(to file: String, in network: Network, shapes: [String: Shape]) throws {
    guard let (embedding, words) = network.embedding(in: shapes),
      let shape = shapes[network.input.name]
    else { throw LikenessError(file: network.path) }
    let size = PictureSize(height: shape[2], width: shape[3])
    let input = try network.input(try Picture(contentsOf: file), size: size)
    let plan = try network.plan(
      inputShape: input.shape, readings: [embedding],
      feed: .picture(network.preparation), differentiable: false)
    (self.file, self.embedding, embeddingInWords) = (file, embedding, words)
    let numbers = try plan.forward(input)[0]
    vector =
      numbers.shape.rank < 3
      ? numbers.scalars : (numbers.sum(alongAxes: [2]) / Float(numbers.shape[2])).scalars
    guard vector.contains(where: { $0 != 0 }) else {
      throw LikenessError(file: network.path, isZero: true)
    }
  }

  /// The file's name without folders.
  var name: String { file.split(separator: "/").last.map(String.init) ?? file }

  /// The cosine, −1…1.
  var objective: Objective { .cosine(embedding, vector) }
}

/// Why there is no likeness.
public struct LikenessError: Error, Hashable, CustomStringConvertible {
  /// The network's file.
  public let file: String
  /// Whether the embedding of the picture is 0.
  public var isZero = false

  /// What is wrong.
  public var description: String {
    isZero
      ? "\(file): the picture's embedding is 0 in all its numbers, and nothing is like it"
      : "\(file) ends in no list of numbers and no tokens that could be an embedding; a layer's channel can be looked at"
  }
}

extension Network {
  /// What embeds a picture: the first result that is one list of numbers, before a softmax; else a result's class
  /// token, or where none is known all its tokens.
  func embedding(in shapes: [String: Shape]) -> (reading: Reading, words: String?)? {
    if let output = graph.outputs.first(where: {
      shapes[$0].map { $0.rank == 2 && $0[1] > 1 } ?? false
    }) {
      return (Reading(.value(logitsOf(output)), as: .channelsFirst), nil)
    }
    if let logits = logits(in: shapes) {
      return (Reading(.value(logits.value), as: .channelsFirst), nil)
    }
    let layouts = layouts(in: shapes)
    for output in graph.outputs {
      guard let layout = layouts[output], layout.isTokens, let count = shapes[output]?[1] else {
        continue
      }
      return layout.hasClassToken
        ? (Reading(.value(output), as: .classToken), "the class token of '\(output)'")
        : (
          Reading(.value(output), as: .channelsFirst),
          "the mean of the \(count) tokens of '\(output)'"
        )
    }
    return nil
  }
}
