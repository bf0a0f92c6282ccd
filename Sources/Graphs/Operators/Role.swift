package import Blocks

/// What an operator does with its inputs, as far as gradients, relevance and names go by it.
package enum Role: Sendable, Hashable {
  // MARK: Element by element

  /// A function of each element of the first input; further inputs and attributes are its parameters.
  case elementwise
  /// The same with results from 0 to 1, which products are gated by.
  case gate
  /// `min(max(x, lower), upper)` of each element; a rectifier where the lower limit is 0.
  case clamp(Clamp)
  /// A function of elements that is constant but for its jumps: comparisons, logic, rounding. No gradient
  /// passes.
  case step
  /// Elements of two inputs, or of more where it is a sum, put together; shapes broadcast.
  case arithmetic(Arithmetic)
  /// Elements of several inputs put together in any other way; shapes broadcast.
  case combination

  // MARK: The same numbers

  /// The first input as it is.
  case renaming
  /// The first input's elements in the same order under another shape.
  case reshaping
  /// Elements of the first input, moved, chosen or repeated: the gradient goes where the value came from.
  case selection
  /// The inputs one behind the other along the attribute `axis`.
  case concatenation

  // MARK: Sums

  /// A sum of elements of the first input, weighted by the second, plus the third where there is one.
  case linear(Weights)
  /// A sum of elements of the first input with weights that the operator itself gives: means, sums.
  case average

  // MARK: The rest

  /// Elements brought to a common scale, then scaled and shifted.
  case normalization
  /// Elements turned into shares of 1 along an axis, their logarithms, or the largest alone.
  case softmax
  /// Several elements made one, neither by a sum nor by a choice: norms, products.
  case reduction
  /// Places of elements rather than their values. No gradient passes.
  case index
  /// Numbers that depend on no element: on nothing, or on the inputs' shapes alone.
  case constant
  /// None of these.
  case other

  /// The operations of arithmetic.
  package enum Arithmetic: Sendable, Hashable {
    case addition, subtraction, multiplication, division
  }

  /// How weights are summed over.
  package enum Weights: Sendable, Hashable {
    /// By a window: weights of outputs × inputs × the window's extents.
    case convolution
    /// By the adjoint of a convolution: weights of inputs × outputs × the window's extents.
    case transposedConvolution
    /// Over the last axis but what the node's attributes say.
    case matrixProduct
  }
}

extension Role {
  /// Whether gradient rules treat it as a rectifier: ReLU, ReLU6.
  package var isRectifier: Bool {
    if case .clamp(let clamp) = self { clamp.isRectifier } else { false }
  }

  /// Whether it holds each element between two limits.
  package var isBounded: Bool {
    if case .clamp(let clamp) = self { clamp.lower.isFinite && clamp.upper.isFinite } else { false }
  }

  /// Whether it is a convolution or the adjoint of one.
  package var isConvolution: Bool {
    self == .linear(.convolution) || self == .linear(.transposedConvolution)
  }

  /// Whether each element of the result depends on the elements in its place alone.
  package var isElementwise: Bool {
    switch self {
    case .elementwise, .gate, .clamp, .step, .arithmetic, .combination, .renaming: true
    default: false
    }
  }

  /// Whether inputs of different shapes stretch to each other.
  var broadcasts: Bool {
    switch self {
    case .arithmetic, .combination: true
    default: false
    }
  }

  /// Whether the first input's numbers stay what they are, in the same order.
  package var keepsNumbers: Bool { self == .renaming || self == .reshaping }

  /// Where the channels lie unless the operator says otherwise.
  var channels: ChannelRule {
    switch self {
    case _ where isElementwise: .kept
    case .concatenation, .normalization, .softmax: .kept
    default: .unknown
    }
  }

  /// What becomes of rows and columns unless the operator says otherwise.
  var positions: Positions {
    switch self {
    case _ where isElementwise: .kept
    case .concatenation, .normalization, .softmax: .kept
    default: .lost
    }
  }
}
