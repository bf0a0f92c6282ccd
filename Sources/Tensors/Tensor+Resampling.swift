/// What stands outside a picture when it is sampled.
public enum Surroundings: Hashable, Sendable {
  /// One value everywhere.
  case constant(Float)

  /// The nearest pixel of the edge.
  case edge

  /// What to fill the frame with; windows that repeat the edge never weigh it.
  var value: Float {
    switch self {
    case .constant(let value): value
    case .edge: 0
    }
  }
}

extension Tensor {
  /// Samples pictures bilinearly at the points that a map names.
  ///
  /// - Parameters:
  ///   - map: From pixels of the result to points of this picture.
  ///   - height: The result's height in pixels.
  ///   - width: The result's width in pixels.
  ///   - surroundings: What the bilinear window sees outside the picture.
  /// - Returns: Shape (…, height, width) for pictures of shape (…, H, W).
  public func resampled(
    _ map: AffineMap, height: Int, width: Int, surroundings: Surroundings = .constant(0)
  ) -> Tensor {
    precondition(shape.rank >= 2, "resampled: shape \(shape)")
    let source = (height: shape[-2], width: shape[-1])
    let sampler = Sampler(
      map: map, source: source, target: (height, width), surroundings: surroundings)
    return Tensor(Shape(shape.dimensions.dropLast(2) + [height, width])) { out in
      withUnsafeBufferPointer { x in sampler.sample(x, into: out) }
    }
  }

  /// The adjoint of `resampled(_:height:width:surroundings:)` with surroundings that are 0 or the edge.
  ///
  /// - Parameters:
  ///   - map: The map of the sampling.
  ///   - height: The height of the pictures that were sampled.
  ///   - width: Their width.
  ///   - surroundings: Those of the sampling; a constant does not count.
  /// - Returns: Shape (…, height, width) for cotangents of shape (…, H, W).
  public func spread(
    _ map: AffineMap, height: Int, width: Int, surroundings: Surroundings = .constant(0)
  ) -> Tensor {
    precondition(shape.rank >= 2, "spread: shape \(shape)")
    let target = (height: shape[-2], width: shape[-1])
    let sampler = Sampler(
      map: map, source: (height, width), target: target, surroundings: surroundings)
    return Tensor(Shape(shape.dimensions.dropLast(2) + [height, width])) { out in
      withUnsafeBufferPointer { g in sampler.spread(g, into: out) }
    }
  }
}

/// Bilinear windows of a whole picture, and the two passes over them.
///
/// Four planes (channels, pictures of a batch) are handled at a time, interleaved so that a window's
/// corner is one vector. The source gets a frame, so that a window at the edge needs no branch; windows
/// beyond the frame are moved into it.
private struct Sampler {
  let map: AffineMap
  let source, target: (height: Int, width: Int)
  let surroundings: Surroundings

  /// The frame on each side, in pixels: 2, so that a window may lie wholly within it.
  private static let frame = 2

  private var framedWidth: Int { source.width + 2 * Self.frame }
  private var framedCount: Int { framedWidth * (source.height + 2 * Self.frame) }
  private var sourceCount: Int { source.height * source.width }
  private var targetCount: Int { target.height * target.width }

  func sample(_ x: UnsafeBufferPointer<Float>, into out: UnsafeMutableBufferPointer<Float>) {
    let planes = out.count / max(targetCount, 1)
    let storage = Storage(count: 4 * framedCount)
    let framed = vectors(storage)
    for plane in stride(from: 0, to: planes, by: 4) {
      let count = min(4, planes - plane)
      interleave(x, plane, count, into: framed)
      var i = plane * targetCount
      forEachWindow { corner, right, down in
        let top = framed[corner] + (framed[corner + 1] - framed[corner]) * right
        let below = framed + (corner + framedWidth)
        let bottom = below[0] + (below[1] - below[0]) * right
        let value = top + (bottom - top) * down
        for k in 0..<count { out[i + k * targetCount] = value[k] }
        i += 1
      }
    }
    withExtendedLifetime(storage) {}
  }

  func spread(_ g: UnsafeBufferPointer<Float>, into out: UnsafeMutableBufferPointer<Float>) {
    let planes = out.count / max(sourceCount, 1)
    let storage = Storage(count: 4 * framedCount)
    let framed = vectors(storage)
    for plane in stride(from: 0, to: planes, by: 4) {
      let count = min(4, planes - plane)
      framed.initialize(repeating: SIMD4(), count: framedCount)
      var i = plane * targetCount
      forEachWindow { corner, right, down in
        var value = SIMD4<Float>()
        for k in 0..<count { value[k] = g[i + k * targetCount] }
        i += 1
        let bottom = value * down
        let top = value - bottom
        let (topRight, bottomRight) = (top * right, bottom * right)
        framed[corner] += top - topRight
        framed[corner + 1] += topRight
        let below = framed + (corner + framedWidth)
        below[0] += bottom - bottomRight
        below[1] += bottomRight
      }
      deinterleave(framed, plane, count, into: out)
    }
    withExtendedLifetime(storage) {}
  }

  private func vectors(_ storage: Storage) -> UnsafeMutablePointer<SIMD4<Float>> {
    UnsafeMutableRawPointer(storage.pointer).assumingMemoryBound(to: SIMD4<Float>.self)
  }

  /// Calls `body` for every pixel of the result with the window's upper left corner in the framed
  /// source and the fractions to the right and downwards.
  @inline(__always)
  private func forEachWindow(_ body: (_ corner: Int, _ right: Float, _ down: Float) -> Void) {
    // Coordinates in the framed source, held so far inside that the whole window exists; with a
    // constant frame 2 wide, a point held there sees nothing but the constant. In units of 2⁻³² pixels.
    let edge = surroundings == .edge
    let margin = Double(Self.frame)
    let low = Self.fixed(edge ? margin : 0.5)
    let highX = Self.fixed(Double(source.width) - 1 + margin + (edge ? 0 : 1.5))
    let highY = Self.fixed(Double(source.height) - 1 + margin + (edge ? 0 : 1.5))
    let (stepX, stepY) = (Self.fixed(map.a), Self.fixed(map.d))
    for y in 0..<target.height {
      var x = Self.fixed(map.b * Double(y) + map.c + margin)
      var y = Self.fixed(map.e * Double(y) + map.f + margin)
      for _ in 0..<target.width {
        let sx = x < low ? low : x > highX ? highX : x
        let sy = y < low ? low : y > highY ? highY : y
        body(
          (sy >> 32) &* framedWidth &+ (sx >> 32), Self.fraction(sx), Self.fraction(sy))
        x &+= stepX
        y &+= stepY
      }
    }
  }

  private static func fixed(_ x: Double) -> Int {
    precondition(abs(x) < 0x1p29, "resampled: coordinate \(x)")
    return Int((x * 0x1p32).rounded())
  }

  @inline(__always) private static func fraction(_ x: Int) -> Float {
    Float(Int32(truncatingIfNeeded: (x >> 8) & 0xFF_FFFF)) * 0x1p-24
  }

  private func interleave(
    _ x: UnsafeBufferPointer<Float>, _ plane: Int, _ count: Int,
    into framed: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    framed.initialize(repeating: SIMD4(repeating: surroundings.value), count: framedCount)
    for row in 0..<source.height {
      let to = framed + ((row + Self.frame) * framedWidth + Self.frame)
      let from = plane * sourceCount + row * source.width
      if count == 4 || count == 3 {
        let last = count == 4 ? 3 : 2
        for column in 0..<source.width {
          to[column] = SIMD4(
            x[from + column], x[from + column + sourceCount], x[from + column + 2 * sourceCount],
            x[from + column + last * sourceCount])
        }
      } else {
        for column in 0..<source.width {
          for k in 0..<count { to[column][k] = x[from + column + k * sourceCount] }
        }
      }
    }
  }

  private func deinterleave(
    _ framed: UnsafeMutablePointer<SIMD4<Float>>, _ plane: Int, _ count: Int,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    for row in 0..<source.height {
      let from = framed + ((row + Self.frame) * framedWidth + Self.frame)
      let to = plane * sourceCount + row * source.width
      for k in 0..<count {
        for column in 0..<source.width { out[to + k * sourceCount + column] = from[column][k] }
      }
    }
  }
}
