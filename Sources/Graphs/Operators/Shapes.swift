import Autodiff
import Blocks
package import Tensors

extension Operator {
  /// The same scalars under other shapes or in another order.
  static let shapes: [Operator] = [
    Operator("Reshape", .reshaping) { call in
      let x = try call.input(0)
      guard let wanted = try call.integers("shape", orInput: 1) else {
        throw call.invalid("it has no shape")
      }
      let keepZeros = call.node.int("allowzero", default: 0) != 0
      guard let shape = x.shape.reshaped(to: wanted, keepingZeros: keepZeros) else {
        throw call.invalid("\(x.shape) cannot become \(wanted)")
      }
      return x.reshaped(to: shape)
    },
    Operator("Flatten", .reshaping) { call in
      let x = try call.input(0)
      let axis = call.node.int("axis", default: 1)
      let split = axis < 0 ? axis + x.shape.rank : axis
      try call.require((0...x.shape.rank).contains(split), "axis \(axis) of \(x.shape)")
      return x.reshaped(
        to: [
          x.shape.dimensions[..<split].reduce(1, *), x.shape.dimensions[split...].reduce(1, *),
        ])
    },
    Operator("Squeeze", .reshaping) { call in
      let x = try call.input(0)
      let ones = x.shape.dimensions.indices.filter { x.shape[$0] == 1 }
      let named = try call.integers("axes", orInput: 1)
      let dropped = try named.map { try call.axes($0, rank: x.shape.rank) } ?? ones
      try call.require(Set(dropped).isSubset(of: ones), "axes \(dropped) of \(x.shape)")
      let kept = x.shape.dimensions.indices.filter { !dropped.contains($0) }
      return x.reshaped(to: Shape(kept.map { x.shape[$0] }))
    },
    Operator("Unsqueeze", .reshaping) { call in
      let x = try call.input(0)
      guard let named = try call.integers("axes", orInput: 1) else {
        throw call.invalid("it has no axes")
      }
      let added = try call.axes(named, rank: x.shape.rank + named.count)
      var rest = x.shape.dimensions[...]
      let new = (0..<x.shape.rank + named.count).map {
        added.contains($0) ? 1 : rest.removeFirst()
      }
      return x.reshaped(to: Shape(new))
    },
    Operator("Transpose", .selection) { call in
      let x = try call.input(0)
      let order = call.node.ints("perm") ?? Array(x.shape.dimensions.indices.reversed())
      try call.require(
        order.sorted() == Array(x.shape.dimensions.indices), "the order \(order) of \(x.shape)")
      return x.transposed(order)
    }
    .channels { call in call.node.ints("perm").map { .transposed($0) } ?? .unknown },
    Operator("Expand", .selection) { call in
      let x = try call.input(0)
      guard let wanted = try call.constant(1)?.integers else {
        throw call.invalid("it has no shape")
      }
      return x.broadcast(to: try call.broadcast(x.shape, try call.shape(wanted)))
    },
    Operator("DepthToSpace", .selection, channels: .first, positions: .kept, depthToSpace),
    Operator("SpaceToDepth", .selection, channels: .first, positions: .kept, spaceToDepth),
  ]

  /// Channels laid out as pixels: in DCR order the channel is the innermost part of its index, in CRD
  /// order the outermost.
  private static func depthToSpace(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let size = call.node.int("blocksize", default: 0)
    try call.require(
      x.shape.rank == 4 && (1..<1 << 15).contains(size) && x.shape[1].isMultiple(of: size * size),
      "blocks of \(size) in an input of \(x.shape)")
    let (batch, height, width) = (x.shape[0], x.shape[2], x.shape[3])
    let channels = x.shape[1] / (size * size)
    let split: Variable
    if try call.word("mode", of: ["DCR", "CRD"]) == "DCR" {
      split = x.reshaped(to: [batch, size, size, channels, height, width])
        .transposed([0, 3, 4, 1, 5, 2])
    } else {
      split = x.reshaped(to: [batch, channels, size, size, height, width])
        .transposed([0, 1, 4, 2, 5, 3])
    }
    return split.reshaped(to: [batch, channels, height * size, width * size])
  }

  /// The inverse of `DepthToSpace` in the same order.
  private static func spaceToDepth(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let size = call.node.int("blocksize", default: 0)
    try call.require(
      x.shape.rank == 4 && (1..<1 << 15).contains(size) && x.shape[2].isMultiple(of: size)
        && x.shape[3].isMultiple(of: size), "blocks of \(size) in an input of \(x.shape)")
    let (batch, channels) = (x.shape[0], x.shape[1])
    let (height, width) = (x.shape[2] / size, x.shape[3] / size)
    let isInner = try call.word("mode", of: ["DCR", "CRD"]) == "DCR"
    return x.reshaped(to: [batch, channels, height, size, width, size])
      .transposed(isInner ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4])
      .reshaped(to: [batch, channels * size * size, height, width])
  }
}

extension Shape {
  /// The shape that Reshape makes: 0 copies an extent unless it is kept, −1 is what is left over.
  ///
  /// - Returns: `nil` where the number of scalars would change.
  package func reshaped(to wanted: [Int], keepingZeros: Bool) -> Shape? {
    var new = wanted
    for axis in new.indices where new[axis] == 0 && !keepingZeros {
      guard axis < rank else { return nil }
      new[axis] = self[axis]
    }
    var known = 1
    for extent in new where extent != -1 {
      let (product, overflow) = known.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      known = product
    }
    if let open = new.firstIndex(of: -1) {
      guard known > 0, count.isMultiple(of: known) else { return nil }
      new[open] = count / known
      known = count
    }
    return known == count && !new.contains(-1) ? Shape(new) : nil
  }
}
