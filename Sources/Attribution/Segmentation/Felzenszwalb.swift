package import Tensors

/// Regions of a picture that differ at their borders by more than within.
///
/// Pixels are joined along edges to their eight neighbours, the most alike first: two regions become one where
/// the edge between them is below both regions' greatest inner edge plus `scale / (255 · size)`; then regions
/// of fewer pixels than `smallest` join their most alike neighbour. Edges that are alike to the last bit go in
/// the order right, down, down right, up right, row by row.
///
/// Source: Felzenszwalb and Huttenlocher, "Efficient Graph-Based Image Segmentation", IJCV 2004; parameters as
/// in scikit-image.
package struct Felzenszwalb: Sendable {
  /// A picture's edges, the most alike first.
  private let edges: [Edge]
  private let pixels: Int

  /// Compares the neighbours of a picture.
  ///
  /// - Parameters:
  ///   - picture: 1×C×H×W or C×H×W, with values that go from −1 or 0 to 1.
  ///   - deviation: The deviation of the Gaussian that the picture is smoothed with first, in pixels.
  package init(_ picture: Tensor, deviation: Double = 0.8) {
    let (height, width) = (picture.shape[-2], picture.shape[-1])
    let smooth = GaussianBlur(deviation: deviation, beyond: .reflected)(
      picture.scalars.map(Double.init), height: height, width: width)
    pixels = height * width
    edges = Self.edges(smooth, height: height, width: width)
  }

  /// Cuts the picture up.
  ///
  /// - Parameters:
  ///   - scale: How large regions like to be.
  ///   - smallest: The pixels that a region has at least.
  /// - Returns: The number of each pixel's region from 0 up, row by row; regions are numbered by their first
  ///   pixel.
  package func labels(scale: Double = 100, smallest: Int = 20) -> [Int] {
    var regions = Regions(count: pixels)
    for edge in edges {
      let (a, b) = (regions.root(edge.from), regions.root(edge.to))
      guard a != b else { continue }
      let limit = min(
        regions.inner[a] + scale / 255 / Double(regions.size[a]),
        regions.inner[b] + scale / 255 / Double(regions.size[b]))
      if edge.cost < limit { regions.join(a, b, inner: edge.cost) }
    }
    for edge in edges {
      let (a, b) = (regions.root(edge.from), regions.root(edge.to))
      if a != b, regions.size[a] < smallest || regions.size[b] < smallest {
        regions.join(a, b, inner: max(regions.inner[a], regions.inner[b]))
      }
    }
    var numbers: [Int: Int] = [:]
    return (0..<pixels).map { pixel in
      let root = regions.root(pixel)
      if let number = numbers[root] { return number }
      numbers[root] = numbers.count
      return numbers.count - 1
    }
  }

  private struct Edge: Sendable {
    let cost: Double
    let from: Int
    let to: Int
  }

  /// The edges to neighbours, the most alike first.
  private static func edges(_ planes: [Double], height: Int, width: Int) -> [Edge] {
    let size = height * width
    var edges: [Edge] = []
    edges.reserveCapacity(4 * size)
    for (down, right) in [(0, 1), (1, 0), (1, 1), (-1, 1)] {
      for y in max(0, -down)..<max(max(0, -down), height - max(0, down)) {
        for x in 0..<max(0, width - right) {
          let (from, to) = (y * width + x, (y + down) * width + x + right)
          var sum = 0.0
          for plane in stride(from: 0, to: planes.count, by: size) {
            let difference = planes[plane + from] - planes[plane + to]
            sum += difference * difference
          }
          edges.append(Edge(cost: sum.squareRoot(), from: from, to: to))
        }
      }
    }
    let order = edges.indices.sorted {
      edges[$0].cost != edges[$1].cost ? edges[$0].cost < edges[$1].cost : $0 < $1
    }
    return order.map { edges[$0] }
  }
}

/// Disjoint sets of pixels with what is known of each.
private struct Regions {
  private var parents: [Int]
  /// Pixels of a root's region.
  private(set) var size: [Int]
  /// The greatest edge within a root's region.
  private(set) var inner: [Double]

  init(count: Int) {
    parents = Array(0..<count)
    size = [Int](repeating: 1, count: count)
    inner = [Double](repeating: 0, count: count)
  }

  /// The pixel that stands for a pixel's region.
  mutating func root(_ pixel: Int) -> Int {
    var root = pixel
    while parents[root] != root { root = parents[root] }
    var next = pixel
    while parents[next] != root { (parents[next], next) = (root, parents[next]) }
    return root
  }

  /// Makes two regions one.
  mutating func join(_ a: Int, _ b: Int, inner edge: Double) {
    let (root, other) = (min(a, b), max(a, b))
    parents[other] = root
    size[root] += size[other]
    inner[root] = edge
  }
}
