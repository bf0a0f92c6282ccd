import CKernels

extension FeatureMap {
  /// Passes a gradient, of something to be made small, through the clamp of an activation.
  ///
  /// The derivative keeps it where the activation is strictly within the clamp. Where that leaves nothing
  /// of an image, or `always`, what would bring an activation back from outside passes as well: negative at
  /// the lower end, positive at the upper.
  ///
  /// - Parameters:
  ///   - activation: What the clamp made.
  ///   - clamp: The clamp.
  ///   - always: Whether a redirected gradient passes whatever else does.
  ///   - pictures: How many lie side by side in each image, as those of rows do.
  package func redirect(
    where activation: FeatureMap, isOutside clamp: Clamp, always: Bool, pictures: Int = 1
  ) {
    let columns = width / pictures
    for place in 0..<batch * pictures {
      let (image, first) = (place / pictures, place % pictures * columns)
      let range = first..<first + columns
      var redirects = true
      if !always {
        forEachPair(activation, image, range) { g, x in
          if g.pointee != 0, x > clamp.lower, x < clamp.upper { redirects = false }
        }
      }
      forEachPair(activation, image, range) { g, x in
        if x <= clamp.lower {
          g.pointee = redirects ? min(g.pointee, 0) : 0
        } else if x >= clamp.upper {
          g.pointee = redirects ? max(g.pointee, 0) : 0
        }
      }
    }
  }

  @inline(__always)
  private func forEachPair(
    _ other: FeatureMap, _ image: Int, _ columns: Range<Int>,
    _ body: (UnsafeMutablePointer<Float>, Float) -> Void
  ) {
    for block in 0..<blocks {
      let (mine, its) = (
        kernelMap(image: image, block: block), other.kernelMap(image: image, block: block)
      )
      guard let a = mine.data, let b = its.data else { continue }
      let count = min(16, channels - block * 16)
      for y in 0..<height {
        for x in columns {
          for lane in 0..<count {
            body(a + y * mine.row + x * 16 + lane, b[y * its.row + x * 16 + lane])
          }
        }
      }
    }
  }
}
