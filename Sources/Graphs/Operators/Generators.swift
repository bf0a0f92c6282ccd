import Blocks
import Autodiff
import Tensors

extension TapeOperator {
  /// Tensors made of numbers alone.
  static let generators: [String: Function] = [
    "Size": { call in Variable(Float(try call.input(0).shape.count)) },
    "Range": { call in
      guard let start = try call.scalar(0), let limit = try call.scalar(1),
        let step = try call.scalar(2), step != 0
      else { throw call.invalid("it needs a start, a limit and a step that is not 0") }
      let count = max(0, ((Double(limit) - Double(start)) / Double(step)).rounded(.up))
      try call.require(count < 0x1p29, "\(count) numbers")
      let shape = try call.shape([Int(count)])
      return Variable(
        Tensor(shape, (0..<Int(count)).map { Float(Double(start) + Double($0) * Double(step)) }))
    },
    "ConstantOfShape": { call in
      let shape = try call.shape(try call.constant(0)?.integers ?? [])
      guard case .constant(let constant)? = call.node.attributes["value"] else {
        return Variable(Tensor(shape))
      }
      try call.require(constant.tensor.count == 1, "a value of \(constant.tensor.shape)")
      return Variable(Tensor(shape, repeating: constant.tensor.scalars[0]))
    },
    "EyeLike": { call in
      let shape = try call.input(0).shape
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
    "NonZero": { call in
      guard let tensor = try call.constant(0)?.tensor else { throw call.invalid("it has no input") }
      let places = tensor.scalars.indices.filter { tensor.scalars[$0] != 0 }
      let strides = zip(tensor.shape.dimensions, tensor.shape.strides)
      let rows = strides.flatMap { extent, stride in places.map { Float($0 / stride % extent) } }
      return Variable(Tensor([tensor.shape.rank, places.count], rows))
    },
  ]
}
