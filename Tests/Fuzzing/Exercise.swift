import Blocks
import Foundation
import Memory
import Networks
import ONNX
import Tensors

/// Does to a model what the program does to one: reads it, describes it, and runs it forwards and
/// backwards to whatever it yields.
///
/// Whatever the bytes say, this comes back, and an error is one that tells the file's owner what to do.
/// A plan gets 4 MB, so that a fuzzer is done with large ones as soon as with small ones.
func exercise(_ bytes: Data) {
  MemoryLimit.$bytes.withValue(1 << 22) { exerciseWithinLimit(bytes) }
}

private func exerciseWithinLimit(_ bytes: Data) {
  attempt {
    // Weights in other files are looked for beside this one, wherever the repository stands.
    let path = "Tests/Fuzzing/fuzz.onnx"
    let network = try Network(Model(ModelProto(decoding: bytes, of: path), path: path))
    let (height, width) = network.fixedSize
    let isSaid = network.metadata["input.size"] != nil
    let shape = network.inputShape(size: isSaid ? network.usualSize : (height ?? 8, width ?? 8))
    var layers = network.graph.outputs.prefix(4) + [network.logitsValue()]
    attempt {
      if let last = try network.summary(inputShape: shape).layers.last {
        layers.append(last.layer.name)
      }
    }
    // What is the result, the logits and the last layer at once is run once.
    var seen = Set<String>()
    for layer in layers where seen.insert(layer).inserted {
      attempt { try run(network, shape, Reading(layer), .raw, .standard) }
      attempt {
        let feed = Network.Feed.picture(network.preprocessing ?? .caffe)
        try run(network, shape, Reading(layer, channels: [0]), feed, .guided)
      }
    }
  }
}

private func run(
  _ network: Network, _ shape: Shape, _ reading: Reading, _ feed: Network.Feed,
  _ rule: GradientRule
) throws {
  let plan = try network.plan(
    inputShape: shape, readings: [reading], feed: feed, rule: rule, observing: [reading.source],
    threads: 1)
  _ = try plan.backward(try plan.forward(Tensor(shape, repeating: 0.5)))
}

/// Does something that may throw what a bad file makes it throw, and nothing else.
private func attempt(_ body: () throws -> Void) {
  do {
    try body()
  } catch {
    precondition(
      error is ONNXError || error is MetadataError || error is NetworkError
        || error is MemoryError,
      "an error for nobody: \(error)")
  }
}
