import Foundation
import ONNX
import TestSupport
import Testing

@Suite("Names in golden files")
struct GoldenNameTests {
  /// The value of each recorded layer; that it has the recorded activations was checked once with
  /// ONNX's reference evaluator.
  static let expected: [String: [String: String]] = [
    "convnext-mini": ["m.features.1": "add"],
    "densenet-mini": [
      "features.denseblock1": "cat_2", "features.transition1": "avg_pool2d",
    ],
    "inception-mini": ["lrn2": "div_1", "mixed3a": "cat", "mixed4a": "cat_2"],
    "lenet-1x28x28-torchscript": ["conv2": "/conv2/Conv_output_0", "fc1": "/fc1/Gemm_output_0"],
    "mobilenetv2-mini": ["features.2": "getitem_18", "features.4": "hardtanh_7"],
    "mobilenetv3-mini": ["features.3": "add_1"],
    "resnet-mini": ["layer1": "relu_2", "layer2.0.relu1": "relu_3", "layer3": "relu_6"],
    "resnet-mini-external-data": ["layer2": "relu_4"],
    "resnet-mini-torchscript": [
      "layer1": "/layer1/layer1.0/relu2/Relu_output_0",
      "layer3": "/layer3/layer3.0/relu2/Relu_output_0",
    ],
    "vgg-mini": ["classifier.0": "linear", "features.5": "conv2d_2", "features.9": "relu_3"],
    "vit-mini": ["encoder.layers.encoder_layer_0": "add_2"],
  ]

  @Test("Every recorded layer is found, and is the right value", arguments: Golden.cases)
  func layers(name: String) throws {
    let outputs = try Golden.model(name).graph.namedOutputs
    let values = Dictionary(uniqueKeysWithValues: outputs.map { ($0.name, $0.value) })
    let json = try Data(contentsOf: Recordings.file("networks/\(name)/case.json"))
    let recorded = Set(layers(in: try JSONSerialization.jsonObject(with: json)))
    let expected = Self.expected[name] ?? [:]
    #expect(!recorded.isEmpty)
    for layer in recorded {
      #expect(values[layer] != nil && values[layer] == expected[layer], "\(layer)")
    }
  }

  @Test("Names are unique, values exist, in the order of the nodes", arguments: Golden.cases)
  func consistency(name: String) throws {
    let graph = try Golden.model(name).graph
    let outputs = graph.namedOutputs
    #expect(Set(outputs.map(\.name)).count == outputs.count)
    #expect(outputs.map(\.node) == outputs.map(\.node).sorted())
    for output in outputs {
      #expect(graph.node[output.node].output.contains(output.value))
      #expect(graph.node[output.node].opType == output.operator)
    }
    #expect(outputs.last?.value == graph.output[0].name)
  }

  @Test("A whole network, name by name")
  func resnet() throws {
    let outputs = try Golden.model("resnet-mini").graph.namedOutputs
    #expect(
      outputs.prefix(10).map { "\($0.name) \($0.operator) \($0.moduleClass ?? "-")" } == [
        "bn1 Conv BatchNorm2d", "relu Relu ReLU", "maxpool MaxPool MaxPool2d",
        "layer1.0.bn1 Conv BatchNorm2d", "layer1.0.relu1 Relu ReLU",
        "layer1.0.bn2 Conv BatchNorm2d", "layer1.0.add Add -", "layer1.0.relu2 Relu ReLU",
        "layer1.0 Relu Basic", "layer1 Relu Sequential",
      ])
  }

  @Test("A network without modules")
  func withoutModules() throws {
    var graph = try Golden.model("vgg-mini").graph
    for index in graph.node.indices {
      let scopes = "['', '\(graph.node[index].output[0])']"
      graph.node[index].metadataProps = [
        StringStringEntryProto("pkg.torch.onnx.name_scopes", scopes)
      ]
    }
    let names = graph.namedOutputs.map(\.name)
    #expect(names.prefix(4) == ["conv2d", "relu", "conv2d_1", "relu_1"])
  }

  /// The values of all keys `layer` in a JSON tree.
  private func layers(in json: Any) -> [String] {
    switch json {
    case let object as [String: Any]:
      (object["layer"] as? String).map { [$0] } ?? object.values.flatMap(layers)
    case let array as [Any]: array.flatMap(layers)
    default: []
    }
  }
}
