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
  let norm: Float

  init(height: Int, width: Int) {
    (self.height, self.width) = (height, width)
    columns = width / 2 + 1
    pitch = (height + 7) & ~7
    columnPlan = FourierPlan.plan(length: height)
    rowPlan = FourierPlan.plan(length: width)
    norm = 1 / Float(height * width).squareRoot()
  }

  /// Where the half spectrum lies between the passes, and each thread's lines.
  struct Scratch {
    let halfReal, halfImaginary: UnsafeMutablePointer<Float>
    fileprivate let lines: FourierVectors
    fileprivate let line, linesOfThread: Int

    fileprivate func lines(
      of thread: Int
    ) -> (real: FourierVectors, imaginary: FourierVectors, plan: FourierVectors) {
      let start = lines + thread * linesOfThread
      return (start, start + line, start + 2 * line)
    }
  }

  func withScratch(_ body: (Scratch) -> Void) {
    let half = ((columns + 3) & ~3) * pitch
    let line = (max(pitch, width) + 3) & ~3
    let vectors = 2 * line + max(columnPlan.scratchCount, rowPlan.scratchCount)
    let threads = ThreadPool.currentThreads
    let storage = Storage(count: 2 * half + 4 * vectors * threads)
    let start = UnsafeMutableRawPointer(storage.pointer + 2 * half)
      .assumingMemoryBound(to: SIMD4<Float>.self)
    storage.pointer.initialize(repeating: 0, count: 2 * half)
    for thread in 0..<threads {
      (start + thread * vectors).initialize(repeating: SIMD4(), count: 2 * line)
    }
    body(
      Scratch(
        halfReal: storage.pointer, halfImaginary: storage.pointer + half, lines: start, line: line,
        linesOfThread: vectors))
    withExtendedLifetime(storage) {}
  }

  /// The factor of four columns; 0 beyond the last.
  private func weights(_ column: Int, _ interior: Float) -> SIMD4<Float> {
    var result = SIMD4<Float>()
    for i in 0..<4 where column + i < columns {
      let single = column + i == 0 || 2 * (column + i) == width
      result[i] = norm * (single ? 1 : interior)
    }
    return result
  }

  func columnsInverse(_ x: UnsafePointer<Float>, _ s: Scratch, _ interior: Float) {
    ThreadPool.share((columns + 3) / 4) { part, thread in
      let (column, (real, imaginary, plan)) = (4 * part, s.lines(of: thread))
      let weight = weights(column, interior)
      let count = min(4, columns - column)
      for row in 0..<height {
        let at = x + 2 * (row * columns + column)
        let pairs = count == 4 ? load8(at) : loadSome(at, 2 * count)
        real[row] = pairs.evenHalf * weight
        imaginary[row] = pairs.oddHalf * weight
      }
      columnPlan.transform(imaginary, real, scratch: plan)
      for row in stride(from: 0, to: height, by: 4) {
        storeTransposed(real + row, s.halfReal + column * pitch + row, pitch)
        storeTransposed(imaginary + row, s.halfImaginary + column * pitch + row, pitch)
      }
    }
  }

  func rowsInverse(_ s: Scratch, _ out: UnsafeMutablePointer<Float>) {
    ThreadPool.share((height + 7) / 8) { part, thread in
      let (row, (real, imaginary, plan)) = (8 * part, s.lines(of: thread))
      for column in 0..<columns {
        let (a1, a2) = loadPair(s.halfReal + column * pitch + row)
        let (b1, b2) = loadPair(s.halfImaginary + column * pitch + row)
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
    let half = SIMD4<Float>(repeating: 0.5)
    ThreadPool.share((height + 7) / 8) { part, thread in
      let (row, (real, imaginary, plan)) = (8 * part, s.lines(of: thread))
      loadRows(x + row * width, real, min(4, height - row))
      loadRows(x + (row + 4) * width, imaginary, max(0, min(4, height - row - 4)))
      rowPlan.transform(real, imaginary, scratch: plan)
      for column in 0..<columns {
        let mirrored = column == 0 ? 0 : width - column
        let (a, b) = (real[column], imaginary[column])
        let (c, d) = (real[mirrored], imaginary[mirrored])
        storePair(s.halfReal + column * pitch + row, half * (a + c), half * (b + d))
        storePair(s.halfImaginary + column * pitch + row, half * (b - d), half * (c - a))
      }
    }
  }

  func columnsForward(_ s: Scratch, _ out: UnsafeMutablePointer<Float>, _ interior: Float) {
    ThreadPool.share((columns + 3) / 4) { part, thread in
      let (column, (real, imaginary, plan)) = (4 * part, s.lines(of: thread))
      let weight = weights(column, interior)
      let count = min(4, columns - column)
      for row in stride(from: 0, to: height, by: 4) {
        loadTransposed(s.halfReal + column * pitch + row, pitch, real + row)
        loadTransposed(s.halfImaginary + column * pitch + row, pitch, imaginary + row)
      }
      columnPlan.transform(real, imaginary, scratch: plan)
      for row in 0..<height {
        var pairs = SIMD8<Float>()
        pairs.evenHalf = real[row] * weight
        pairs.oddHalf = imaginary[row] * weight
        let at = out + 2 * (row * columns + column)
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

@inline(__always) private func load8(_ p: UnsafePointer<Float>) -> SIMD8<Float> {
  UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Float>.self)
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
