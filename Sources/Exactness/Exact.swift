package import Tensors

/// A tensor of Double, and how it came about from the input.
///
/// Nothing of it is shared with what networks run on: neither kernels nor the tape.
package struct Exact {
  /// The extents.
  package let shape: Shape
  /// The scalars, row by row.
  package let scalars: [Double]
  /// How it came about; `nil` where it does not depend on the input.
  package let way: Way?

  /// Creates a value that depends on nothing.
  package init(_ shape: Shape, _ scalars: [Double]) {
    precondition(scalars.count == shape.count, "Exact: \(scalars.count) scalars for \(shape)")
    (self.shape, self.scalars, way) = (shape, scalars, nil)
  }

  /// The numbers of a tensor, as they are.
  package init(_ tensor: Tensor) {
    let scalars = tensor.scalars
    self.init(tensor.shape, filled(scalars.count) { Double(scalars[$0]) })
  }

  /// One number.
  init(_ scalar: Double) { self.init([], [scalar]) }

  /// Creates a value out of others, each with its part of the way back.
  init(_ shape: Shape, _ scalars: [Double], from sources: [(Exact, Way.Pullback)]) {
    precondition(scalars.count == shape.count, "Exact: \(scalars.count) scalars for \(shape)")
    (self.shape, self.scalars) = (shape, scalars)
    let traced = sources.compactMap { source, pullback in
      source.way.map { (way: $0, pullback: pullback) }
    }
    way = traced.isEmpty ? nil : Way(count: scalars.count, sources: traced)
  }

  private init(_ shape: Shape, _ scalars: [Double], _ way: Way?) {
    (self.shape, self.scalars, self.way) = (shape, scalars, way)
  }

  /// The same numbers as the input, which gradients are carried back to.
  package var asInput: Exact { Exact(shape, scalars, Way(count: scalars.count)) }

  /// The same scalars under another shape.
  func reshaped(_ shape: Shape) -> Exact {
    precondition(shape.count == scalars.count, "Exact: \(self.shape) as \(shape)")
    return Exact(shape, scalars, way)
  }

  /// The same without a way back.
  var detached: Exact { Exact(shape, scalars) }

  /// The same rounded down to numbers that single precision has.
  var roundedDown: Exact { Exact(shape, scalars.roundedDown, way) }

  /// The numbers in single precision.
  var rounded: Tensor { Tensor(shape, scalars.map { Float($0) }) }
}

extension [Double] {
  /// The next numbers of single precision that are no larger.
  ///
  /// Rounded to the nearest, errors would cancel in sums as those of a kernel, which often have one sign, do not.
  var roundedDown: [Double] {
    map { exact in
      let nearest = Float(exact)
      // What overflows is no rounding.
      guard nearest.isFinite else { return exact }
      return Double(Double(nearest) > exact ? nearest.nextDown : nearest)
    }
  }
}

/// Scalars one by one, on all threads.
@inline(__always)
func filled(_ count: Int, worth: Int = 2, _ body: (Int) -> Double) -> [Double] {
  [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
    let start = buffer
    ThreadPool.shareElements(count, worth: worth) { range in
      for i in range { start[i] = body(i) }
    }
    initialized = count
  }
}
