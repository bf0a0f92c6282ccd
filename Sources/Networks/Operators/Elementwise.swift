import Autodiff
import Tensors

extension TapeOperator {
  /// Functions of one scalar each, and softmax.
  static let elementwise: [String: Function] = [
    "Relu": { relu(try $0.input(0)) },
    "Sigmoid": { sigmoid(try $0.input(0)) },
    "Tanh": { tanh(try $0.input(0)) },
    "LeakyRelu": { call in
      let x = try call.input(0)
      return relu(x) - call.node.float("alpha", default: 0.01) * relu(-x)
    },
    "Softmax": { call in
      let x = try call.input(0)
      return x.softmax(alongAxis: try softmaxAxis(call, x))
    },
    "LogSoftmax": { call in
      let x = try call.input(0)
      return x.logSoftmax(alongAxis: try softmaxAxis(call, x))
    },
  ]

  private static func softmaxAxis(_ call: TapeCall, _ x: Variable) throws -> Int {
    let axis = call.node.int("axis", default: call.node.opset < 13 ? 1 : -1)
    let place = axis < 0 ? axis + x.shape.rank : axis
    guard (0..<x.shape.rank).contains(place) else {
      throw call.invalid("axis \(axis) of \(x.shape)")
    }
    return place
  }
}
