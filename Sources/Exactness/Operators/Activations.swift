import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Activations whose derivative is steady.
  static let activations: [ExactOperator] = [
    ExactOperator("Gelu") { call in
      call.string("approximate", "none") == "tanh"
        ? approximateGelu(try call.input(0)) : gelu(try call.input(0))
    },
    ExactOperator("com.microsoft.Gelu") { gelu(try $0.input(0)) },
    ExactOperator("com.microsoft.BiasGelu") { gelu(try biased($0)) },
    ExactOperator("com.microsoft.FastGelu") { approximateGelu(try biased($0)) },
    ExactOperator("com.microsoft.QuickGelu") { call in
      swish(try call.input(0), call.float("alpha", Double(Float(1.702))))
    },
    ExactOperator("Swish") { swish(try $0.input(0), $0.float("alpha", 1)) },
    ExactOperator("SwiGLU") { call in
      swish(try call.input(0), call.float("alpha", 1)) * (try call.input(1))
    },
    ExactOperator("Softplus") { call in
      try call.input(0).map({ max($0, 0) + log1p(exp(-abs($0))) }) { x, _ in logistic(x) }
    },
    ExactOperator("Softsign") { call in
      try call.input(0).map({ $0 / (1 + abs($0)) }) { x, _ in
        1 / ((1 + abs(x)) * (1 + abs(x)))
      }
    },
    ExactOperator("Mish") { call in
      try call.input(0).map({ $0 * tanh(log1p(exp($0))) }) { x, _ in
        let bend = tanh(log1p(exp(x)))
        return bend + x * (1 - bend * bend) * logistic(x)
      }
    },
    ExactOperator("Elu") { exponentialUnit(try $0.input(0), height: $0.float("alpha", 1)) },
    ExactOperator("Selu") { call in
      exponentialUnit(
        try call.input(0), height: call.float("alpha", Double(Float(1.6732632)))
      ) * call.float("gamma", Double(Float(1.050701)))
    },
    ExactOperator("Celu") { call in
      let height = call.float("alpha", 1)
      return exponentialUnit(try call.input(0), height: height, width: height)
    },
  ]

  private static func biased(_ call: ExactCall) throws -> Exact {
    let x = try call.input(0)
    return call.optional(1).map { x + $0 } ?? x
  }

  private static func gelu(_ x: Exact) -> Exact {
    x.map({ $0 * normal($0) }) { x, _ in
      normal(x) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    }
  }

  private static func approximateGelu(_ x: Exact) -> Exact {
    let root = (2 / Double.pi).squareRoot()
    return x.map({ 0.5 * $0 * (1 + tanh(root * ($0 + 0.044715 * $0 * $0 * $0))) }) { x, _ in
      let bend = tanh(root * (x + 0.044715 * x * x * x))
      return 0.5 * (1 + bend) + 0.5 * x * (1 - bend * bend) * root * (1 + 3 * 0.044715 * x * x)
    }
  }

  private static func swish(_ x: Exact, _ slope: Double) -> Exact {
    x.map({ $0 * logistic(slope * $0) }) { x, _ in
      let gate = logistic(slope * x)
      return gate + slope * x * gate * (1 - gate)
    }
  }

  private static func exponentialUnit(
    _ x: Exact, height: Double, width: Double = 1
  ) -> Exact {
    x.map({ $0 < 0 ? height * expm1($0 / width) : $0 }) { x, _ in
      x < 0 ? height / width * exp(x / width) : 1
    }
  }
}
