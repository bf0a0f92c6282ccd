/// The extents of a plane and the passes over it.
///
/// Columns are transformed four at a time, one a SIMD lane. Rows are transformed eight at a time: two
/// real rows are the real and imaginary part of one complex row. Between the passes the half spectrum
/// lies transposed, column by column, so that both read and write whole vectors.
struct FourierPlane {
  let height, width: Int
  let columns: Int
  /// `height` up to the next multiple of 8: the distance between columns of the half spectrum.
  let pitch: Int
  let columnPlan, rowPlan: FourierPlan
  private let norm, interiorWeight: Float
  /// A factor for each number of a half spectrum.
  private let scale: Tensor?

  init(height: Int, width: Int, interiorWeight: Float, scale: Tensor?) {
    self.interiorWeight = interiorWeight
    self.scale = scale
    (self.height, self.width) = (height, width)
    columns = width / 2 + 1
    pitch = (height + 7) & ~7
    columnPlan = FourierPlan.plan(length: height)
    rowPlan = FourierPlan.plan(length: width)
    norm = 1 / Float(height * width).squareRoot()
    precondition(
      scale.map { $0.shape == [height, columns, 2] } ?? true,
      "FourierPlane: scale of shape \(scale?.shape ?? []) for pictures of \(height)×\(width)")
  }

  /// How many planes are transformed together: the channels of a picture.
  static let together = 4

  /// Where the half spectra of some planes lie between the passes, and each thread's lines.
  struct Scratch {
    let planes: Int
    fileprivate let halves: UnsafeMutablePointer<Float>
    fileprivate let half: Int
    fileprivate let lines: FourierVectors
    fileprivate let line, linesOfThread: Int

    fileprivate func lines(
      of thread: Int
    ) -> (real: FourierVectors, imaginary: FourierVectors, plan: FourierVectors) {
      let start = lines + thread * linesOfThread
      return (start, start + line, start + 2 * line)
    }

    fileprivate func half(
      of plane: Int
    ) -> (real: UnsafeMutablePointer<Float>, imaginary: UnsafeMutablePointer<Float>) {
      (halves + 2 * plane * half, halves + (2 * plane + 1) * half)
    }
  }

  /// Calls the closure for some planes at a time with the first of them, until all have had their turn.
  func forEachGroup(of planes: Int, _ body: (_ first: Int, Scratch) -> Void) {
    for first in stride(from: 0, to: planes, by: Self.together) {
      withScratch(planes: min(Self.together, planes - first)) { body(first, $0) }
    }
  }

  private func withScratch(planes: Int, _ body: (Scratch) -> Void) {
    let half = ((columns + 3) & ~3) * pitch
    let halves = 2 * planes * half
    let line = (max(pitch, width) + 3) & ~3
    let vectors = 2 * line + max(columnPlan.scratchCount, rowPlan.scratchCount)
    let threads = ThreadPool.currentThreads
    let storage = Storage(count: halves + 4 * vectors * threads)
    let start = UnsafeMutableRawPointer(storage.pointer + halves)
      .assumingMemoryBound(to: SIMD4<Float>.self)
    // What fills up the columns to fours; rows are all written where there are whole eights of them.
    let written = pitch == height ? columns * pitch : 0
    for i in 0..<2 * planes {
      (storage.pointer + i * half + written).initialize(repeating: 0, count: half - written)
    }
    for thread in 0..<threads {
      (start + thread * vectors).initialize(repeating: SIMD4(), count: 2 * line)
    }
    body(
      Scratch(
        planes: planes, halves: storage.pointer, half: half, lines: start, line: line,
        linesOfThread: vectors))
    withExtendedLifetime(storage) {}
  }

  /// The factor of four columns; 0 beyond the last.
  private func weights(_ column: Int) -> SIMD4<Float> {
    var result = SIMD4<Float>()
    for i in 0..<4 where column + i < columns {
      let single = column + i == 0 || 2 * (column + i) == width
      result[i] = norm * (single ? 1 : interiorWeight)
    }
    return result
  }

  /// Calls the closure for each of so many parts of each plane, on all threads.
  private func share(
    _ parts: Int, of s: Scratch, _ body: (_ plane: Int, _ part: Int, _ thread: Int) -> Void
  ) {
    ThreadPool.share(s.planes * parts) { body($0 / parts, $0 % parts, $1) }
  }

  func columnsInverse(_ x: UnsafePointer<Float>, _ s: Scratch) {
    let scale = scale?.start
    share((columns + 3) / 4, of: s) { plane, part, thread in
      let (column, (real, imaginary, plan)) = (4 * part, s.lines(of: thread))
      let (half, x) = (s.half(of: plane), x + plane * height * columns * 2)
      let weight = weights(column)
      let count = min(4, columns - column)
      for row in 0..<height {
        let place = 2 * (row * columns + column)
        var pairs = load(x + place, count)
        if let scale { pairs *= load(scale + place, count) }
        real[row] = pairs.evenHalf * weight
        imaginary[row] = pairs.oddHalf * weight
      }
      columnPlan.transform(imaginary, real, scratch: plan)
      for row in stride(from: 0, to: height, by: 4) {
        storeTransposed(real + row, half.real + column * pitch + row, pitch)
        storeTransposed(imaginary + row, half.imaginary + column * pitch + row, pitch)
      }
    }
  }

  func rowsInverse(_ s: Scratch, _ out: UnsafeMutablePointer<Float>) {
    share((height + 7) / 8, of: s) { plane, part, thread in
      let (row, (real, imaginary, plan)) = (8 * part, s.lines(of: thread))
      let (half, out) = (s.half(of: plane), out + plane * height * width)
      for column in 0..<columns {
        let (a1, a2) = loadPair(half.real + column * pitch + row)
        let (b1, b2) = loadPair(half.imaginary + column * pitch + row)
        if column == 0 || 2 * column == width {
          (real[column], imaginary[column]) = (a1, a2)
        } else {
          (real[column], imaginary[column]) = (a1 - b2, b1 + a2)
          (real[width - column], imaginary[width - column]) = (a1 + b2, a2 - b1)
        }
      }
      rowPlan.transform(imaginary, real, scratch: plan)
      storeRows(real, out + row * width, min(4, height - row))
      if row + 4 < height {
        storeRows(imaginary, out + (row + 4) * width, min(4, height - row - 4))
      }
    }
  }

  func rowsForward(_ x: UnsafePointer<Float>, _ s: Scratch) {
    share((height + 7) / 8, of: s) { plane, part, thread in
      let (row, (real, imaginary, plan)) = (8 * part, s.lines(of: thread))
      let (half, x) = (s.half(of: plane), x + plane * height * width)
      loadRows(x + row * width, real, min(4, height - row))
      loadRows(x + (row + 4) * width, imaginary, max(0, min(4, height - row - 4)))
      rowPlan.transform(real, imaginary, scratch: plan)
      for column in 0..<columns {
        let mirrored = column == 0 ? 0 : width - column
        let (a, b) = (real[column], imaginary[column])
        let (c, d) = (real[mirrored], imaginary[mirrored])
        storePair(half.real + column * pitch + row, 0.5 * (a + c), 0.5 * (b + d))
        storePair(half.imaginary + column * pitch + row, 0.5 * (b - d), 0.5 * (c - a))
      }
    }
  }

  func columnsForward(_ s: Scratch, _ out: UnsafeMutablePointer<Float>) {
    let scale = scale?.start
    share((columns + 3) / 4, of: s) { plane, part, thread in
      let (column, (real, imaginary, plan)) = (4 * part, s.lines(of: thread))
      let (half, out) = (s.half(of: plane), out + plane * height * columns * 2)
      let weight = weights(column)
      let count = min(4, columns - column)
      for row in stride(from: 0, to: height, by: 4) {
        loadTransposed(half.real + column * pitch + row, pitch, real + row)
        loadTransposed(half.imaginary + column * pitch + row, pitch, imaginary + row)
      }
      columnPlan.transform(real, imaginary, scratch: plan)
      for row in 0..<height {
        var pairs = SIMD8<Float>()
        pairs.evenHalf = real[row] * weight
        pairs.oddHalf = imaginary[row] * weight
        let place = 2 * (row * columns + column)
        if let scale { pairs *= load(scale + place, count) }
        let at = out + place
        if count == 4 {
          UnsafeMutableRawPointer(at).storeBytes(of: pairs, as: SIMD8<Float>.self)
        } else {
          for i in 0..<2 * count { at[i] = pairs[i] }
        }
      }
    }
  }

  private func storeRows(
    _ lanes: FourierVectors, _ out: UnsafeMutablePointer<Float>, _ rows: Int
  ) {
    let whole = rows == 4 ? width & ~3 : 0
    for x in stride(from: 0, to: whole, by: 4) { storeTransposed(lanes + x, out + x, width) }
    for x in whole..<width {
      for row in 0..<rows { out[row * width + x] = lanes[x][row] }
    }
  }

  private func loadRows(_ x: UnsafePointer<Float>, _ lanes: FourierVectors, _ rows: Int) {
    let whole = rows == 4 ? width & ~3 : 0
    for i in stride(from: 0, to: whole, by: 4) { loadTransposed(x + i, width, lanes + i) }
    for i in whole..<width {
      var vector = SIMD4<Float>()
      for row in 0..<rows { vector[row] = x[row * width + i] }
      lanes[i] = vector
    }
  }
}

@inline(__always) private func load4(_ p: UnsafePointer<Float>) -> SIMD4<Float> {
  UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self)
}

@inline(__always) private func store4(_ p: UnsafeMutablePointer<Float>, _ v: SIMD4<Float>) {
  UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD4<Float>.self)
}

/// So many pairs, at most four.
@inline(__always)
private func load(_ p: UnsafePointer<Float>, _ count: Int) -> SIMD8<Float> {
  count == 4
    ? UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Float>.self) : loadSome(p, 2 * count)
}

private func loadSome(_ p: UnsafePointer<Float>, _ count: Int) -> SIMD8<Float> {
  var result = SIMD8<Float>()
  for i in 0..<count { result[i] = p[i] }
  return result
}

@inline(__always)
private func loadPair(_ p: UnsafePointer<Float>) -> (SIMD4<Float>, SIMD4<Float>) {
  (load4(p), load4(p + 4))
}

@inline(__always)
private func storePair(_ p: UnsafeMutablePointer<Float>, _ a: SIMD4<Float>, _ b: SIMD4<Float>) {
  store4(p, a)
  store4(p + 4, b)
}

@inline(__always)
private func transposed(
  _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>
) -> (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>) {
  (
    SIMD4(a.x, b.x, c.x, d.x), SIMD4(a.y, b.y, c.y, d.y), SIMD4(a.z, b.z, c.z, d.z),
    SIMD4(a.w, b.w, c.w, d.w)
  )
}

@inline(__always)
private func storeTransposed(_ v: FourierVectors, _ out: UnsafeMutablePointer<Float>, _ pitch: Int)
{
  let (a, b, c, d) = transposed(v[0], v[1], v[2], v[3])
  store4(out, a)
  store4(out + pitch, b)
  store4(out + 2 * pitch, c)
  store4(out + 3 * pitch, d)
}

@inline(__always)
private func loadTransposed(_ x: UnsafePointer<Float>, _ pitch: Int, _ v: FourierVectors) {
  let (a, b, c, d) = transposed(
    load4(x), load4(x + pitch), load4(x + 2 * pitch), load4(x + 3 * pitch))
  (v[0], v[1], v[2], v[3]) = (a, b, c, d)
}
