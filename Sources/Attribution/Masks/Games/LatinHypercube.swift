import Tensors

/// Points in a cube, spread evenly along every axis: one in each of as many equal parts as there are points, in an
/// order and at a place within the part that are drawn for each axis.
///
/// Source: McKay, Beckman and Conover, "A Comparison of Three Methods for Selecting Values of Input Variables in
/// the Analysis of Output from a Computer Code", Technometrics 1979.
struct LatinHypercube {
  private let axes: [[Double]]

  /// Draws the points.
  ///
  /// - Parameters:
  ///   - count: How many points.
  ///   - axes: The number of axes.
  ///   - seed: What they follow from.
  init(count: Int, axes: Int, seed: UInt64) {
    self.axes = (0..<axes).map { axis in
      var random = SplitMix64(seed: seed, draw: axis)
      let parts = (0..<count).shuffled(using: &random)
      return parts.map { (Double($0) + random.uniform()) / Double(count) }
    }
  }

  /// A coordinate in 0..<1.
  func coordinate(_ axis: Int, of point: Int) -> Double { axes[axis][point] }
}
