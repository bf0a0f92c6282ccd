import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Tensors made of numbers alone.
  static let generators: [Operator] = [
    Operator(
      "Constant", .constant, makes: .by { $0.node.constantValue?.type ?? .float }
    ) { call in
      guard let constant = call.node.constantValue else {
        throw call.invalid("it has no value that can be read here")
      }
      return Variable(constant.tensor)
    },
    Operator("Shape", .constant, makes: .integer) { call in
      let shape = try call.inputShape(0)
      let place = { (i: Int) in max(0, min(shape.rank, i < 0 ? i + shape.rank : i)) }
      let start = place(call.node.int("start", default: 0))
      let end = place(call.node.int("end", default: shape.rank))
      let part = shape.dimensions[start..<max(start, end)]
      return Variable(Tensor([part.count], part.map { Float($0) }))
    },
    Operator("Size", .constant, makes: .integer) { Variable(Float(try $0.inputShape(0).count)) },
    Operator("Range", .other) { call in
      guard let start = try call.scalar(0), let limit = try call.scalar(1),
        let step = try call.scalar(2), step != 0
      else { throw call.invalid("it needs a start, a limit and a step that is not 0") }
      let count = max(0, ((Double(limit) - Double(start)) / Double(step)).rounded(.up))
      try call.require(count < 0x1p29, "\(count) numbers")
      let shape = try call.shape([Int(count)])
      return Variable(
        Tensor(shape, (0..<Int(count)).map { Float(Double(start) + Double($0) * Double(step)) }))
    },
    Operator(
      "ConstantOfShape", .other, makes: .by { $0.node.constantValue?.type ?? .float }
    ) { call in
      let shape = try call.shape(try call.constant(0)?.integers ?? [])
      guard case .constant(let constant)? = call.node.attributes["value"] else {
        return Variable(Tensor(shape))
      }
      try call.require(constant.count == 1, "a value of \(constant.shape)")
      return Variable(Tensor(shape, repeating: constant.tensor.scalars[0]))
    },
    Operator(
      "EyeLike", .constant,
      makes: .by { call in
        guard case .int(let type)? = call.node.attributes["dtype"] else { return call.kind(0) }
        return ElementType(rawValue: type)
      }
    ) { call in
      let shape = try call.inputShape(0)
      try call.require(shape.rank == 2, "an input of \(shape)")
      let shift = call.node.int("k", default: 0)
      return Variable(
        Tensor(shape) { result in
          result.initialize(repeating: 0)
          for row in 0..<shape[0] where (-row..<shape[1] - row).contains(shift) {
            result[row * shape[1] + row + shift] = 1
          }
        })
    },
    Operator("NonZero", .index, makes: .integer) { call in
      guard let tensor = try call.constant(0)?.tensor else { throw call.invalid("it has no input") }
      let places = tensor.scalars.indices.filter { tensor.scalars[$0] != 0 }
      let strides = zip(tensor.shape.dimensions, tensor.shape.strides)
      let rows = strides.flatMap { extent, stride in places.map { Float($0 / stride % extent) } }
      return Variable(Tensor([tensor.shape.rank, places.count], rows))
    }.countingByValue(),
  ]
}

extension Node {
  /// The tensor of a Constant node, whichever attribute it stands in.
  package var constantValue: Constant? {
    for attribute in attributes.values {
      switch attribute {
      case .constant(let constant): return constant
      case .int(let value): return Constant(Tensor(Float(value)), isInteger: true)
      case .ints(let values):
        return Constant(Tensor([values.count], values.map { Float($0) }), isInteger: true)
      case .float(let value): return Constant(Tensor(value))
      case .floats(let values): return Constant(Tensor([values.count], values))
      default: continue
      }
    }
    return nil
  }
}
