import ONNX
import Testing

@Suite("Names")
struct NamedOutputTests {
  /// A chain of nodes, each with the output of the one before.
  func chain(
    _ nodes: [(operator: String, name: String, scopes: String)], outputs: [String]? = nil
  ) -> GraphProto {
    var graph = GraphProto()
    graph.input = [ValueInfoProto("input", [1])]
    var value = "input"
    for (i, node) in nodes.enumerated() {
      let output = outputs?[i] ?? "v\(i)"
      let metadata = node.scopes.isEmpty ? [] : [("pkg.torch.onnx.name_scopes", node.scopes)]
      graph.node.append(
        NodeProto(node.operator, [value], [output], name: node.name, metadata: metadata))
      value = output
    }
    return graph
  }

  func names(_ graph: GraphProto) -> [String] {
    graph.namedOutputs.map { "\($0.name) \($0.value)" }
  }

  @Test("PyTorch's new exporter")
  func newExporter() {
    let graph = chain([
      ("Conv", "node_conv2d", "['', 'layer1', 'layer1.0', 'layer1.0.conv', 'conv2d']"),
      ("Relu", "node_relu", "['', 'layer1', 'layer1.0', 'relu']"),
      ("Add", "node_add", "['', 'layer1', 'layer1.0', 'add']"),
      ("Relu", "node_relu_1", "['', 'layer1', 'layer1.0', 'relu_1']"),
      ("Reshape", "node_view", "['', 'view_3']"),
    ])
    #expect(
      names(graph) == [
        "layer1.0.conv v0", "layer1.0.relu v1", "layer1.0.add v2", "layer1.0.relu_1 v3",
        "layer1.0 v3", "layer1 v3", "view v4",
      ])
    #expect(graph.modulePaths[0] == ["layer1", "layer1.0", "layer1.0.conv"])
    #expect(graph.modulePaths[4] == [])
  }

  @Test("Modules called again have a name for each call, and so has what is in them")
  func sharedModules() {
    let graph = chain([
      ("Conv", "", "['', 'block', 'block.conv', 'conv2d']"),
      ("Relu", "", "['', 'block', 'block.relu', 'relu']"),
      ("MaxPool", "", "['', 'pool', 'max_pool2d']"),
      ("Conv", "", "['', 'block', 'block.conv', 'conv2d_1']"),
      ("Relu", "", "['', 'block', 'block.relu', 'relu_1']"),
    ])
    #expect(
      names(graph) == [
        "block.conv v0", "block.relu v1", "block v1", "pool v2", "block_1.conv v3",
        "block_1.relu v4", "block_1 v4",
      ])
  }

  @Test("A module with foreign nodes in between is one call")
  func interruptedModule() {
    let graph = chain([
      ("Conv", "", "['', 'block', 'block.conv', 'conv2d']"),
      ("MaxPool", "", "['', 'pool', 'max_pool2d']"),
      ("Relu", "", "['', 'block', 'block.relu', 'relu']"),
    ])
    #expect(names(graph) == ["block.conv v0", "pool v1", "block.relu v2", "block v2"])
  }

  @Test("Counters keep clear of modules that are called like that")
  func collisions() {
    let graph = chain([
      ("Relu", "", "['', 'relu', 'relu']"),
      ("Conv", "", "['', 'relu_1', 'conv2d']"),
      ("Relu", "", "['', 'relu', 'relu_2']"),
      ("Relu", "", "['', 'relu_5']"),
    ])
    #expect(names(graph) == ["relu v0", "relu_1 v1", "relu_2 v2", "relu_3 v3"])
  }

  @Test("PyTorch's old exporter")
  func oldExporter() {
    let graph = chain([
      ("Conv", "/features/features.0/features.0.0/block/block.0/block.0.1/Conv", ""),
      ("Relu", "/features/features.0/features.0.0/Relu_1", ""),
      ("Conv", "/layers.0/conv/Conv", ""),
      ("Flatten", "/Flatten", ""),
    ])
    #expect(
      names(graph) == [
        "features.0.0.block.0.1 v0", "features.0.0.block.0 v0", "features.0.0.block v0",
        "features.0.0.relu v1", "features.0.0 v1", "features.0 v1", "features v1",
        "layers.0.conv v2", "layers.0 v2", "flatten v3",
      ])
  }

  @Test("Keras and TensorFlow")
  func tensorFlow() {
    let graph = chain([
      ("Transpose", "StatefulPartitionedCall/model/block1_conv1/Conv2D__6", ""),
      ("Conv", "StatefulPartitionedCall/model/block1_conv1/Conv2D", ""),
      ("Relu", "StatefulPartitionedCall/model/block1_conv1/Relu", ""),
      ("Add", "StatefulPartitionedCall/model/block1_conv2/BiasAdd", ""),
      ("Concat", "StatefulPartitionedCall/model/mixed0/concat", ""),
    ])
    #expect(
      names(graph) == [
        "block1_conv1.conv2d v1", "block1_conv1.relu v2", "block1_conv1 v2", "block1_conv2 v3",
        "mixed0 v4",
      ])
  }

  @Test("Keras 3 numbers the layers of a model that is called again")
  func keras3() {
    let graph = chain([
      ("Conv", "vgg_1/block1_conv1_1/convolution", ""),
      ("Relu", "vgg_1/block1_conv1_1/Relu", ""),
      ("BatchNormalization", "vgg_1/batch_normalization_1/batchnorm/add_1", ""),
      ("BatchNormalization", "vgg_1/batch_normalization_1_2/batchnorm/add_1", ""),
    ])
    #expect(
      names(graph) == [
        "block1_conv1.convolution v0", "block1_conv1.relu v1", "block1_conv1 v1",
        "batch_normalization.batchnorm v2", "batch_normalization v2",
        "batch_normalization_1.batchnorm v3", "batch_normalization_1 v3",
      ])
    // Numbers that tell the layers apart stay.
    let counted = chain([
      ("Conv", "net/conv2d_1/Conv2D", ""), ("Relu", "net/conv2d_1/Relu", ""),
      ("Conv", "net/conv2d_2/Conv2D", ""), ("Relu", "net/conv2d_2/Relu", ""),
    ])
    #expect(names(counted).contains("conv2d_1 v1"))
  }

  @Test("Paddle numbers its operators; weights and counts name them")
  func paddle() {
    var graph = chain([
      ("Conv", "Conv.0", ""), ("BatchNormalization", "BatchNormalization.0", ""),
      ("Identity", "Identity.0", ""), ("Relu", "Relu.0", ""),
    ])
    for (i, name) in ["conv2d_0.w_0", "batch_norm2d_0.w_0"].enumerated() {
      graph.node[i].input.append(name)
      graph.initializer.append(TensorProto(TensorData(dims: [], floats: [1], name: name)))
    }
    #expect(names(graph) == ["conv2d_0 v0", "batch_norm2d_0 v1", "relu1 v3"])
  }

  @Test("A bias that Paddle adds belongs to the layer before it")
  func paddleBiases() {
    var graph = chain([
      ("Conv", "Conv.0", ""), ("Add", "Add.0", ""), ("Identity", "Identity.0", ""),
      ("MatMul", "MatMul.0", ""), ("Add", "Add.1", ""), ("Add", "Add.2", ""),
    ])
    let weights = [
      0: "conv2d_0.w_0", 1: "p2o.pd_op.reshape.0.0", 3: "linear_0.w_0", 4: "linear_0.b_0", 5: "two",
    ]
    for (i, name) in weights {
      graph.node[i].input.append(name)
      graph.initializer.append(TensorProto(TensorData(dims: [], floats: [1], name: name)))
    }
    #expect(names(graph) == ["conv2d_0 v1", "linear_0 v4", "add1 v5"])
  }

  @Test("What tf2onnx inserts has a number only")
  func inserted() {
    let graph = chain([("Conv", "net/c1/Conv2D", ""), ("Transpose", "Transpose__74", "")])
    #expect(names(graph).last == "transpose1 v1")
  }

  @Test("Caffe's names, on nodes or on values")
  func caffe() {
    let nodes = [("Conv", "conv1_1", ""), ("Conv", "", ""), ("Relu", "", ""), ("Concat", "", "")]
    let graph = chain(
      nodes, outputs: ["conv1_1", "inception_3a/3x3", "inception_3a/relu", "inception_3a/output"])
    #expect(
      names(graph) == [
        "conv1_1 conv1_1", "inception_3a.3x3 inception_3a/3x3",
        "inception_3a.relu inception_3a/relu", "inception_3a.output inception_3a/output",
        "inception_3a inception_3a/output",
      ])
  }

  @Test("Nothing but numbers: the weight's name, or operator and count")
  func numbered() {
    var graph = chain(
      [("Conv", "Conv_0", ""), ("Relu", "", ""), ("Conv", "", ""), ("Relu", "", "")],
      outputs: ["11", "12", "input.4", "relu:0"])
    graph.node[0].input.append("layer1.0.conv1.weight")
    graph.initializer = [
      TensorProto(TensorData(dims: [], floats: [1], name: "layer1.0.conv1.weight"))
    ]
    #expect(names(graph) == ["layer1.0.conv1 11", "relu1 12", "conv1 input.4", "relu relu:0"])
  }

  @Test("Constants and shapes have no names")
  func constants() {
    var graph = chain([("Shape", "", ""), ("Gather", "", "")])
    graph.node.append(NodeProto("Constant", [], ["c"]))
    graph.node.append(NodeProto("Reshape", ["input", "v1"], ["out"], name: "reshape"))
    #expect(names(graph) == ["reshape out"])
  }
}
