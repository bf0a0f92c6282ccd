import Tensors

/// How a layer that adds up weighted inputs shares the relevance of its outputs among its inputs.
///
/// With `x` the inputs, `z = W x + b`, and ⁺ and ⁻ the positive and negative parts. Denominators are kept
/// from 0 by 1e-6 away from it. The forms for inputs of either sign are zennit's.
///
/// Sources: Bach et al., "On Pixel-Wise Explanations…", PLOS ONE 2015; Montavon et al., "Explaining
/// NonLinear Classification Decisions with Deep Taylor Decomposition", Pattern Recognition 2017, and
/// "Layer-Wise Relevance Propagation: An Overview", 2019; Andéol et al., "Learning Domain Invariant
/// Representations by Joint Wasserstein Distance Minimization", 2021.
public enum RelevanceRule: Sendable, Hashable {
  /// In proportion to `W x`, with denominators kept `epsilon` away from 0.
  case epsilon(Float = 1e-6)
  /// In proportion to what is positive of each product of input and weight.
  case zPlus
  /// `alpha` times in proportion to what is positive of each product, less `beta` times in proportion to
  /// what is negative; conserving relevance needs `alpha − beta = 1`.
  case alphaBeta(alpha: Float, beta: Float)
  /// In proportion to each product, those of the output's sign counted `1 + gamma` times.
  case gamma(Float = 0.25)
  /// For inputs that lie in a range: in proportion to `W x − W⁺ lower − W⁻ upper`. Without a range it is
  /// the one that each input spans.
  case box(ClosedRange<Float>?)
  /// Equally among all inputs of an output.
  case flat
  /// In proportion to the squares of the weights, whatever the inputs are.
  case wSquare
}

extension RelevanceRule {
  /// One weighted sum: inputs and weights, both changed.
  struct Part {
    var input: (Tensor) -> Tensor
    /// `nil` where weights and bias stay as they are.
    var weight: ((Float) -> Float)?
    var keepsBias = true
  }

  /// Parts that share one denominator.
  struct Share {
    var factor: Float = 1
    /// The sign of the outputs whose relevance is shared out so; `nil` for all.
    var outputSign: Float?
    var epsilon: Float = 1e-6
    var parts: [Part]
  }

  /// What the rule is made of.
  var shares: [Share] {
    switch self {
    case .epsilon(let epsilon):
      [Share(epsilon: epsilon, parts: [Part(input: { $0 })])]
    case .zPlus: [Share(parts: Self.products(positive: positive, negative: negative))]
    case .alphaBeta(let alpha, let beta):
      [
        Share(factor: alpha, parts: Self.products(positive: positive, negative: negative)),
        Share(factor: -beta, parts: Self.products(positive: negative, negative: positive)),
      ]
    case .gamma(let gamma):
      [
        Share(
          outputSign: 1,
          parts: Self.products(
            positive: { $0 + gamma * positive($0) }, negative: { $0 + gamma * negative($0) })),
        Share(
          outputSign: -1,
          parts: Self.products(
            positive: { $0 + gamma * negative($0) }, negative: { $0 + gamma * positive($0) })),
      ]
    case .box(let range):
      // Each difference by itself: at an end of the range it is 0, and nothing is left of rounding.
      [
        Share(parts: [
          Part(input: { $0 - range.lower(for: $0) }, weight: positive, keepsBias: false),
          Part(input: { $0 - range.upper(for: $0) }, weight: negative, keepsBias: false),
        ])
      ]
    case .flat:
      [
        Share(parts: [
          Part(
            input: { Tensor($0.shape, repeating: 1) }, weight: { _ in 1 }, keepsBias: false)
        ])
      ]
    case .wSquare:
      [Share(parts: [Part(input: { Tensor($0.shape, repeating: 1) }, weight: { $0 * $0 })])]
    }
  }

  /// Positive inputs with some weights and the bias, and negative inputs with others.
  private static func products(
    positive weight: @escaping (Float) -> Float, negative other: @escaping (Float) -> Float
  ) -> [Part] {
    [
      Part(input: { $0.map(positive) }, weight: weight),
      Part(input: { $0.map(negative) }, weight: other, keepsBias: false),
    ]
  }
}

/// What is positive of a number.
private func positive(_ x: Float) -> Float { max(x, 0) }

/// What is negative of a number.
private func negative(_ x: Float) -> Float { min(x, 0) }

extension ClosedRange<Float>? {
  /// The lower bound at every element of an input: its own smallest value where there is no range.
  fileprivate func lower(for x: Tensor) -> Tensor {
    if let self { return Tensor(x.shape, repeating: self.lowerBound) }
    return -(-x).maximumOfSamples()
  }

  /// The upper bound at every element of an input: its own largest value where there is no range.
  fileprivate func upper(for x: Tensor) -> Tensor {
    if let self { return Tensor(x.shape, repeating: self.upperBound) }
    return x.maximumOfSamples()
  }
}

extension Tensor {
  /// Each sample's largest value, in every place of the sample.
  fileprivate func maximumOfSamples() -> Tensor {
    maximum(alongAxes: Array(shape.dimensions.indices.dropFirst())).broadcast(to: shape)
  }

  /// The same moved away from 0, what is 0 upwards, to be divided by.
  func stabilized(_ epsilon: Float) -> Tensor { map { $0 < 0 ? $0 - epsilon : $0 + epsilon } }
}
