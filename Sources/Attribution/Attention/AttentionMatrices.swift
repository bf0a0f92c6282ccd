import Networks
import Objectives
package import Tensors

/// The attention matrices of one picture, block by block.
package struct AttentionMatrices {
  /// Of each block heads × queries × keys; rows add up to 1.
  package let weights: [Tensor]
  /// The objective's gradient with respect to them.
  package let gradients: [Tensor]
  /// The tokens that the objective reads at last: the class token, or all of them.
  let readTokens: [Int]
  /// How many tokens come before those with a place in the picture.
  let extraTokens: Int
  /// Rows of tokens.
  let height: Int
  /// Columns of tokens.
  let width: Int
  /// How the tokens lie in the picture, where they do not lie over all of it, row by row.
  let placement: MapPlacement?

  /// The number of tokens.
  var tokens: Int { weights[0].shape[1] }

  /// A number a token at its place: 1×1×h×w, upright.
  func map(_ values: [Double]) -> Tensor {
    let map = Tensor(
      [1, 1, height, width],
      values[extraTokens..<extraTokens + height * width].map { Float($0) })
    return placement?.upright(map) ?? map
  }

  /// The mean of the rows of the tokens that are read, at their places.
  func map(ofReadRows matrix: Tensor) -> Tensor {
    var sums = [Double](repeating: 0, count: tokens)
    for row in readTokens {
      for token in 0..<tokens { sums[token] += Double(matrix[row, token]) }
    }
    return map(sums.map { $0 / Double(readTokens.count) })
  }
}

extension Explained {
  /// The attention matrices of a picture.
  ///
  /// - Parameters:
  ///   - picture: 1×C×H×W.
  ///   - method: The method that asks, for errors.
  /// - Returns: The matrices of every block.
  /// - Throws: `AttributionError.noAttention` where there are none, or none over all tokens; `NetworkError`.
  package func attentionMatrices(of picture: Tensor, for method: String) throws -> AttentionMatrices
  {
    let found = try attentionGraph()
    if !found.fused.isEmpty, let written = try writingOutAttention() {
      return try written.attentionMatrices(of: picture, for: method)
    }
    guard !found.blocks.isEmpty else { throw noAttention(method, found) }
    let layers = found.blocks.map { Reading.Source.value($0.weights) }
    let stored = try stored(layers, at: picture).stored
    let count = stored[0].activation.shape[-1]
    for (block, part) in zip(found.blocks, stored) {
      let shape = part.activation.shape
      // Windows of a picture are a batch of heads × queries × keys each.
      guard shape.rank == 3 || shape.rank == 4 && shape[0] == 1, shape[-1] == shape[-2],
        shape[-1] == count
      else {
        throw AttributionError.noAttention(
          "\(method) follows tokens through all blocks; the attention \(block.weights) of "
            + "\(shape) is not that of the \(count) tokens of the first: the network attends within windows, "
            + "or merges tokens. Try grad-cam or integrated-gradients")
      }
    }
    let places = try tokenGrid(count, method)
    /// Queries as rows; where the softmax runs along the axis before the last, keys are.
    func matrices(_ tensor: Tensor, _ block: AttentionGraph.Block) -> Tensor {
      let matrices = tensor.reshaped([tensor.count / (count * count), count, count])
      let isTurned = [-2, tensor.shape.rank - 2].contains(block.axis)
      return isTurned ? matrices.transposed([0, 2, 1]) : matrices
    }
    let parts = Array(zip(stored, found.blocks))
    return AttentionMatrices(
      weights: parts.map { matrices($0.activation, $1) },
      gradients: parts.map { matrices($0.gradient, $1) },
      readTokens: try readTokens(places.value, at: picture), extraTokens: places.layout.extraTokens,
      height: places.layout.grid?.height ?? 1, width: places.layout.grid?.width ?? count,
      placement: try placement(of: .value(places.value)))
  }

  /// The last list of so many tokens, and where they lie in the picture.
  private func tokenGrid(
    _ count: Int, _ method: String
  ) throws -> (value: String, layout: LayerLayout) {
    let shapes = try shapes()
    let layouts = network.layouts(in: shapes)
    let read = try objective.readings.map { try network.value(of: $0.source) }
    let needed = network.graph.needed(for: read).flatMap(\.outputs)
    for value in needed.reversed() {
      guard let layout = layouts[value], layout.isTokens, layout.grid != nil,
        let shape = shapes[value], shape[0] == 1, shape[1] == count, !read.contains(value)
      else { continue }
      return (value, layout)
    }
    throw AttributionError.noAttention(
      "\(method) makes a map of tokens, but the places of the network's \(count) tokens in the picture "
        + "cannot be told")
  }

  /// The tokens of the last list that the objective's gradient reaches.
  private func readTokens(_ value: String, at picture: Tensor) throws -> [Int] {
    let gradient = try stored([.value(value)], at: picture).stored[0].gradient
    let sizes = gradient.absolute().sum(alongAxes: [0, 2]).scalars
    let tokens = sizes.indices.filter { sizes[$0] > 0 }
    return tokens.isEmpty ? Array(sizes.indices) : tokens
  }
}
