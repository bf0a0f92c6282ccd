import CKernels
package import Tensors

/// Attention of some heads, softmax(scale · q kᵀ + bias) v, without the matrix of scores.
///
/// The way back computes the scores once more, some queries at a time (Dao et al., FlashAttention, 2022).
package struct Attention {
  /// Where heads' vectors, one a token, lie among the scalars of a value, counted row by row.
  package struct Tokens: Equatable {
    /// Which of the inputs it is.
    package var operand = 0
    /// The first scalar of each head.
    package var heads: [Int]
    /// Scalars from a token's to the next one's.
    package var token: Int
    /// Scalars from one number of a vector to the next.
    package var number: Int

    package init(heads: [Int], token: Int, number: Int) {
      (self.heads, self.token, self.number) = (heads, token, number)
    }

    /// Whether the vectors, of so many numbers, are runs of whole blocks in channel blocks of a row of pixels.
    package func fitBlocks(channels: Int, width: Int) -> Bool {
      number == 1 && token.isMultiple(of: channels)
        && heads.allSatisfy {
          ($0 % channels).isMultiple(of: 16) && $0 % channels + width <= channels
        }
    }
  }

  private let queries, keys, width, valueWidth: Int
  private let scale: Float
  private let bias: Tensor?
  private let query, key, value, output: Tokens
  /// Whether threads may add gradients to several heads' queries, keys and values at once.
  private let areApart: Bool

  /// - Parameters:
  ///   - queries: The queries of a head.
  ///   - keys: The keys of a head.
  ///   - width: The numbers of a query and of a key.
  ///   - valueWidth: The numbers of a value.
  ///   - scale: What products of queries and keys are multiplied with.
  ///   - bias: What is added to scores: [heads or 1, queries or 1, keys].
  ///   - query: Where the queries lie.
  ///   - key: Where the keys lie.
  ///   - value: Where the values lie.
  ///   - output: Where the results go.
  package init(
    queries: Int, keys: Int, width: Int, valueWidth: Int, scale: Float, bias: Tensor?,
    query: Tokens, key: Tokens, value: Tokens, output: Tokens
  ) {
    (self.queries, self.keys, self.width, self.valueWidth) = (queries, keys, width, valueWidth)
    (self.scale, self.bias) = (scale, bias)
    (self.query, self.key, self.value, self.output) = (query, key, value, output)
    areApart =
      query.isApart(width, from: key, width) && query.isApart(width, from: value, valueWidth)
      && key.isApart(width, from: value, valueWidth)
  }

  private var heads: Int { output.heads.count }

  /// The heads and the extents, for tables.
  package var title: String { "\(heads) × \(queries)×\(keys), \(width)" }

  /// Multiplications that are added up on the way there; back there are 2.5 times as many.
  package var multiplyAdds: Int { heads * queries * keys * (width + valueWidth) }

  /// Floats of memory that a thread needs.
  package var scratch: Int {
    withUnsafePointer(to: kernel(head: 0)) { kernel_attention_scratch($0) }
  }

  private func kernel(head: Int) -> kernel_attention {
    var kernel = kernel_attention(
      queries: Int32(queries), keys: Int32(keys), width: Int32(width),
      value_width: Int32(valueWidth), scale: scale, bias: nil, bias_row: 0)
    if let bias {
      let (heads, rows) = (bias.shape[0], bias.shape[1])
      kernel.bias = UnsafePointer(bias.start + (heads == 1 ? 0 : head * rows * keys))
      kernel.bias_row = rows == 1 ? 0 : keys
    }
    return kernel
  }

  /// Computes it.
  ///
  /// - Parameters:
  ///   - inputs: Where the operands are.
  ///   - output: Where the results go, every one of them.
  ///   - scratch: A piece of memory a thread.
  ///   - pool: Who shares the work.
  package func run(
    _ inputs: [TokenMemory], to output: TokenMemory, scratch: Scratch, pool: ThreadPool
  ) {
    // Each piece turns the keys over for itself.
    let wanted = pool.threads == 1 ? 1 : (2 * pool.threads + heads - 1) / heads
    let pieces = max(1, min(wanted, queries / Self.queriesAtOnce))
    pool.run(heads * pieces) { (part: Int, thread: Int) in
      let (head, piece) = (part / pieces, part % pieces)
      withUnsafePointer(to: kernel(head: head)) {
        kernel_attention_forward(
          $0, query.kernel(head, in: inputs), key.kernel(head, in: inputs),
          value.kernel(head, in: inputs), self.output.kernel(head, in: [output]),
          scratch.piece(of: thread), Int32(queries * piece / pieces),
          Int32(queries * (piece + 1) / pieces))
      }
    }
  }

  /// Adds the gradients with respect to queries, keys and values to what is there.
  ///
  /// - Parameters:
  ///   - inputs: Where the operands are.
  ///   - gradient: Where the gradients with respect to the results are.
  ///   - sums: Where those with respect to the operands go.
  ///   - scratch: A piece of memory a thread.
  ///   - pool: Who shares the work.
  package func back(
    _ inputs: [TokenMemory], gradient: TokenMemory, to sums: [TokenMemory], scratch: Scratch,
    pool: ThreadPool
  ) {
    // Where heads are few each has several parts, whose sums for keys and values are added up in order; how many does
    // not depend on the threads.
    let pieces = max(1, min(8 / heads, queries / (4 * Self.queriesAtOnce)))
    let (keyCount, each) = (keys * width, keys * (width + valueWidth))
    let apart = pieces == 1 ? nil : Tensor([heads * pieces * each])
    func ends(_ part: Int) -> (kernel_tokens, kernel_tokens)? {
      apart.map {
        let start = $0.start + part * each
        return (
          kernel_tokens(data: start, token: width, block: 16, lane: 1),
          kernel_tokens(data: start + keyCount, token: valueWidth, block: 16, lane: 1)
        )
      }
    }
    func run(_ part: Int, _ thread: Int) {
      let (head, piece) = (part / pieces, part % pieces)
      let (dk, dv) = ends(part) ?? (key.kernel(head, in: sums), value.kernel(head, in: sums))
      withUnsafePointer(to: kernel(head: head)) {
        kernel_attention_backward(
          $0, query.kernel(head, in: inputs), key.kernel(head, in: inputs),
          value.kernel(head, in: inputs), output.kernel(head, in: [gradient]),
          query.kernel(head, in: sums), dk, dv, scratch.piece(of: thread),
          Int32(queries * piece / pieces), Int32(queries * (piece + 1) / pieces))
      }
    }
    if areApart {
      pool.run(heads * pieces) { run($0, $1) }
    } else {
      for part in 0..<heads * pieces { run(part, 0) }
    }
    guard let apart else { return }
    for part in 0..<heads * pieces {
      guard let (dk, dv) = ends(part) else { continue }
      kernel_add_tokens(dk, key.kernel(part / pieces, in: sums), Int32(keys), Int32(width))
      kernel_add_tokens(dv, value.kernel(part / pieces, in: sums), Int32(keys), Int32(valueWidth))
    }
    withExtendedLifetime(apart) {}
  }

  /// Queries that are worth the turning over of all keys.
  private static let queriesAtOnce = 64
}

/// Memory that vectors of tokens lie in: a tensor, or channel blocks of one row of pixels.
package struct TokenMemory {
  private let data: UnsafeMutablePointer<Float>
  /// Channels of a pixel and floats from a block to the next; `nil` for a tensor.
  private let blocks: (channels: Int, stride: Int)?

  /// - Parameter tensor: It has to outlive the use of this.
  package init(_ tensor: Tensor) {
    (data, blocks) = (tensor.start, nil)
  }

  /// - Parameter map: One image of one row.
  package init(_ map: FeatureMap) {
    let pixels = map.kernelMap(image: 0)
    (data, blocks) = (pixels.data, (map.channels, pixels.block))
  }

  /// The vectors of one head.
  fileprivate func kernel(_ tokens: Attention.Tokens, _ head: Int) -> kernel_tokens {
    let first = tokens.heads[head]
    guard let (channels, stride) = blocks else {
      return kernel_tokens(
        data: data + first, token: tokens.token, block: 16 * tokens.number, lane: tokens.number)
    }
    return kernel_tokens(
      data: data + first / channels * 16 + first % channels / 16 * stride,
      token: tokens.token / channels * 16, block: stride, lane: 1)
  }
}

extension Attention.Tokens {
  /// Whether no head's vectors share scalars with another head's of others, as far as strides tell; widths are numbers of a
  /// vector.
  fileprivate func isApart(
    _ width: Int, from other: Attention.Tokens, _ otherWidth: Int
  ) -> Bool {
    if operand != other.operand || self == other { return true }
    guard number == 1, other.number == 1, token == other.token, token > 0 else { return false }
    let others = Set(other.heads.map { $0 % token })
    return Set(heads.map { $0 % token }).allSatisfy { first in
      first + width <= token
        && others.allSatisfy {
          $0 + otherWidth <= first || first + width <= $0 && $0 + otherWidth <= token
        }
    }
  }

  fileprivate func kernel(_ head: Int, in memory: [TokenMemory]) -> kernel_tokens {
    memory[operand].kernel(self, head)
  }
}
