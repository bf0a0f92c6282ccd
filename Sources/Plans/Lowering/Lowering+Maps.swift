import Blocks
import Graphs
import Tensors

extension Lowering {
  typealias BlockOperator = @Sendable (inout Lowering, Node) throws -> Bool

  /// The operators that have kernels on channel blocks.
  ///
  /// Each returns `false`, having done nothing, where
  /// a node is of a kind that it leaves to the tape.
  static let blockOperators: [String: BlockOperator] = [
    "Conv": { try $0.lowerConv($1) },
    "ConvTranspose": { try $0.lowerConvTranspose($1) },
    "Gemm": { try $0.lowerGemm($1) },
    "MatMul": { try $0.lowerMatMul($1) },
    "MaxPool": { try $0.lowerPool($1, maximum: true) },
    "AveragePool": { try $0.lowerPool($1, maximum: false) },
    "GlobalAveragePool": { try $0.lowerGlobalPool($1, maximum: false) },
    "GlobalMaxPool": { try $0.lowerGlobalPool($1, maximum: true) },
    "ReduceMean": { try $0.lowerReduceMean($1) },
    "LRN": { try $0.lowerLRN($1) },
    "BatchNormalization": { try $0.lowerBatchNormalization($1) },
    "LayerNormalization": { try $0.lowerLayerNormalization($1) },
    "Transpose": { try $0.lowerTranspose($1) },
    "Relu": { try $0.lowerClamp($1) },
    "Clip": { try $0.lowerClamp($1) },
    "Sigmoid": { try $0.lowerActivation($1) },
    "Swish": { try $0.lowerActivation($1) },
    "HardSigmoid": { try $0.lowerActivation($1) },
    "HardSwish": { try $0.lowerActivation($1) },
    "LeakyRelu": { try $0.lowerActivation($1) },
    "Gelu": { try $0.lowerActivation($1) },
    "Mish": { try $0.lowerActivation($1) },
    "Add": { try $0.lowerArithmetic($1) },
    "Sub": { try $0.lowerArithmetic($1) },
    "Mul": { try $0.lowerArithmetic($1) },
    "Div": { try $0.lowerArithmetic($1) },
    "Concat": { try $0.lowerConcat($1) },
    "Identity": { try $0.lowerIdentity($1) },
    "Dropout": { try $0.lowerIdentity($1) },
    "Flatten": { try $0.lowerFlatten($1) },
    "Reshape": { try $0.lowerReshape($1) },
    "Squeeze": { try $0.lowerSqueeze($1) },
    "Unsqueeze": { try $0.lowerUnsqueeze($1) },
  ]

  mutating func lowerPool(_ node: Node, maximum: Bool) throws -> Bool {
    let shape = try shape(node.inputs[0])
    guard (3...4).contains(shape.rank), node.outputs.dropFirst().allSatisfy(\.isEmpty),
      let source = asBlocks(node.inputs[0])
    else { return false }
    let sizes = node.ints("kernel_shape") ?? []
    let (vertical, horizontal) = try node.windows(sizes: sizes, shape: shape)
    guard !maximum || vertical.size * horizontal.size <= Winners.mostTaps else { return false }
    guard vertical.padBefore < vertical.extent, horizontal.padBefore < horizontal.extent else {
      throw NetworkError.invalidNode(node.title, reason: "padding as wide as the window")
    }
    let result = try Self.outputShape(node, shape, channels: shape[1], vertical, horizontal)
    let operation: Operation =
      maximum
      ? .maxPool(vertical, horizontal)
      : .averagePool(
        vertical, horizontal, countPadding: node.int("count_include_pad", default: 0) != 0)
    try emit(operation, [source], for: node, shape: result)
    return true
  }

  mutating func lowerGlobalPool(_ node: Node, maximum: Bool) throws -> Bool {
    let shape = try shape(node.inputs[0])
    guard (3...4).contains(shape.rank), let source = asBlocks(node.inputs[0]) else { return false }
    let vertical = Window(size: shape.rank == 3 ? 1 : shape[2])
    let horizontal = Window(size: shape[-1])
    guard !maximum || vertical.size * horizontal.size <= Winners.mostTaps else { return false }
    try emit(
      maximum
        ? .maxPool(vertical, horizontal)
        : .averagePool(vertical, horizontal, countPadding: false),
      [source], for: node,
      shape: Shape(Array(shape.dimensions.prefix(2)) + shape.dimensions.dropFirst(2).map { _ in 1 })
    )
    return true
  }

  /// The mean over both spatial axes is a global average pool.
  mutating func lowerReduceMean(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    let axes = node.ints("axes") ?? constant(node.input(1))?.integers
    guard shape.rank == 4, let axes, Set(axes.map { $0 < 0 ? $0 + 4 : $0 }) == [2, 3] else {
      return false
    }
    var pool = node
    pool.inputs = [node.inputs[0]]
    guard try lowerGlobalPool(pool, maximum: false) else { return false }
    if node.int("keepdims", default: 1) == 0 {
      try rename(node.outputs[0], to: node, shape: [shape[0], shape[1]])
    }
    return true
  }

  mutating func lowerLRN(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    guard shape.rank == 4, let source = asBlocks(node.inputs[0]) else { return false }
    let lrn = LRN(
      size: node.int("size", default: 1), alpha: node.float("alpha", default: 1e-4),
      beta: node.float("beta", default: 0.75), bias: node.float("bias", default: 1))
    // The kernels' buffers hold no more of a pixel's channels.
    guard (1...1000).contains(lrn.size) else { return false }
    try emit(.lrn(lrn), [source], for: node, shape: shape)
    return true
  }

  mutating func lowerBatchNormalization(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    guard let affine = call(node).affine(of: node.inputs[0], shape),
      let source = asBlocks(node.inputs[0])
    else { return false }
    try emit(.scaleShift(affine.scale, affine.shift), [source], for: node, shape: shape)
    return true
  }

  /// A rectifier, or any other clamp.
  mutating func lowerClamp(_ node: Node) throws -> Bool {
    // The stores' derivative is 0 at the ends of a clamp.
    let isExact = node.slopeAtZero == 0 || rule.rectification != .derivative
    guard isExact, let clamp = call(node).clamp else { return false }
    let shape = try shape(node.inputs[0])
    if let twin = try twin(ofPictures: node.inputs[0]) {
      try emitRows(.copy, [twin], clamp: clamp, for: node, shape: shape)
      return true
    }
    guard isInBlocks(node.inputs[0]), let source = asBlocks(node.inputs[0]) else { return false }
    try emit(.copy, [source], clamp: clamp, for: node, shape: shape)
    return true
  }

  /// Sums and products of equal shapes, and arithmetic with one constant a channel.
  mutating func lowerArithmetic(_ node: Node) throws -> Bool {
    guard node.inputs.count == 2,
      case .arithmetic(let operation)? = Operator.table[node.type]?.role(call(node))
    else { return false }
    let (a, b) = (node.inputs[0], node.inputs[1])
    switch (constant(a), constant(b)) {
    case (nil, nil): return try lowerArithmetic(node, operation, a, b)
    case (let constant?, _):
      return try lowerScaling(node, of: b, operation, constant.tensor, isSecond: false)
    case (_, let constant?):
      return try lowerScaling(node, of: a, operation, constant.tensor, isSecond: true)
    }
  }

  /// A sum or a product of two maps.
  private mutating func lowerArithmetic(
    _ node: Node, _ operation: Role.Arithmetic, _ a: String, _ b: String
  ) throws -> Bool {
    let (shape, other) = (try shape(a), try self.shape(b))
    if operation == .multiplication, shape.isPixel(of: other) || other.isPixel(of: shape) {
      return try lowerGate(node, other.isPixel(of: shape) ? (a, b) : (b, a))
    }
    guard operation == .addition || operation == .multiplication, shape == other else {
      return false
    }
    if let rows = try rowsAsBlocks(a, b) {
      try emitRows(operation == .addition ? .add : .multiply, rows, for: node, shape: shape)
      return true
    }
    guard isInBlocks(a) || isInBlocks(b), let first = asBlocks(a), let second = asBlocks(b)
    else { return false }
    try emit(
      operation == .addition ? .add : .multiply, [first, second], for: node, shape: shape)
    return true
  }

  /// Arithmetic with one constant a channel, the first or the second operand.
  private mutating func lowerScaling(
    _ node: Node, of source: String, _ operation: Role.Arithmetic, _ factor: Tensor, isSecond: Bool
  ) throws -> Bool {
    let shape = try shape(source)
    if let twin = twin(of: source), let values = Self.perFeature(factor, shape),
      let affine = operation.affine(values, isSecond: isSecond)
    {
      try emitRows(.scaleShift(affine.scale, affine.shift), [twin], for: node, shape: shape)
      return true
    }
    guard isInBlocks(source), let affine = call(node).affine(of: source, shape),
      let blocks = asBlocks(source)
    else { return false }
    try emit(.scaleShift(affine.scale, affine.shift), [blocks], for: node, shape: shape)
    return true
  }

  /// A product of a map with one number a channel of each image, as squeeze-and-excitation has it.
  private mutating func lowerGate(
    _ node: Node, _ factors: (map: String, gate: String)
  ) throws -> Bool {
    let shape = try shape(factors.map)
    guard isInBlocks(factors.map) || isInBlocks(factors.gate),
      let map = asBlocks(factors.map), let gate = asBlocks(factors.gate)
    else { return false }
    try emit(.multiply, [map, gate], for: node, shape: shape)
    return true
  }

  /// One value a feature of a constant that broadcasts over `shape` and varies along the last axis alone.
  static func perFeature(_ constant: Tensor, _ shape: Shape) -> [Float]? {
    guard constant.shape.rank <= shape.rank else { return nil }
    if constant.count == 1 { return [Float](repeating: constant.scalars[0], count: shape[-1]) }
    return constant.count == shape[-1] && constant.shape[-1] == shape[-1] ? constant.scalars : nil
  }

  mutating func lowerConcat(_ node: Node) throws -> Bool {
    var shapes: [Shape] = []
    for name in node.inputs { shapes.append(try self.shape(name)) }
    guard let first = shapes.first, first.rank == 4 || first.rank == 2 else { return false }
    let axis = node.int("axis", default: 1)
    guard (axis < 0 ? axis + first.rank : axis) == 1,
      node.inputs.allSatisfy({ constant($0) == nil }),
      node.inputs.contains(where: isInBlocks)
    else { return false }
    for shape in shapes {
      var other = shape
      guard other.rank == first.rank else { return false }
      other[1] = first[1]
      guard other == first else {
        throw NetworkError.invalidNode(
          node.title, reason: "shapes \(shapes.map(\.description).joined(separator: ", "))")
      }
    }
    var parts: [Value] = []
    for name in node.inputs { if let part = asBlocks(name) { parts.append(part) } }
    guard parts.count == node.inputs.count else { return false }
    var shape = first
    shape[1] = shapes.map { $0[1] }.reduce(0, +)
    try emit(.concatenate, parts, for: node, shape: shape)
    return true
  }

  mutating func lowerIdentity(_ node: Node) throws -> Bool {
    guard node.outputs.dropFirst().allSatisfy(\.isEmpty) else { return false }
    try rename(node.inputs[0], to: node)
    return true
  }

  mutating func lowerFlatten(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    let axis = node.int("axis", default: 1)
    let split = axis < 0 ? axis + shape.rank : axis
    guard (0...shape.rank).contains(split) else {
      throw NetworkError.invalidNode(node.title, reason: "axis \(axis) of \(shape)")
    }
    let rows = shape.dimensions.prefix(split).reduce(1, *)
    try rename(node.inputs[0], to: node, shape: [rows, shape.count / max(rows, 1)])
    return true
  }

  mutating func lowerReshape(_ node: Node) throws -> Bool {
    let old = try shape(node.inputs[0])
    guard let wanted = node.ints("shape") ?? constant(node.input(1))?.integers else { return false }
    try rename(
      node.inputs[0], to: node,
      shape: try reshaped(old, to: wanted, keepZeros: node.int("allowzero", default: 0) != 0, node))
    return true
  }

  /// The shape that Reshape makes: 0 copies an extent, −1 is what is left over; and where the graph
  /// has its own batch baked in, the batch it is run with takes its place.
  private func reshaped(
    _ old: Shape, to wanted: [Int], keepZeros: Bool, _ node: Node
  ) throws -> Shape {
    if let declaredBatch, declaredBatch != batch, wanted.first == declaredBatch,
      old.dimensions.first == batch
    {
      var rebatched = wanted
      rebatched[0] = batch
      if let shape = old.reshaped(to: rebatched, keepingZeros: keepZeros) { return shape }
    }
    guard let shape = old.reshaped(to: wanted, keepingZeros: keepZeros) else {
      throw NetworkError.invalidNode(
        node.title, reason: "\(old) cannot become \(wanted), which the file fixes")
    }
    return shape
  }

  mutating func lowerSqueeze(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    let axes = node.ints("axes") ?? constant(node.input(1))?.integers
    let dropped = Set(
      axes?.map { $0 < 0 ? $0 + shape.rank : $0 }
        ?? shape.dimensions.indices.filter { shape[$0] == 1 })
    let kept = shape.dimensions.indices.filter { !dropped.contains($0) }
    guard dropped.allSatisfy({ shape.dimensions[checked: $0] == 1 }) else {
      throw NetworkError.invalidNode(node.title, reason: "axes \(dropped.sorted()) of \(shape)")
    }
    try rename(node.inputs[0], to: node, shape: Shape(kept.map { shape[$0] }))
    return true
  }

  mutating func lowerUnsqueeze(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    guard let axes = node.ints("axes") ?? constant(node.input(1))?.integers else { return false }
    let rank = shape.rank + axes.count
    let added = Set(axes.map { $0 < 0 ? $0 &+ rank : $0 })
    guard added.count == axes.count, added.allSatisfy({ (0..<rank).contains($0) }) else {
      throw NetworkError.invalidNode(node.title, reason: "axes \(axes) for \(shape)")
    }
    var rest = shape.dimensions[...]
    let new = (0..<rank).map { added.contains($0) ? 1 : rest.removeFirst() }
    try rename(node.inputs[0], to: node, shape: Shape(new))
    return true
  }
}

extension Shape {
  /// Whether this is one pixel with the batch and the channels of `map`, which has several.
  fileprivate func isPixel(of map: Shape) -> Bool {
    rank == 4 && map.rank == 4 && self[0] == map[0] && self[1] == map[1] && self[2] * self[3] == 1
      && map[2] * map[3] > 1
  }
}
