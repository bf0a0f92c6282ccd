import Foundation
import Graphs
import Networks
import Tensors

/// Boxes of heads without anchors that a file hands out as its convolutions yield them, decoded as the networks' own programs do.
struct RawBoxes: PlacedBoxes {
  /// What a place's numbers are, in strides from its cell.
  private enum Code {
    /// The middle from the cell's corner, and the logarithms of width and height. Source: YOLOX, `decode_outputs`.
    case offsets
    /// Four distributions over so many distances, from the cell's middle to the left, top, right and bottom. Source:
    /// Ultralytics, `DFL` and `dist2bbox`.
    case distributions(Int)
  }

  /// How many distances Ultralytics' distributions are over, and YOLOv6's and YOLO-NAS'; those over 8, of PicoDet and
  /// NanoDet, do not begin at the same point of a cell.
  private static let bins = [16, 17, 32, 33]

  let values: [String]
  private let code: Code
  private let scales: [ClassScores.Scale]

  var guess: String? {
    switch code {
    case .offsets: "boxes are decoded as YOLOX's"
    case .distributions: "boxes are decoded as Ultralytics'"
    }
  }

  /// Finds a convolution of boxes beside each scale's scores; nil where there is none, or more than one that may be.
  init?(_ network: Network, _ scores: ClassScores, _ shapes: [String: Shape]) {
    guard scores.heads.allSatisfy({ $0.anchors == 1 && $0.axis == 1 && $0.grid != nil }),
      scores.scales.count == scores.heads.count, scores.scales.allSatisfy({ $0.anchors == 1 })
    else { return nil }
    let taken = Set(scores.sources)
    var readers: [String: [Node]] = [:]
    for node in network.graph.nodes where !["Shape", "Size"].contains(node.type) {
      for input in node.inputs { readers[input, default: []].append(node) }
    }
    let results = Set(network.graph.outputs)
    /// Whether a value comes out as it is, but for its arrangement, wherever it goes.
    func comesOut(_ value: String, _ depth: Int = 0) -> Bool {
      guard let next = readers[value] else { return results.contains(value) }
      return depth < 16
        && next.allSatisfy { node in
          Self.arranging.contains(node.type) && node.outputs.allSatisfy { comesOut($0, depth + 1) }
        }
    }
    let ends = network.graph.nodes.filter { $0.type == "Conv" }.compactMap(\.outputs.first).filter {
      !taken.contains($0) && comesOut($0)
    }
    /// Whether another result has what boxes may be made of for each place of a scale.
    func hasOther(_ scale: ClassScores.Scale) -> Bool {
      network.graph.outputs.contains { result in
        guard let shape = shapes[result]?.dimensions, shape.count == 4 else { return false }
        return [2, 4, 5].contains(shape[1]) && shape[2...] == [scale.height, scale.width]
      }
    }
    /// The only convolution that has so many numbers for each place of a scale, and whose result is only arranged.
    func map(_ count: Int, _ scale: ClassScores.Scale) -> String? {
      let found = ends.filter { shapes[$0]?.dimensions == [1, count, scale.height, scale.width] }
      return found.count == 1 ? found[0] : nil
    }
    let codes: [(Code, Int)] =
      scores.objectness.isEmpty ? Self.bins.map { (.distributions($0), 4 * $0) } : [(.offsets, 4)]
    let found = codes.lazy.map { code, count in
      (code: code, values: scores.scales.compactMap { map(count, $0) })
    }.first { $0.values.count == scores.scales.count }
    guard let found else { return nil }
    // Sixty-four numbers a place may be anything's, of one scale an embedding's.
    if case .distributions = found.code,
      scores.scales.count < 2 || scores.scales.contains(where: hasOther)
    {
      return nil
    }
    (values, code, scales) = (found.values, found.code, scores.scales)
  }

  private static let arranging: Set<String> = [
    "Concat", "Flatten", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Transpose",
    "Unsqueeze",
  ]

  func boxes(_ values: [Tensor], picture: Shape) -> [Detection.Box] {
    zip(values, scales).flatMap { value, scale in
      let count = scale.width * scale.height
      let numbers = value.scalars
      // Where the cells are no squares of the picture, it is not known where they lie.
      let fits = [(scale.width, picture[3]), (scale.height, picture[2])].allSatisfy {
        $0 == ($1 + scale.stride - 1) / scale.stride
      }
      let (across, down) = (
        fits ? Float(scale.stride) / Float(picture[3]) : .nan,
        fits ? Float(scale.stride) / Float(picture[2]) : .nan
      )
      return (0..<count).map { place in
        let (x, y) = (Float(place % scale.width), Float(place / scale.width))
        func number(_ channel: Int) -> Float { numbers[channel * count + place] }
        let edges: [Float]
        switch code {
        case .offsets:
          let (middle, size) = ((x + number(0), y + number(1)), (exp(number(2)), exp(number(3))))
          edges = [
            middle.0 - size.0 / 2, middle.1 - size.1 / 2, middle.0 + size.0 / 2,
            middle.1 + size.1 / 2,
          ]
        case .distributions(let bins):
          let distances = (0..<4).map { side in mean((0..<bins).map { number(bins * side + $0) }) }
          edges = [
            x + 0.5 - distances[0], y + 0.5 - distances[1], x + 0.5 + distances[2],
            y + 0.5 + distances[3],
          ]
        }
        return Detection.Box(
          left: edges[0] * across, top: edges[1] * down, right: edges[2] * across,
          bottom: edges[3] * down)
      }
    }
  }

  /// The mean distance of a distribution whose logarithms these are, but for a constant.
  private func mean(_ logits: [Float]) -> Float {
    let largest = logits.max() ?? 0
    let weights = logits.map { exp($0 - largest) }
    return zip(weights, 0...).reduce(0) { $0 + $1.0 * Float($1.1) } / weights.reduce(0, +)
  }
}
