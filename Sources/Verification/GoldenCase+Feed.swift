import Foundation
import Networks
import ONNX
import Tensors

extension GoldenCase {
  /// One of several recorded inputs as the network's, the others as constants of its graph.
  struct Feed {
    let network: Network
    let input: Tensor

    /// The same for attribution methods, which take N×C×H×W, where the file takes signals or volumes.
    func shapedForMethods() throws -> Feed {
      let shaped = try network.takingPictures().taking(slicesOf: input.shape)
      guard !shaped.form.takesPhotographs else { return self }
      return Feed(network: shaped, input: try shaped.fed(input))
    }

    /// Every way to feed the recorded inputs: the picture, or the first, as the input; then each of the
    /// others that is no integer; and at last none of them, so that all is known beforehand.
    static func all(of original: Network, _ model: Model, in folder: URL) throws -> [Feed] {
      let inputs = original.graph.inputs
      let main = original.input.name
      var network = original
      let types = Dictionary(
        model.graph.input.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
      let read = Set(network.graph.nodes.flatMap(\.inputs) + network.graph.outputs)
      var recorded: [String: Constant] = [:]
      for (index, input) in inputs.enumerated() where read.contains(input.name) {
        let file = folder.appending(path: "test_data_set_0/input_\(index).pb")
        if let type = types[input.name], !type.isTensor {
          var graph = network.graph
          graph.bind(input.name, to: try RecordedValue(contentsOf: file, as: type))
          network = network.replacing(graph)
          continue
        }
        var constant = try Constant(try TensorData(contentsOf: file.path))
        if network.isChannelsLast, input.name == main {
          constant.tensor = constant.tensor.transposed([0, 3, 1, 2])
        }
        recorded[input.name] = constant
      }
      let candidates =
        inputs.filter { $0.name == main } + inputs.filter { $0.name != main && !$0.isInteger }
      var feeds = candidates.compactMap { candidate -> Feed? in
        guard let tensor = recorded[candidate.name]?.tensor else { return nil }
        return Feed(
          network: network.binding(recorded.filter { $0.key != candidate.name }), input: tensor)
      }
      feeds.append(Feed(network: network.bindingAll(recorded), input: Tensor([1])))
      return feeds
    }
  }

  /// An output, by the first way to feed the inputs that the network takes.
  func computed(_ output: String, threads: Int) throws -> Tensor {
    func run(_ network: Network, _ input: Tensor) throws -> Tensor {
      let plan = try network.plan(
        inputShape: input.shape, readings: [Reading(.value(output))], feed: .raw,
        differentiable: false,
        threads: threads)
      return try plan.forward(input)[0]
    }
    do {
      return try run(network, input)
    } catch let error as NetworkError {
      for feed in otherFeeds {
        if let result = try? run(feed.network, feed.input) { return result }
      }
      throw error
    }
  }
}

extension TypeProto {
  /// Whether it is a tensor's, as it is where a file does not say.
  var isTensor: Bool {
    switch value {
    case .sequenceType?, .optionalType?: false
    default: true
    }
  }
}
