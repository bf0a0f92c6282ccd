#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
public import Tensors

/// The structural similarity of two maps: means, spreads and what they have in common, window by window.
///
/// `(2 μₓμᵧ + c₁)(2 σₓᵧ + c₂) / ((μₓ² + μᵧ² + c₁)(σₓ² + σᵧ² + c₂))` with c₁ = 0.01² and c₂ = 0.03² for maps of
/// range 1, at every place whose window lies inside. As `skimage.metrics.structural_similarity`.
///
/// Source: Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity", IEEE
/// Transactions on Image Processing 13, 2004.
public struct StructuralSimilarity: Sendable, Hashable {
  /// What the pixels of a window weigh.
  public enum Window: Sendable, Hashable {
    /// A Gaussian of 1.5 pixels, 11×11, with covariances of a population: the paper's.
    case gaussian
    /// All the same, 11×11, with covariances of a sample: the default of scikit-image but for the size.
    case uniform
  }

  /// What the pixels of a window weigh.
  public var window: Window

  /// The window's side in pixels.
  public static let side = 11

  /// Creates the measure.
  public init(_ window: Window = .gaussian) { self.window = window }

  /// The mean similarity over the places whose window lies inside.
  ///
  /// - Parameters:
  ///   - a: H×W, of range 1.
  ///   - b: The same shape.
  ///   - counts: Which pixels' windows count, H×W of 0 and 1; `nil`: all.
  /// - Returns: −1…1; `nil` where no window lies inside.
  /// - Precondition: The shapes are equal.
  public func callAsFunction(_ a: Tensor, _ b: Tensor, where counts: Tensor? = nil) -> Double? {
    precondition(a.shape == b.shape && a.shape.rank == 2, "SSIM of \(a.shape) and \(b.shape)")
    let (height, width) = (a.shape[0], a.shape[1])
    let (rows, columns) = (height - Self.side + 1, width - Self.side + 1)
    guard rows > 0, columns > 0 else { return nil }
    let (x, y) = (a.scalars.map(Double.init), b.scalars.map(Double.init))
    let (meanX, meanY) = (filtered(x, width), filtered(y, width))
    let xx = filtered(zip(x, x).map(*), width)
    let yy = filtered(zip(y, y).map(*), width)
    let xy = filtered(zip(x, y).map(*), width)
    let isCounted = counts?.scalars
    let margin = Self.side / 2
    var (sum, count) = (0.0, 0.0)
    for row in 0..<rows {
      for column in 0..<columns {
        if let isCounted, isCounted[(row + margin) * width + column + margin] < 0.5 { continue }
        let i = row * columns + column
        sum += similarity(meanX[i], meanY[i], xx[i], yy[i], xy[i])
        count += 1
      }
    }
    return count > 0 ? sum / count : nil
  }

  private func similarity(
    _ x: Double, _ y: Double, _ xx: Double, _ yy: Double, _ xy: Double
  ) -> Double {
    let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
    let pixels = Double(Self.side * Self.side)
    let sample = window == .uniform ? pixels / (pixels - 1) : 1
    let (varianceX, varianceY) = (sample * (xx - x * x), sample * (yy - y * y))
    let covariance = sample * (xy - x * y)
    return (2 * x * y + c1) * (2 * covariance + c2)
      / ((x * x + y * y + c1) * (varianceX + varianceY + c2))
  }

  /// The window's weights along one axis, which sum to 1.
  private var weights: [Double] {
    let radius = Self.side / 2
    let weights = (-radius...radius).map { offset in
      window == .uniform ? 1 : exp(-Double(offset * offset) / (2 * 1.5 * 1.5))
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// The means of all windows inside.
  private func filtered(_ values: [Double], _ width: Int) -> [Double] {
    let weights = weights
    let (height, columns) = (values.count / width, width - Self.side + 1)
    var along = [Double](repeating: 0, count: height * columns)
    for row in 0..<height {
      for column in 0..<columns {
        var sum = 0.0
        for (i, weight) in weights.enumerated() { sum += weight * values[row * width + column + i] }
        along[row * columns + column] = sum
      }
    }
    let rows = height - Self.side + 1
    var result = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for (i, weight) in weights.enumerated() {
        for column in 0..<columns {
          result[row * columns + column] += weight * along[(row + i) * columns + column]
        }
      }
    }
    return result
  }
}
