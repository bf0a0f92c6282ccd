import Attribution
import Networks
import Tensors

/// Small networks with random weights.
enum SmallNetwork {
  /// Two convolutions with rectifiers, a max pool, a third convolution, its rectifier, the mean over
  /// positions, and five logits with a softmax: everything that is explained in these tests, on pictures
  /// of 3×13×11.
  static func convolutional(seed: UInt64 = 1, biased: Bool = true) -> Network {
    var random = SplitMix64(seed: seed)
    var constants: [String: Constant] = [:]
    func weights(_ name: String, _ shape: Shape) {
      let fan = Float(shape.count / shape[0])
      constants[name] = Constant(
        .normal(shape, standardDeviation: (2 / fan).squareRoot(), using: &random))
      constants["\(name).bias"] = Constant(
        biased ? .normal([shape[0]], standardDeviation: 0.3, using: &random) : Tensor([shape[0]]))
    }
    weights("first", [6, 3, 3, 3])
    weights("second", [20, 6, 3, 3])
    weights("third", [18, 20, 1, 1])
    weights("fourth", [5, 18])
    return Network(
      graph: Graph(
        inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])],
        outputs: ["probabilities"],
        nodes: [
          conv("input", "first", to: "a", ["pads": .ints([1, 1, 1, 1])]),
          Node("Relu", inputs: ["a"], outputs: ["b"]),
          conv(
            "b", "second", to: "c", ["pads": .ints([1, 1, 1, 1]), "strides": .ints([2, 2])]),
          Node("Relu", inputs: ["c"], outputs: ["d"]),
          Node(
            "MaxPool", inputs: ["d"], outputs: ["e"],
            attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
          conv("e", "third", to: "f", [:]),
          Node("Relu", inputs: ["f"], outputs: ["g"]),
          Node("GlobalAveragePool", inputs: ["g"], outputs: ["h"]),
          Node("Flatten", inputs: ["h"], outputs: ["i"]),
          Node(
            "Gemm", inputs: ["i", "fourth", "fourth.bias"], outputs: ["logits"],
            attributes: ["transB": .int(1)]),
          Node("Softmax", inputs: ["logits"], outputs: ["probabilities"]),
        ], constants: constants))
  }

  /// Branches without biases: a residual sum, a concatenation, a swish, an average pool and a matrix
  /// product, on pictures of 3×13×11.
  static func branched() -> Network {
    var random = SplitMix64(seed: 2)
    var constants: [String: Constant] = ["shape": Constant(Tensor([2], [0, -1]), isInteger: true)]
    for (name, shape) in [
      ("one", [8, 3, 3, 3]), ("two", [8, 8, 3, 3]), ("three", [8, 8, 1, 1]),
    ] as [(String, Shape)] {
      constants[name] = Constant(.normal(shape, standardDeviation: 0.3, using: &random))
      constants["\(name).bias"] = Constant(Tensor([shape[0]]))
    }
    constants["dense"] = Constant(.normal([16 * 6 * 5, 4], using: &random))
    let padded: [String: Attribute] = ["pads": .ints([1, 1, 1, 1])]
    return Network(
      graph: Graph(
        inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])], outputs: ["z"],
        nodes: [
          conv("input", "one", to: "a", padded),
          Node("Relu", inputs: ["a"], outputs: ["b"]),
          conv("b", "two", to: "c", padded),
          Node("Add", inputs: ["b", "c"], outputs: ["d"]),
          Node("Relu", inputs: ["d"], outputs: ["e"]),
          conv("e", "three", to: "f", [:]),
          Node("Sigmoid", inputs: ["f"], outputs: ["g"]),
          Node("Mul", inputs: ["g", "f"], outputs: ["h"]),
          Node("Concat", inputs: ["h", "e"], outputs: ["i"], attributes: ["axis": .int(1)]),
          Node(
            "AveragePool", inputs: ["i"], outputs: ["j"],
            attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
          Node("Reshape", inputs: ["j", "shape"], outputs: ["k"]),
          Node("MatMul", inputs: ["k", "dense"], outputs: ["z"]),
        ], constants: constants))
  }

  /// A convolution, a rectifier and a matrix product, with a reshape to one row between them: of two pictures
  /// it makes one row of twice the length.
  static func singly() -> Network {
    var random = SplitMix64(seed: 3)
    let constants = [
      "w": Constant(.normal([4, 3, 3, 3], using: &random)), "w.bias": Constant(Tensor([4])),
      "row": Constant(Tensor([2], [1, -1]), isInteger: true),
      "dense": Constant(.normal([4 * 13 * 11, 3], using: &random)),
    ]
    return Network(
      graph: Graph(
        inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])], outputs: ["z"],
        nodes: [
          conv("input", "w", to: "a", ["pads": .ints([1, 1, 1, 1])]),
          Node("Relu", inputs: ["a"], outputs: ["b"]),
          Node("Reshape", inputs: ["b", "row"], outputs: ["c"]),
          Node("MatMul", inputs: ["c", "dense"], outputs: ["z"]),
        ], constants: constants))
  }

  /// A convolution and a rectifier `b`, then nothing but the means of its channels and, beside them, its half
  /// `n`.
  static func pooled() -> Network {
    var random = SplitMix64(seed: 3)
    func four(_ value: Float) -> Constant { Constant(Tensor([4], repeating: value)) }
    let constants = [
      "w": Constant(.normal([4, 3, 3, 3], using: &random)), "w.bias": four(0.1),
      "zero": four(0), "one": four(1), "variance": four(4),
    ]
    return Network(
      graph: Graph(
        inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])], outputs: ["z", "n"],
        nodes: [
          conv("input", "w", to: "a", [:]),
          Node("Relu", inputs: ["a"], outputs: ["b"]),
          Node("GlobalAveragePool", inputs: ["b"], outputs: ["p"]),
          Node("Flatten", inputs: ["p"], outputs: ["z"]),
          Node(
            "BatchNormalization", inputs: ["b", "one", "zero", "zero", "variance"], outputs: ["n"],
            attributes: ["epsilon": .float(0)]),
        ], constants: constants))
  }

  static func conv(
    _ input: String, _ weights: String, to output: String, _ attributes: [String: Attribute]
  ) -> Node {
    Node(
      "Conv", name: "conv \(weights)", inputs: [input, weights, "\(weights).bias"],
      outputs: [output], attributes: attributes)
  }

  /// The methods that these networks can have as they are: without attention, and without a neuron's name.
  static let methods = RegisteredMethod.all.filter { method in
    !method.options.contains(.neuron)
      && !RegisteredMethod.attention.contains { $0.name == method.name }
  }

  /// A picture for these networks, 1×3×13×11.
  static func picture(seed: UInt64 = 7, samples: Int = 1) -> Tensor {
    var random = SplitMix64(seed: seed)
    return .normal([samples, 3, 13, 11], using: &random)
  }

  /// The value of a graph's value.
  static func read(_ value: String, of network: Network, at input: Tensor) throws -> Tensor {
    try network.plan(
      inputShape: input.shape, readings: [Reading(value)], feed: .raw, differentiable: false,
      threads: 1
    ).forward(input)[0]
  }
}

/// ‖a − b‖ / ‖b‖.
func relativeError(_ a: Tensor, _ b: Tensor) -> Float {
  precondition(a.shape == b.shape, "relativeError: \(a.shape) and \(b.shape)")
  return (a - b).norm / max(b.norm, 1e-30)
}
