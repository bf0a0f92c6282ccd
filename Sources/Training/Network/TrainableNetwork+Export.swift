import Blocks
package import ONNX
import Tensors

extension TrainableNetwork {
  /// The network as an ONNX model (operator set 18), batch norm folded into the convolutions, that takes
  /// pictures in 0…1 and yields logits.
  ///
  /// - Parameters:
  ///   - labels: The names of the classes.
  ///   - metadata: What else to say in the file.
  /// - Returns: The file's message.
  package func model(labels: [String], metadata: [(key: String, value: String)] = []) -> ModelProto
  {
    var graph = GraphBuilder()
    let channels = input.shape[0]
    graph.constant(
      "mean", [1, channels, 1, 1], (0..<channels).map { -input.shift[$0] / input.scale[$0] })
    graph.constant("std", [1, channels, 1, 1], input.scale.map { 1 / $0 })
    graph.node("Sub", "/Sub", ["input", "mean"], "centered")
    graph.node("Div", "/Div", ["centered", "std"], "normalized")
    var value = "normalized"
    var values: [String] = []
    for (i, layer) in layers.enumerated() {
      switch layer.kind {
      case .convolution(let window):
        value = graph.add(
          layer, window, folded(i), from: value, addend: layer.addend.map { values[$0] })
      case .globalMean:
        graph.node("GlobalAveragePool", "/\(layer.name)/GlobalAveragePool", [value], layer.name)
        value = layer.name
      case .dense:
        if i == 0 || !isDense(i - 1) {
          graph.node("Flatten", "/Flatten", [value], "flat", AttributeProto("axis", 1))
          value = "flat"
        }
        value = graph.add(
          layer, parameters.weights(of: i, in: parameters.values),
          bias: parameters.channels(parameters.places[i].shift, of: i, in: parameters.values),
          from: value, isLast: i == layers.count - 1)
      }
      values.append(value)
    }
    return graph.model(
      input: ValueInfoProto("input", shape: ["batch", channels] + extents),
      output: ValueInfoProto("logits", shape: ["batch", labels.count]),
      metadata: pictureMetadata(labels) + metadata)
  }

  /// Any extents will do unless a picture is taken as a vector.
  private var extents: [any Sendable] {
    isDense(0) ? [input.shape[1], input.shape[2]] : ["height", "width"]
  }

  private func isDense(_ index: Int) -> Bool {
    if case .dense = layers[index].kind { true } else { false }
  }

  private func pictureMetadata(_ labels: [String]) -> [(key: String, value: String)] {
    let channels = input.shape[0]
    func each(_ number: String) -> String {
      [String](repeating: number, count: channels).joined(separator: ",")
    }
    return [
      ("labels", labels.joined(separator: "\n")),
      ("input.color", channels == 1 ? "gray" : "RGB"), ("input.range", "0,1"),
      ("input.mean", each("0")), ("input.std", each("1")),
      ("input.size", "\(input.shape[1]),\(input.shape[2])"),
    ]
  }

  /// Weights and bias of a convolution that does what it does with its batch norm in inference.
  private func folded(_ index: Int) -> (weights: Tensor, bias: [Float]) {
    let place = parameters.places[index]
    func read(_ range: Range<Int>) -> [Float] {
      parameters.channels(range, of: index, in: parameters.values)
    }
    var weights = parameters.weights(of: index, in: parameters.values)
    let each = weights.count / layers[index].outputs
    var bias = read(place.shift)
    let (scale, mean, variance) = (read(place.scale), read(place.mean), read(place.variance))
    weights.withUnsafeMutableBufferPointer { weights in
      for channel in bias.indices {
        let factor =
          Double(scale[channel])
          / (Double(variance[channel]) + Double(BatchNormStep.epsilon)).squareRoot()
        bias[channel] = Float(Double(bias[channel]) - Double(mean[channel]) * factor)
        for i in channel * each..<(channel + 1) * each {
          weights[i] = Float(Double(weights[i]) * factor)
        }
      }
    }
    return (weights, bias)
  }
}

/// A graph as it grows.
private struct GraphBuilder {
  private var nodes: [NodeProto] = []
  private var constants: [TensorProto] = []

  mutating func constant(_ name: String, _ dims: [Int], _ values: [Float]) {
    constants.append(TensorProto(TensorData(dims: dims, floats: values, name: name)))
  }

  mutating func node(
    _ type: String, _ name: String, _ inputs: [String], _ output: String,
    _ attributes: AttributeProto...
  ) {
    var node = NodeProto(type, inputs, [output], name: name)
    node.attribute = attributes
    nodes.append(node)
  }

  /// Adds a convolution, its sum with an addend, and its rectifier, under the names that PyTorch gives to
  /// modules: `stage2.1.conv1` stands in `stage2.1`, as its `relu1` does.
  mutating func add(
    _ layer: Layer, _ window: Window, _ folded: (weights: Tensor, bias: [Float]),
    from value: String, addend: String?
  ) -> String {
    let parts = layer.name.split(separator: ".").map(String.init)
    let isInBlock = parts.last?.hasPrefix("conv") == true
    let modules = isInBlock ? Array(parts.dropLast()) : parts
    let path = modules.indices.map { modules[...$0].joined(separator: ".") }
    let scope = "/" + path.joined(separator: "/")
    let name = isInBlock ? parts.last ?? "conv" : "conv"
    let full = (path.last ?? layer.name) + "." + name
    let rectifier = name.replacing("conv", with: "relu")
    let (size, stride) = (window.size, window.stride)
    constant("\(full).weight", [layer.outputs, layer.inputs, size, size], folded.weights.scalars)
    constant("\(full).bias", [layer.outputs], folded.bias)
    node(
      "Conv", "\(scope)/\(name)/Conv", [value, "\(full).weight", "\(full).bias"], full,
      AttributeProto("kernel_shape", [size, size]), AttributeProto("strides", [stride, stride]),
      AttributeProto(
        "pads", [window.padBefore, window.padBefore, window.padAfter, window.padAfter]))
    var result = full
    if let addend {
      node("Add", "\(scope)/Add", [addend, result], "\(full).sum")
      result = "\(full).sum"
    }
    guard layer.isRectified else { return result }
    node("Relu", "\(scope)/\(rectifier)/Relu", [result], "\(full).relu")
    return "\(full).relu"
  }

  /// Adds a fully connected layer and its rectifier.
  mutating func add(
    _ layer: Layer, _ weights: Tensor, bias: [Float], from value: String, isLast: Bool
  ) -> String {
    constant("\(layer.name).weight", [layer.outputs, layer.inputs], weights.scalars)
    constant("\(layer.name).bias", [layer.outputs], bias)
    let result = isLast ? "logits" : "\(layer.name).linear"
    let scope = "/\(layer.name)" + (layer.isRectified ? "/linear" : "")
    node(
      "Gemm", "\(scope)/Gemm", [value, "\(layer.name).weight", "\(layer.name).bias"], result,
      AttributeProto("transB", 1))
    guard layer.isRectified else { return result }
    node("Relu", "/\(layer.name)/relu/Relu", [result], "\(layer.name).relu")
    return "\(layer.name).relu"
  }

  func model(
    input: ValueInfoProto, output: ValueInfoProto, metadata: [(key: String, value: String)]
  ) -> ModelProto {
    var graph = GraphProto()
    graph.name = "network"
    graph.node = nodes
    graph.initializer = constants
    graph.input = [input]
    graph.output = [output]
    var model = ModelProto(graph: graph, operatorSetVersion: 18, metadata: metadata)
    model.producerName = "visualize"
    return model
  }
}

extension ValueInfoProto {
  /// A tensor of floats whose dimensions are numbers or the names of what may vary.
  fileprivate init(_ name: String, shape: [any Sendable]) {
    self.init(name, shape.map { $0 as? Int ?? -1 })
    for (i, extent) in shape.enumerated() {
      if let symbol = extent as? String { type.tensorType.shape.dim[i].dimParam = symbol }
    }
  }
}
