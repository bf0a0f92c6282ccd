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
        redirects = !anyRow(activation, image, range) { g, x, count, lanes in
          lanes == 16
            ? passes(g, x, count, within: clamp) : passes(g, x, count, lanes, within: clamp)
        }
      }
      _ = anyRow(activation, image, range) { g, x, count, _ in
        if redirects {
          keepTurningOn(g, x, count, clamp)
        } else {
          keepWithin(g, x, count, clamp)
        }
        return false
      }
    }
  }

  /// Goes through the rows of an image, block by block, until something is found.
  ///
  /// - Parameters:
  ///   - other: The map beside this one.
  ///   - image: The image.
  ///   - columns: The columns of each row.
  ///   - body: Takes a row of both, its number of scalars, and how many of 16 lanes are channels.
  /// - Returns: Whether `body` found something.
  @inline(__always)
  private func anyRow(
    _ other: FeatureMap, _ image: Int, _ columns: Range<Int>,
    _ body: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, Int) -> Bool
  ) -> Bool {
    for block in 0..<blocks {
      let (mine, its) = (
        kernelMap(image: image, block: block), other.kernelMap(image: image, block: block)
      )
      guard let a = mine.data, let b = its.data else { continue }
      let (start, count) = (columns.lowerBound * 16, columns.count * 16)
      for y in 0..<height {
        let (g, x) = (a + y * mine.row + start, b + y * its.row + start)
        if body(g, UnsafePointer(x), count, min(16, channels - block * 16)) { return true }
      }
    }
    return false
  }
}

// The loops have no branch, so that the compiler makes vectors of them.

/// Whether some of a row's gradient is where the activation is strictly within the clamp.
private func passes(
  _ g: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int, within clamp: Clamp
) -> Bool {
  let (lower, upper) = (clamp.lower, clamp.upper)
  var found: Int32 = 0
  for i in 0..<count {
    let isOn: Int32 = (x[i] > lower ? 1 : 0) & (x[i] < upper ? 1 : 0)
    found |= isOn & (g[i] != 0 ? 1 : 0)
  }
  return found != 0
}

/// The same where the last lanes are no channels.
private func passes(
  _ g: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int, _ lanes: Int,
  within clamp: Clamp
) -> Bool {
  for first in stride(from: 0, to: count, by: 16) {
    for i in first..<first + lanes where g[i] != 0 && x[i] > clamp.lower && x[i] < clamp.upper {
      return true
    }
  }
  return false
}

/// Keeps of a row's gradient what is within the clamp.
private func keepWithin(
  _ g: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int, _ clamp: Clamp
) {
  let (lower, upper) = (clamp.lower, clamp.upper)
  for i in 0..<count { g[i] = x[i] <= lower ? 0 : x[i] >= upper ? 0 : g[i] }
}

/// Keeps of a row's gradient what is within the clamp, or brings an activation back from outside.
private func keepTurningOn(
  _ g: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int, _ clamp: Clamp
) {
  let (lower, upper) = (clamp.lower, clamp.upper)
  for i in 0..<count {
    let (fall, rise) = (min(g[i], 0), max(g[i], 0))
    g[i] = x[i] <= lower ? fall : x[i] >= upper ? rise : g[i]
  }
}
