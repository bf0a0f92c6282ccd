import Blocks
import Graphs
import Tensors

/// A matrix of weights, which is read and turned when it is needed.
struct DenseWeights {
  let outputs: Int
  let inputs: Int
  /// Whether they are the graph's own tensor.
  var areShared = false
  /// (outputs, inputs).
  let matrix: () -> Tensor

  /// How many there are.
  var count: Int { outputs * inputs }
}

extension Lowering {
  /// A fully connected layer: a convolution whose window is its whole input.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - weights: (outputs, inputs).
  ///   - bias: One an output.
  /// - Returns: `false` where the node is left to the tape.
  /// - Throws: `NetworkError` where the weights do not fit the input.
  mutating func lowerDense(_ node: Node, weights: DenseWeights, bias: [Float]) throws -> Bool {
    guard case .value(let value, let shape)? = operands[node.inputs[0]], shape.rank == 2
    else { return false }
    let (outputs, inputs) = (weights.outputs, weights.inputs)
    guard weights.count > 0 else { return false }
    guard inputs == shape[1] else {
      var map = ""
      if case .blocks(_, let channels, let height, let width) = program.forms[value],
        height * width > 1
      {
        map = " (\(channels) channels of \(width)×\(height))"
      }
      throw NetworkError.invalidNode(
        node.title, reason: "its weights are for \(inputs) features, and it gets \(shape[1])\(map)")
    }
    var height = 1
    var width = 1
    let source: Value
    if case .blocks(shape[0], let channels, let h, let w) = program.forms[value],
      channels * h * w == inputs
    {
      (height, width) = (h, w)
      source = value
    } else if case .tensor = program.forms[value], shape[0] > 1 {
      return try lowerRows(node, weights: weights, bias: bias)
    } else if let value = asBlocks(node.inputs[0]) {
      source = value
    } else {
      return false
    }
    let operation = weighted(Operation.convolution) {
      Convolution(
        weights: weights.matrix().reshaped([outputs, inputs / (height * width), height, width]),
        bias: bias, groups: 1, vertical: Window(size: height, stride: height),
        horizontal: Window(size: width, stride: width), sharesWeights: weights.areShared)
    }
    try emit(operation, [source], for: node, shape: [shape[0], outputs])
    return true
  }

  mutating func lowerGemm(_ node: Node) throws -> Bool {
    guard node.int("transA", default: 0) == 0, let weights = constant(node.input(1)),
      weights.shape.rank == 2
    else { return false }
    let transposed = node.int("transB", default: 0) != 0
    let alpha = node.float("alpha", default: 1)
    let beta = node.float("beta", default: 1)
    let outputs = weights.shape[transposed ? 0 : 1]
    var bias = [Float](repeating: 0, count: outputs)
    if let name = node.input(2) {
      // One number a row, which broadcasts as well, is left to the tape.
      guard let constant = constant(name)?.tensor, constant.shape.rank <= 2,
        constant.count == 1
          || (constant.count == outputs && constant.shape.dimensions.last == outputs)
      else { return false }
      let scalars = constant.scalars
      bias = bias.indices.map { beta * scalars[scalars.count == 1 ? 0 : $0] }
    }
    let isShared = transposed && alpha == 1 && isStored(node.inputs[1])
    let dense = DenseWeights(
      outputs: outputs, inputs: weights.shape[transposed ? 1 : 0], areShared: isShared
    ) {
      var matrix = transposed ? weights.tensor : weights.tensor.transposedMatrix()
      if alpha != 1 {
        matrix.withUnsafeMutableBufferPointer { for i in $0.indices { $0[i] *= alpha } }
      }
      return matrix
    }
    return try lowerDense(node, weights: dense, bias: bias)
  }

  mutating func lowerMatMul(_ node: Node) throws -> Bool {
    guard let weights = constant(node.input(1)), weights.shape.rank == 2 else { return false }
    let bias = [Float](repeating: 0, count: weights.shape[1])
    let dense = DenseWeights(outputs: weights.shape[1], inputs: weights.shape[0]) {
      weights.tensor.transposedMatrix()
    }
    return try shape(node.inputs[0]).rank > 2
      ? lowerRows(node, weights: dense, bias: bias) : lowerDense(node, weights: dense, bias: bias)
  }

  /// A product of rows of features with a matrix, as transformers have them: a 1×1 convolution over a
  /// picture one pixel high.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - weights: (outputs, inputs).
  ///   - bias: One an output.
  /// - Returns: `false` where the node is left to the tape.
  /// - Throws: `NetworkError` where the input is missing.
  private mutating func lowerRows(
    _ node: Node, weights: DenseWeights, bias: [Float]
  ) throws -> Bool {
    let name = node.inputs[0]
    let shape = try shape(name)
    let (outputs, features) = (weights.outputs, weights.inputs)
    let rows = shape.dimensions.dropLast().reduce(1, *)
    guard constant(name) == nil, shape[-1] == features, rows > 0, weights.count > 0 else {
      return false
    }
    let operation = weighted(Operation.convolution) {
      Convolution(
        weights: weights.matrix().reshaped([outputs, features, 1, 1]), bias: bias, groups: 1,
        vertical: Window(size: 1), horizontal: Window(size: 1), sharesWeights: weights.areShared)
    }
    let result = Shape(shape.dimensions.dropLast() + [outputs])
    try Self.check(result.dimensions, of: node)
    try emitRows(operation, [try rowsAsBlocks(name)], for: node, shape: result)
    return true
  }

  /// A tensor of rows in channel blocks: one image of one row of pixels, or of the form given.
  private mutating func rowsAsBlocks(_ name: String, form: Form? = nil) throws -> Value {
    if let twin = twin(of: name) { return twin }
    let shape = try shape(name)
    let tensor = try asTensor(name)
    if let twin = twins[tensor] { return twin }
    let blocks = program.value(form ?? Self.rows(shape))
    note(pictures: shape[0], in: blocks)
    program.instructions.append(
      Instruction(operation: .rowsToBlocks, inputs: [tensor], outputs: [blocks]))
    twins[tensor] = blocks
    return blocks
  }

  /// Rows of two names in channel blocks of one form, where one of them is there already.
  mutating func rowsAsBlocks(_ a: String, _ b: String) throws -> [Value]? {
    guard let known = twin(of: a) ?? twin(of: b) else { return nil }
    let form = program.forms[known]
    let rows = [try rowsAsBlocks(a, form: form), try rowsAsBlocks(b, form: form)]
    return rows.allSatisfy { program.forms[$0] == form } ? rows : nil
  }

  /// The form of rows that nothing else has given one.
  private static func rows(_ shape: Shape) -> Form {
    .blocks(batch: 1, channels: shape[-1], height: 1, width: shape.count / shape[-1])
  }

  /// Takes note of how many pictures share an image of channel blocks.
  private mutating func note(pictures: Int, in blocks: Value) {
    program.pictures[blocks] = beside(pictures, in: blocks)
  }

  /// How many of so many pictures lie side by side in each image of channel blocks, which have them row by row; nil where
  /// they lie otherwise.
  private func beside(_ pictures: Int, in blocks: Value) -> Int? {
    guard case .blocks(let batch, _, let height, let width) = program.forms[blocks],
      pictures.isMultiple(of: batch)
    else { return nil }
    let each = pictures / batch
    return each == 1 || height == 1 && each > 0 && width.isMultiple(of: each) ? each : nil
  }

  /// The rows of a name in channel blocks, where each picture's lie in an image or side by side: what redirects gradients
  /// looks at whole pictures.
  func twin(ofPictures name: String) throws -> Value? {
    guard let twin = twin(of: name), beside(try shape(name)[0], in: twin) != nil else {
      return nil
    }
    return twin
  }

  /// The rows of a name in channel blocks, where some instruction has made them so.
  func twin(of name: String) -> Value? {
    guard case .value(let value, let shape)? = operands[name], shape.rank > 0,
      let twin = twins[value], case .blocks(_, shape[-1], _, _) = program.forms[twin]
    else { return nil }
    return twin
  }

  /// Adds an instruction on rows in channel blocks; the rows as a tensor are made for whoever reads them.
  mutating func emitRows(
    _ operation: Operation, _ inputs: [Value], clamp: Clamp? = nil, for node: Node, shape: Shape
  ) throws {
    try account.hold(shape)
    guard case .blocks(let batch, _, let height, let width) = program.forms[inputs[0]] else {
      preconditionFailure("emitRows: a tensor")
    }
    let blocks = program.value(
      .blocks(batch: batch, channels: shape[-1], height: height, width: width))
    note(pictures: shape[0], in: blocks)
    let tensor = program.value(.tensor(shape))
    program.instructions += [
      Instruction(
        operation: operation, inputs: inputs, outputs: [blocks], clamp: clamp,
        layer: layers[node.outputs[0]] ?? ""),
      Instruction(operation: .blocksToRows, inputs: [blocks], outputs: [tensor]),
    ]
    twins[tensor] = blocks
    operands[node.outputs[0]] = .value(tensor, shape)
  }
}

extension Tensor {
  /// The transpose of a matrix, (rows, columns) to (columns, rows).
  func transposedMatrix() -> Tensor {
    let (rows, columns) = (shape[0], shape[1])
    return Tensor([columns, rows]) { result in
      withUnsafeBufferPointer { matrix in
        for row in 0..<rows {
          for column in 0..<columns { result[column * rows + row] = matrix[row * columns + column] }
        }
      }
    }
  }
}
