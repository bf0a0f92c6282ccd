import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Parts of tensors, and tensors put together.
  static let parts: [Operator] = [
    Operator("Slice", .selection, channels: .kept, positions: .kept, slice),
    Operator("Split", .selection, channels: .kept, positions: .kept, split),
    Operator("Concat", .concatenation, concatenation)
      .role { $0.node.inputs.count == 1 ? .renaming : .concatenation },
    Operator("Tile", .selection, channels: .kept, tile),
    Operator("Gather", .selection, gather),
    Operator("GatherElements", .selection, gatherElements),
    Operator("GatherND", .selection, gatherND),
    Operator("Trilu", .selection, channels: .kept, triangle),
    Operator("Compress", .selection, compress).countingByValue(),
    Operator("ai.onnx.ml.ArrayFeatureExtractor", .selection, arrayFeatureExtractor),
  ]

  /// Starts, ends, axes and steps, as attributes or, since operator set 10, as inputs.
  private static func slice(_ call: TapeCall) throws -> Variable {
    var x = try call.input(0)
    guard let starts = try call.integers("starts", orInput: 1),
      let ends = try call.integers("ends", orInput: 2)
    else { throw call.invalid("it has no starts or no ends") }
    let axes = try call.axes(
      try call.integers("axes", orInput: 3) ?? Array(starts.indices), rank: x.shape.rank)
    let steps = try call.constant(4)?.integers ?? starts.map { _ in 1 }
    try call.require(
      ends.count == starts.count && axes.count == starts.count && steps.count == starts.count,
      "\(starts.count) starts, \(ends.count) ends, \(axes.count) axes, \(steps.count) steps")
    for (i, axis) in axes.enumerated() {
      let (extent, step) = (x.shape[axis], steps[i])
      try call.require(step != 0, "a step of 0")
      let (low, high) = step > 0 ? (0, extent) : (-1, extent - 1)
      let clamped = { (place: Int) in max(low, min(high, place < 0 ? place + extent : place)) }
      // Steps and ends may lie far beyond; the extent bounds what they can do.
      let (start, end) = (clamped(starts[i]), clamped(ends[i]))
      if step == 1 {
        x = x.sliced(start..<max(start, end), alongAxis: axis)
      } else {
        let bounded = max(-extent - 1, min(extent + 1, step))
        x = x.gathered(Array(stride(from: start, to: end, by: bounded)), alongAxis: axis)
      }
    }
    return x
  }

  /// One of the parts, whose lengths are given as an attribute or an input, or are equal.
  private static func split(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let axis = try call.axis(call.node.int("axis", default: 0), rank: x.shape.rank)
    let extent = x.shape[axis]
    guard let lengths = try call.integers("split", orInput: 1) else {
      let parts = call.node.int("num_outputs", default: call.node.outputs.count)
      try call.require((1...max(1, extent)).contains(parts), "\(parts) parts of \(extent)")
      try call.require(call.output < parts, "\(call.node.outputs.count) outputs of \(parts) parts")
      let length = (extent + parts - 1) / parts
      let start = min(extent, length * call.output)
      return x.sliced(start..<min(extent, start + length), alongAxis: axis)
    }
    try call.require(
      lengths.allSatisfy { (0...extent).contains($0) } && lengths.reduce(0, +) == extent
        && call.output < lengths.count, "parts of \(lengths) of \(extent)")
    let start = lengths[..<call.output].reduce(0, +)
    return x.sliced(start..<start + lengths[call.output], alongAxis: axis)
  }

  private static func concatenation(_ call: TapeCall) throws -> Variable {
    var inputs = try call.inputs()
    let rank = inputs[0].shape.rank
    let axis = try call.axis(call.node.int("axis", default: 1), rank: rank)
    let batch = inputs.map { $0.shape.dimensions.first ?? 1 }.max() ?? 1
    for (position, input) in inputs.enumerated() {
      try call.require(input.shape.rank == rank, "inputs of \(rank) and \(input.shape.rank) axes")
      // A constant written for one picture, such as a class token, serves every picture of a batch.
      if axis > 0, input.shape[0] == 1, call.constants[call.node.inputs[position]] != nil {
        var stretched = input.shape
        stretched[0] = batch
        inputs[position] = input.broadcast(to: stretched)
      }
    }
    for input in inputs {
      var shape = input.shape
      shape[axis] = inputs[0].shape[axis]
      try call.require(
        shape == inputs[0].shape,
        "shapes \(inputs.map(\.shape.description).joined(separator: ", "))")
    }
    return concatenate(inputs, alongAxis: axis)
  }

  private static func tile(_ call: TapeCall) throws -> Variable {
    var x = try call.input(0)
    guard let repeats = try call.constant(1)?.integers, repeats.count == x.shape.rank else {
      throw call.invalid("it needs one number of repeats for each axis of \(x.shape)")
    }
    let extents = zip(x.shape.dimensions, repeats).map { $0.multipliedReportingOverflow(by: $1) }
    _ = try call.shape(extents.map { $0.overflow ? -1 : $0.partialValue })
    for (axis, count) in repeats.enumerated() where count != 1 {
      let extent = x.shape[axis]
      x = x.gathered((0..<extent * count).map { $0 % extent }, alongAxis: axis)
    }
    return x
  }

  /// Slices of one axis by indices of any shape.
  private static func gather(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let axis = try call.axis(call.node.int("axis", default: 0), rank: x.shape.rank)
    let indices = try call.indices(1, extent: x.shape[axis])
    let shape = try call.input(1).shape
    let result = try call.shape(
      x.shape.dimensions[..<axis] + shape.dimensions + x.shape.dimensions[(axis + 1)...])
    return x.gathered(indices, alongAxis: axis).reshaped(to: result)
  }

  /// Scikit-learn's way to pick from the last axis; of a list it makes a row.
  private static func arrayFeatureExtractor(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let last = try call.axis(-1, rank: x.shape.rank)
    let indices = try call.indices(1, extent: x.shape[last])
    let result = try call.shape((last == 0 ? [1] : x.shape.dimensions[..<last]) + [indices.count])
    return x.gathered(indices, alongAxis: last).reshaped(to: result)
  }

  /// Element by element, an index along one axis.
  private static func gatherElements(_ call: TapeCall) throws -> Variable {
    let (x, shape) = (try call.input(0), try call.input(1).shape)
    return x.picked(try elementPlaces(call, in: x.shape), shape: shape)
  }

  /// The places that GatherElements and ScatterElements mean: each index's own, but for one axis.
  static func elementPlaces(_ call: TapeCall, in shape: Shape) throws -> [Int] {
    let own = try call.input(1).shape
    let axis = try call.axis(call.node.int("axis", default: 0), rank: shape.rank)
    let fits = zip(own.dimensions, shape.dimensions).enumerated().allSatisfy {
      $0.offset == axis || $0.element.0 <= $0.element.1
    }
    try call.require(own.rank == shape.rank && fits, "indices \(own) for \(shape)")
    var strides = shape.strides
    let step = strides[axis]
    strides[axis] = 0
    let places = own.offsets(strides: strides)
    return zip(places, try call.indices(1, extent: shape[axis])).map { $0 + $1 * step }
  }

  /// Slices by indices of several axes at once.
  private static func gatherND(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let batch = call.node.int("batch_dims", default: 0)
    let (places, leading, inner) = try slicePlaces(call, in: x.shape, batch: batch)
    let slice = x.shape.dimensions.suffix(inner).reduce(1, *)
    let shape = try call.shape(leading + x.shape.dimensions.suffix(inner))
    return x.picked(places.flatMap { place in (0..<slice).map { place + $0 } }, shape: shape)
  }

  /// Where the slices begin that the index tuples of GatherND and ScatterND mean.
  ///
  /// - Returns: The places, the shape of the tuples, and the number of axes of a slice.
  static func slicePlaces(
    _ call: TapeCall, in shape: Shape, batch: Int
  ) throws -> (places: [Int], leading: [Int], inner: Int) {
    let tuples = try call.input(1)
    guard let depth = tuples.shape.dimensions.last, (0..<tuples.shape.rank).contains(batch),
      depth + batch <= shape.rank, shape.dimensions[..<batch] == tuples.shape.dimensions[..<batch]
    else { throw call.invalid("indices of \(tuples.shape) for \(shape)") }
    let isConstant = call.constants[call.node.inputs[1]] != nil
    let indices = Constant(tuples.value).integers
    let count = tuples.shape.dimensions.dropLast().reduce(1, *)
    let perBatch = count / max(1, shape.dimensions[..<batch].reduce(1, *))
    let outer = Shape(Array(shape.dimensions[..<batch])).offsets(
      strides: Array(shape.strides[..<batch]))
    let places = try (0..<count).map { i in
      try (0..<depth).reduce(outer[i / max(1, perBatch)]) { place, k in
        let (index, extent) = (indices[i * depth + k], shape[batch + k])
        var own = index < 0 ? index + extent : index
        if !isConstant { own = max(0, min(extent - 1, own)) }
        try call.require((0..<extent).contains(own), "index \(index) of an axis of \(extent)")
        return place + own * shape.strides[batch + k]
      }
    }
    return (places, tuples.shape.dimensions.dropLast(), shape.rank - batch - depth)
  }

  /// The part of matrices above or below a diagonal, zeros elsewhere.
  private static func triangle(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    try call.require(x.shape.rank >= 2, "an input of \(x.shape)")
    let shift = max(-1 << 30, min(1 << 30, try call.constant(1)?.integers.first ?? 0))
    let upper = call.node.int("upper", default: 1) != 0
    let (rows, columns) = (x.shape[-2], x.shape[-1])
    let mask = Tensor([rows, columns]) { mask in
      for row in 0..<rows {
        for column in 0..<columns {
          let kept = upper ? column - row >= shift : column - row <= shift
          mask[row * columns + column] = kept ? 1 : 0
        }
      }
    }
    return select(mask.broadcast(to: x.shape), x, Variable(Tensor(0)), x.shape)
  }

  /// The slices of an axis, or of all scalars in a row, that a constant mask names.
  private static func compress(_ call: TapeCall) throws -> Variable {
    var x = try call.input(0)
    var axis = 0
    if case .int(let named)? = call.node.attributes["axis"] {
      axis = try call.axis(named, rank: x.shape.rank)
    } else {
      x = x.reshaped(to: [x.shape.count])
    }
    let mask = try call.constant(1)?.tensor.scalars ?? []
    try call.require(mask.count <= x.shape[axis], "a mask of \(mask.count) for \(x.shape)")
    return x.gathered(mask.indices.filter { mask[$0] != 0 }, alongAxis: axis)
  }
}
