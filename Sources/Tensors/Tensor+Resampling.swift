import Contracts

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
      forEachBand(of: target.height) { _, rows in
        var i = plane * targetCount + rows.lowerBound * target.width
        forEachWindow(of: rows) { corner, right, down in
          let top = framed[corner] + (framed[corner + 1] - framed[corner]) * right
          let below = framed + (corner + framedWidth)
          let bottom = below[0] + (below[1] - below[0]) * right
          write(top + (bottom - top) * down, count, to: out, at: i, apart: targetCount)
          i += 1
        }
      }
    }
    withExtendedLifetime(storage) {}
  }

  /// Each band of rows spreads into a frame of its own, so that neither threads nor their number matter; the
  /// frames are added where they were touched.
  func spread(_ g: UnsafeBufferPointer<Float>, into out: UnsafeMutableBufferPointer<Float>) {
    let planes = out.count / max(sourceCount, 1)
    let touched = (0..<Self.bands).map { touchedRows(by: band($0, of: target.height)) }
    // Whole frames, so that one size serves for all angles that are near.
    let rows = touched.reduce(0) { $0 + $1.count }
    let height = source.height + 2 * Self.frame
    let storage = Storage(count: 4 * framedCount * ((rows + height - 1) / height))
    // Where each band's frame would begin, if it had all rows.
    var first = 0
    let frames = touched.map { touched in
      defer { first += touched.count }
      return vectors(storage) + (first - touched.lowerBound) * framedWidth
    }
    for plane in stride(from: 0, to: planes, by: 4) {
      let count = min(4, planes - plane)
      forEachBand(of: target.height) { band, rows in
        let framed = frames[band]
        (framed + touched[band].lowerBound * framedWidth).initialize(
          repeating: SIMD4(), count: touched[band].count * framedWidth)
        var i = plane * targetCount + rows.lowerBound * target.width
        forEachWindow(of: rows) { corner, right, down in
          let value = read(count, from: g, at: i, apart: targetCount)
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
      }
      forEachBand(of: source.height) { _, rows in
        for row in rows { deinterleave(row, frames, touched, plane, count, into: out) }
      }
    }
    withExtendedLifetime(storage) {}
  }

  /// Into how many bands a picture's rows are divided, to be shared out.
  private static let bands = 8

  private func band(_ band: Int, of height: Int) -> Range<Int> {
    height * band / Self.bands..<height * (band + 1) / Self.bands
  }

  private func forEachBand(of height: Int, _ body: (_ band: Int, _ rows: Range<Int>) -> Void) {
    ThreadPool.share(Self.bands) { part, _ in body(part, band(part, of: height)) }
  }

  /// The framed source's rows that the windows of some rows of the result lie in.
  private func touchedRows(by rows: Range<Int>) -> Range<Int> {
    guard let first = rows.first, let last = rows.last, target.width > 0 else { return 0..<0 }
    let corners = [first, last].flatMap { y in
      [0, target.width - 1].map { x in
        map.d * Double(x) + map.e * Double(y) + map.f + Double(Self.frame)
      }
    }
    let height = source.height + 2 * Self.frame
    let held = range(extent: source.height)
    func row(_ y: Double) -> Int { Int(max(held.lowerBound, min(held.upperBound, y))) }
    let (low, high) = (corners.min() ?? 0, corners.max() ?? 0)
    // A row more on either side than the windows need: steps are rounded to 2⁻³² pixels.
    return max(0, row(low) - 1)..<min(height, row(high) + 3)
  }

  private func vectors(_ storage: Storage) -> UnsafeMutablePointer<SIMD4<Float>> {
    UnsafeMutableRawPointer(storage.pointer).assumingMemoryBound(to: SIMD4<Float>.self)
  }

  /// Calls `body` for every pixel of some rows of the result with the window's upper left corner in the framed
  /// source and the fractions to the right and downwards.
  @inline(__always)
  private func forEachWindow(
    of rows: Range<Int>, _ body: (_ corner: Int, _ right: Float, _ down: Float) -> Void
  ) {
    // In units of 2⁻³² pixels.
    let (rangeX, rangeY) = (range(extent: source.width), range(extent: source.height))
    let (lowX, highX) = (Self.fixed(rangeX.lowerBound), Self.fixed(rangeX.upperBound))
    let (lowY, highY) = (Self.fixed(rangeY.lowerBound), Self.fixed(rangeY.upperBound))
    let margin = Double(Self.frame)
    let (stepX, stepY) = (Self.fixed(map.a), Self.fixed(map.d))
    for y in rows {
      var x = Self.fixed(map.b * Double(y) + map.c + margin)
      var y = Self.fixed(map.e * Double(y) + map.f + margin)
      for _ in 0..<target.width {
        let sx = x < lowX ? lowX : x > highX ? highX : x
        let sy = y < lowY ? lowY : y > highY ? highY : y
        body(
          (sy >> 32) &* framedWidth &+ (sx >> 32), Self.fraction(sx), Self.fraction(sy))
        x &+= stepX
        y &+= stepY
      }
    }
  }

  /// Where coordinates in the framed source are held: so far inside that the whole window exists.
  ///
  /// With a constant frame 2 wide, a point held there sees nothing but the constant.
  private func range(extent: Int) -> ClosedRange<Double> {
    let last = Double(extent - 1 + Self.frame)
    return surroundings == .edge ? Double(Self.frame)...last : 0.5...last + 1.5
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
    let frame = SIMD4(repeating: surroundings.value)
    let height = source.height + 2 * Self.frame
    forEachBand(of: height) { _, rows in
      (framed + rows.lowerBound * framedWidth).initialize(
        repeating: frame, count: rows.count * framedWidth)
      for row in rows where row >= Self.frame && row < height - Self.frame {
        interleave(row - Self.frame, x, plane, count, into: framed)
      }
    }
  }

  private func interleave(
    _ row: Int, _ x: UnsafeBufferPointer<Float>, _ plane: Int, _ count: Int,
    into framed: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    let to = framed + ((row + Self.frame) * framedWidth + Self.frame)
    let from = plane * sourceCount + row * source.width
    for column in 0..<source.width {
      to[column] = read(count, from: x, at: from + column, apart: sourceCount)
    }
  }

  /// One place of so many planes.
  @inline(__always)
  private func read(
    _ count: Int, from x: UnsafeBufferPointer<Float>, at i: Int, apart plane: Int
  ) -> SIMD4<Float> {
    switch count {
    case 4: SIMD4(x[i], x[i + plane], x[i + 2 * plane], x[i + 3 * plane])
    case 3: SIMD4(x[i], x[i + plane], x[i + 2 * plane], 0)
    case 2: SIMD4(x[i], x[i + plane], 0, 0)
    default: SIMD4(x[i], 0, 0, 0)
    }
  }

  @inline(__always)
  private func write(
    _ value: SIMD4<Float>, _ count: Int, to out: UnsafeMutableBufferPointer<Float>, at i: Int,
    apart plane: Int
  ) {
    out[i] = value.x
    if count > 1 { out[i + plane] = value.y }
    if count > 2 { out[i + 2 * plane] = value.z }
    if count > 3 { out[i + 3 * plane] = value.w }
  }

  /// Writes one row of the sum of all bands' frames.
  private func deinterleave(
    _ row: Int, _ frames: [UnsafeMutablePointer<SIMD4<Float>>], _ touched: [Range<Int>],
    _ plane: Int, _ count: Int, into out: UnsafeMutableBufferPointer<Float>
  ) {
    let framedRow = row + Self.frame
    let to = plane * sourceCount + row * source.width
    let start = framedRow * framedWidth + Self.frame
    // The first one's frame, which nobody needs any more; no list of bands, which would be made anew for each row.
    var sum: UnsafeMutablePointer<SIMD4<Float>>?
    for (band, rows) in touched.enumerated() where rows.contains(framedRow) {
      let own = frames[band] + start
      guard let sum else {
        sum = own
        continue
      }
      for column in 0..<source.width { sum[column] += own[column] }
    }
    for column in 0..<source.width {
      write(sum?[column] ?? SIMD4(), count, to: out, at: to + column, apart: sourceCount)
    }
  }
}
