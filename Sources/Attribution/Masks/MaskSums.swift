/// Sums over random masks `m` and the values `f` of what they show, and at each pixel
/// `r = Σ f m / Σ m − mean f` with its standard error.
struct MaskSums {
  private var count = 0.0
  /// Values are counted from the first: a large constant costs no digits.
  private var origin = 0.0
  private var values = 0.0
  private var squares = 0.0
  private var m: [Double]
  private var mf: [Double]
  private var mff: [Double]
  private var mm: [Double]
  private var mmf: [Double]
  private var mmff: [Double]

  /// Sums over no masks.
  init(pixels: Int) {
    m = [Double](repeating: 0, count: pixels)
    (mf, mff, mm, mmf, mmff) = (m, m, m, m, m)
  }

  /// Adds a mask and the value of what it shows.
  mutating func add(_ mask: [Float], _ value: Double) {
    if count == 0 { origin = value }
    let f = value - origin
    count += 1
    values += f
    squares += f * f
    for i in m.indices {
      let a = Double(mask[i])
      let (af, aa) = (a * f, a * a)
      m[i] += a
      mf[i] += af
      mff[i] += af * f
      mm[i] += aa
      mmf[i] += aa * f
      mmff[i] += af * af
    }
  }

  /// The map and its standard error; both 0 where no mask has shown a pixel.
  ///
  /// What one mask moves the result by is `N m (f − r̄) / Σ m − (f − mean f)` over `N`, with `r̄ = Σ f m / Σ m`.
  func estimate() -> (map: [Float], standardError: [Float]) {
    let mean = values / count
    var map = [Float](repeating: 0, count: m.count)
    var errors = map
    for i in m.indices where m[i] > 0 {
      let seen = mf[i] / m[i]
      let factor = count / m[i]
      let own = mmff[i] - 2 * seen * mmf[i] + seen * seen * mm[i]
      let both = mff[i] - (seen + mean) * mf[i] + seen * mean * m[i]
      let all = squares - count * mean * mean
      let variance = factor * factor * own - 2 * factor * both + all
      map[i] = Float(seen - mean)
      errors[i] = Float(max(variance, 0).squareRoot() / count)
    }
    return (map, errors)
  }
}
