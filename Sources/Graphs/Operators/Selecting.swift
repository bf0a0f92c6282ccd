import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Operators whose result's shape depends on values, which have to be known before the network runs.
  static let selecting: [Operator] = [
    Operator("NonMaxSuppression", .index, makes: .integer, nonMaximumSuppression)
      .countingByValue(),
    Operator("Unique", .index, makes: .outputs([.like(0), .integer, .integer, .integer]), unique)
      .countingByValue(),
  ]

  /// The boxes of a class that overlap no better one of the class too much: rows of picture, class and box.
  private static func nonMaximumSuppression(_ call: TapeCall) throws -> Variable {
    guard let boxes = try call.constant(0)?.tensor, let scores = try call.constant(1)?.tensor,
      boxes.shape.rank == 3, scores.shape.rank == 3, boxes.shape[2] == 4,
      boxes.shape[0] == scores.shape[0], boxes.shape[1] == scores.shape[2]
    else { throw call.invalid("it needs boxes of N×B×4 and scores of N×C×B") }
    let limit = try call.constant(2)?.integers.first ?? 0
    let overlap = try call.constant(3)?.tensor.scalars.first ?? 0
    let threshold = try call.constant(4)?.tensor.scalars.first
    let isCentered = call.node.int("center_point_box", default: 0) != 0
    let (count, values) = (boxes.shape[1], scores.scalars)
    let all = stride(from: 0, to: boxes.count, by: 4).map {
      Box(boxes.scalars[$0..<$0 + 4].map { $0 }, isCentered: isCentered)
    }
    var rows: [Float] = []
    for picture in 0..<scores.shape[0] {
      for kind in 0..<scores.shape[1] {
        let start = (picture * scores.shape[1] + kind) * count
        // Of equal scores, the first box.
        let order = (0..<count).filter { box in
          threshold.map { values[start + box] > $0 } ?? true
        }
        .sorted { (-values[start + $0], $0) < (-values[start + $1], $1) }
        var kept: [Int] = []
        for box in order where kept.count < limit {
          let own = all[picture * count + box]
          guard !kept.contains(where: { all[picture * count + $0].overlap(own) > overlap }) else {
            continue
          }
          kept.append(box)
          rows += [Float(picture), Float(kind), Float(box)]
        }
      }
    }
    return Variable(Tensor([rows.count / 3, 3], rows))
  }

  /// The distinct scalars, or slices of an axis; where each stands first; which of them each is; how often.
  private static func unique(_ call: TapeCall) throws -> Variable {
    guard var x = try call.constant(0)?.tensor else { throw call.invalid("it has no input") }
    var axis = 0
    if case .int(let named)? = call.node.attributes["axis"] {
      axis = try call.axis(named, rank: x.shape.rank)
    } else {
      x = x.reshaped([x.count])
    }
    let order = [axis] + x.shape.dimensions.indices.filter { $0 != axis }
    let (length, all) = (x.count / max(1, x.shape[axis]), x.transposed(order).scalars)
    let slices = (0..<x.shape[axis]).map { Array(all[$0 * length..<($0 + 1) * length]) }
    var places: [[Float]: Int] = [:]
    var first: [Int] = []
    var kinds = slices.enumerated().map { place, slice in
      let kind = places[slice] ?? first.count
      if kind == first.count { first.append(place) }
      places[slice] = kind
      return kind
    }
    if call.node.int("sorted", default: 1) != 0 {
      let sorted = first.indices.sorted {
        slices[first[$0]].lexicographicallyPrecedes(slices[first[$1]])
      }
      var rank = first
      for (place, kind) in sorted.enumerated() { rank[kind] = place }
      (first, kinds) = (sorted.map { first[$0] }, kinds.map { rank[$0] })
    }
    switch call.output {
    case 0: return Variable(x.gathered(first, alongAxis: axis))
    case 1: return Variable(Tensor([first.count], first.map { Float($0) }))
    case 2: return Variable(Tensor([kinds.count], kinds.map { Float($0) }))
    default:
      var counts = [Float](repeating: 0, count: first.count)
      for kind in kinds { counts[kind] += 1 }
      return Variable(Tensor([counts.count], counts))
    }
  }
}

/// A rectangle by its sides.
private struct Box {
  let low, high: (x: Float, y: Float)

  /// Of two opposite corners, y before x; or of the centre, x first, with width and height.
  init(_ n: [Float], isCentered: Bool) {
    if isCentered {
      low = (n[0] - n[2] / 2, n[1] - n[3] / 2)
      high = (n[0] + n[2] / 2, n[1] + n[3] / 2)
    } else {
      low = (min(n[1], n[3]), min(n[0], n[2]))
      high = (max(n[1], n[3]), max(n[0], n[2]))
    }
  }

  private var area: Float { (high.x - low.x) * (high.y - low.y) }

  /// The area that two have in common, as a part of what they cover together.
  func overlap(_ other: Box) -> Float {
    let width = min(high.x, other.high.x) - max(low.x, other.low.x)
    let height = min(high.y, other.high.y) - max(low.y, other.low.y)
    guard width > 0, height > 0, area > 0, other.area > 0 else { return 0 }
    return width * height / (area + other.area - width * height)
  }
}
