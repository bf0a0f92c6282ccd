public import Tensors

/// What the tokens that are read attend to in one block: the attention as it is, the mean of the heads.
///
/// The row of the class token, or the mean of the rows of all tokens that the objective reads. It does not depend
/// on the unit.
///
/// Source: Dosovitskiy et al., "An Image is Worth 16×16 Words", ICLR 2021; Caron et al., "Emerging Properties in
/// Self-Supervised Vision Transformers", ICCV 2021, which show single heads.
public struct AttentionMap: AttributionMethod {
  /// The block, from 0; `nil` for the last.
  public var block: Int?
  /// The head, from 0; `nil` for the mean of all.
  public var head: Int?

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - block: The block, from 0; `nil` for the last.
  ///   - head: The head, from 0; `nil` for the mean of all.
  public init(block: Int? = nil, head: Int? = nil) {
    (self.block, self.head) = (block, head)
  }

  /// Explains pictures: N×1×h×w, a number a token.
  ///
  /// - Throws: `AttributionError.noAttention`, also where there is no such block or head; `NetworkError`.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try eachPicture(pictures) { picture in
      let attention = try explained.attentionMatrices(of: picture, for: "attention")
      let blocks = attention.weights.count
      let block = block ?? blocks - 1
      guard (0..<blocks).contains(block) else {
        throw AttributionError.noAttention(
          "there is no block \(block) of attention; there are 0…\(blocks - 1)")
      }
      let weights = attention.weights[block]
      guard let head else { return attention.map(ofReadRows: weights.meanOverHeads()) }
      guard (0..<weights.shape[0]).contains(head) else {
        throw AttributionError.noAttention(
          "there is no head \(head) of attention; there are 0…\(weights.shape[0] - 1)")
      }
      return attention.map(
        ofReadRows: weights.gathered([head], alongAxis: 0).reshaped(
          [attention.tokens, attention.tokens]))
    }
  }
}

extension RegisteredMethod {
  static let attentionMap = RegisteredMethod(
    "attention", "what a transformer's last block attends to, whatever the unit",
    shows: .lowResolution
  ) { _ in AttentionMap() }
}
