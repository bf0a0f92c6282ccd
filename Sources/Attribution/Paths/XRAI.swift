public import Tensors

/// Regions of the picture by how much integrated gradients they hold.
///
/// The picture is cut up by Felzenszwalb's method at six scales, every region widened by five pixels. Of all
/// regions that still add 50 pixels, the one with the greatest mean attribution over what it adds comes next,
/// until nothing is left; its pixels have that mean. The attribution is that of integrated gradients from
/// black and from white, the largest over the channels.
///
/// Source: Kapishnikov et al., "XRAI: Better Attributions Through Regions", ICCV 2019; parameters as in PAIR
/// saliency, which takes the input's smallest and largest number for black and white.
public struct XRAI: AttributionMethod {
  /// In which order regions are added.
  public enum Order: Sendable, Hashable {
    /// Each by what it adds to those before it.
    case full
    /// Each by its own mean, once and for all.
    case fast
  }

  /// The points of integrated gradients, for each baseline.
  public var steps: Int
  /// Where the lines of integrated gradients begin.
  public var baseline: Baseline
  /// Where on a line the points are.
  public var quadrature: IntegratedGradients.Quadrature
  /// In which order regions are added.
  public var order: Order

  /// The scales of Felzenszwalb's method, for a picture of 224×224 pixels.
  private static let scales: [Double] = [50, 100, 150, 250, 500, 1200]
  /// The side that the picture is brought to before it is cut up.
  private static let side = 224
  /// By how many pixels regions are widened.
  private static let margin = 5

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - steps: The points of integrated gradients, for each baseline, at least 1.
  ///   - baseline: Where the lines of integrated gradients begin.
  ///   - quadrature: Where on a line the points are.
  ///   - order: In which order regions are added.
  public init(
    steps: Int = 50, baseline: Baseline = .several([.black, .white]),
    quadrature: IntegratedGradients.Quadrature = .gaussLegendre, order: Order = .full
  ) {
    precondition(steps >= 1, "XRAI: \(steps) steps")
    (self.steps, self.baseline) = (steps, baseline)
    (self.quadrature, self.order) = (quadrature, order)
  }

  /// Explains pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: N×1×H×W.
  /// - Throws: `NetworkError`, `AttributionError.picturesOnly`, and what the objective throws.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try explained.requirePictures(for: "XRAI")
    let gradients = IntegratedGradients(steps: steps, baseline: baseline, quadrature: quadrature)
    let map = try gradients.attribute(pictures, of: explained) { progress(0.9 * $0) }
    let merged = map.maximum(alongAxes: [1])
    let (height, width) = (pictures.shape[2], pictures.shape[3])
    let samples = 0..<pictures.shape[0]
    let maps = try samples.map(reporting: { progress(0.9 + 0.1 * $0) }) { sample, _ in
      let regions = Self.regions(of: pictures.gathered([sample], alongAxis: 0))
      let own = merged.gathered([sample], alongAxis: 0).scalars
      let result = RegionRanking(regions, order: order).means(own)
      return Tensor([1, 1, height, width], result)
    }
    return Tensor.concatenate(maps)
  }

  /// The widened regions of a picture at all scales: the pixels of each, in order.
  static func regions(of picture: Tensor) -> [[Int]] {
    let (height, width) = (picture.shape[2], picture.shape[3])
    let (low, high) = (picture.minimum, picture.maximum)
    guard high > low else { return [Array(0..<height * width)] }
    let scaled = (picture - low) * (2 / (high - low)) - 1
    let picture = Felzenszwalb(scaled.broughtTo(height: side, width: side))
    return scales.flatMap { scale in
      let labels = picture.labels(scale: scale, smallest: 150)
      let places = Tensor([1, 1, side, side], labels.map { Float($0) })
      let own = places.repeated(height: height, width: width).scalars.map { Int($0) }
      return widened(own, height: height, width: width)
    }
  }

  /// The regions of some labels, each with all pixels that are no farther from it than the margin.
  package static func widened(_ labels: [Int], height: Int, width: Int) -> [[Int]] {
    var members = [[Int]](repeating: [], count: (labels.max() ?? 0) + 1)
    for (pixel, label) in labels.enumerated() { members[label].append(pixel) }
    var disk: [(down: Int, right: Int)] = []
    for y in -margin...margin {
      for x in -margin...margin where x * x + y * y <= margin * margin { disk.append((y, x)) }
    }
    return members.map { pixels in
      var isIn = [Bool](repeating: false, count: labels.count)
      for pixel in pixels {
        let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
        for (down, right) in disk {
          let (y, x) = (row + down, column + right)
          if y >= 0, y < height, x >= 0, x < width { isIn[y * width + x] = true }
        }
      }
      return isIn.indices.filter { isIn[$0] }
    }
  }
}

extension Tensor {
  /// The planes at another size, smoothed first where they shrink.
  fileprivate func broughtTo(height: Int, width: Int) -> Tensor {
    // Half the shrinking less 1, as scikit-image's `resize`.
    let shrinking = Swift.max(Double(shape[-2]) / Double(height), Double(shape[-1]) / Double(width))
    let smooth = shrinking > 1 ? blurred(deviation: (shrinking - 1) / 2, beyond: .edge) : self
    return smooth.enlarged(height: height, width: width)
  }
}

extension RegisteredMethod {
  static let xrai = RegisteredMethod(
    "xrai", "regions of the picture by the integrated gradients that they hold",
    shows: .lowResolution, takes: [.steps, .baseline, .seed]
  ) {
    let usual = XRAI()
    return XRAI(steps: $0.steps ?? usual.steps, baseline: $0.baseline(or: usual.baseline))
  }
}
