import Tensors

/// Superpixels: patches of like colour that are about as large as each other and each in one piece.
///
/// Centres on a grid of step `S`, moved off edges; then, over and over, each pixel goes to the centre nearest
/// in `√(d_lab² + (compactness · d_xy / S)²)` within `2S`, and centres move to the mean of their pixels. What is
/// cut off from a patch and smaller than a quarter of one goes to a neighbour.
///
/// Source: Achanta et al., "SLIC Superpixels Compared to State-of-the-Art Superpixel Methods", TPAMI 2012.
struct SLIC {
  /// About how many superpixels.
  var count: Int
  /// How much nearness counts beside likeness.
  var compactness: Float = 10
  /// How often centres move.
  var iterations = 10

  private struct Center {
    var color: SIMD3<Float>
    var y: Float
    var x: Float
  }

  /// The superpixels of a picture, 1×C×H×W.
  func partition(of picture: Tensor) -> Partition {
    precondition(count >= 1, "SLIC: \(count) superpixels")
    let (height, width) = (picture.shape[2], picture.shape[3])
    let colors = CIELAB(picture).colors
    let step = max(1, (Float(height * width) / Float(count)).squareRoot())
    var centers = centers(colors, height, width, step)
    var labels = [Int](repeating: 0, count: colors.count)
    for _ in 0..<iterations {
      labels = assigned(colors, height, width, centers, step)
      move(&centers, colors, labels, width)
    }
    let smallest = max(1, Int(step * step / 4))
    return Partition(
      labels: Patches(labels, height: height, width: width).merged(below: smallest),
      height: height, width: width)
  }

  private func centers(
    _ colors: [SIMD3<Float>], _ height: Int, _ width: Int, _ step: Float
  ) -> [Center] {
    func places(_ extent: Int) -> [Int] {
      let count = max(1, Int((Float(extent) / step).rounded()))
      return (0..<count).map { (2 * $0 + 1) * extent / (2 * count) }
    }
    /// How much the colour changes across a pixel.
    func edge(_ y: Int, _ x: Int) -> Float {
      let across = colors[y * width + min(x + 1, width - 1)] - colors[y * width + max(x - 1, 0)]
      let down = colors[min(y + 1, height - 1) * width + x] - colors[max(y - 1, 0) * width + x]
      return (across * across).sum() + (down * down).sum()
    }
    return places(height).flatMap { y in
      places(width).map { x in
        var best = (y: y, x: x)
        for v in max(y - 1, 0)...min(y + 1, height - 1) {
          for h in max(x - 1, 0)...min(x + 1, width - 1) where edge(v, h) < edge(best.y, best.x) {
            best = (v, h)
          }
        }
        return Center(
          color: colors[best.y * width + best.x], y: Float(best.y), x: Float(best.x))
      }
    }
  }

  private func assigned(
    _ colors: [SIMD3<Float>], _ height: Int, _ width: Int, _ centers: [Center], _ step: Float
  ) -> [Int] {
    var labels = [Int](repeating: -1, count: colors.count)
    var distances = [Float](repeating: .infinity, count: colors.count)
    let weight = compactness * compactness / (step * step)
    let reach = Int((2 * step).rounded(.up))
    for (label, center) in centers.enumerated() {
      let (row, column) = (Int(center.y), Int(center.x))
      for y in max(row - reach, 0)...min(row + reach, height - 1) {
        for x in max(column - reach, 0)...min(column + reach, width - 1) {
          let color = colors[y * width + x] - center.color
          let (down, across) = (Float(y) - center.y, Float(x) - center.x)
          let distance = (color * color).sum() + weight * (down * down + across * across)
          if distance < distances[y * width + x] {
            distances[y * width + x] = distance
            labels[y * width + x] = label
          }
        }
      }
    }
    return labels
  }

  private func move(
    _ centers: inout [Center], _ colors: [SIMD3<Float>], _ labels: [Int], _ width: Int
  ) {
    var sums = centers.map { _ in Center(color: .zero, y: 0, x: 0) }
    var sizes = [Float](repeating: 0, count: centers.count)
    for (pixel, label) in labels.enumerated() where label >= 0 {
      sums[label].color += colors[pixel]
      sums[label].y += Float(pixel / width)
      sums[label].x += Float(pixel % width)
      sizes[label] += 1
    }
    for label in centers.indices where sizes[label] > 0 {
      centers[label] = Center(
        color: sums[label].color / sizes[label], y: sums[label].y / sizes[label],
        x: sums[label].x / sizes[label])
    }
  }
}
