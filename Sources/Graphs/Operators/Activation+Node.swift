import Blocks
import CKernels

extension Activation {
  /// What a node computes; `nil` for one that no kernel does.
  package init?(_ node: Node) {
    func alpha(_ value: Float) -> Float { node.float("alpha", default: value) }
    switch node.type {
    case "Sigmoid": self.init(KERNEL_SIGMOID)
    case "Swish": self.init(KERNEL_SWISH, alpha: alpha(1))
    case "HardSigmoid":
      self.init(KERNEL_HARD_SIGMOID, alpha: alpha(0.2), beta: node.float("beta", default: 0.5))
    case "HardSwish": self.init(KERNEL_HARD_SWISH)
    case "LeakyRelu": self.init(KERNEL_LEAKY_RELU, alpha: alpha(0.01))
    case "Gelu":
      switch node.string("approximate", default: "none") {
      case "none": self.init(KERNEL_GELU)
      case "tanh": self.init(KERNEL_GELU_TANH)
      default: return nil
      }
    case "Mish": self.init(KERNEL_MISH)
    default: return nil
    }
  }
}
