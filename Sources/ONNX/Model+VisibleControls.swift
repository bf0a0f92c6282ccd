import Files
import SwiftProtobuf

// Names in a file reach terminals, pages and pictures. They are made harmless once, where the file comes in, so that
// they are the same everywhere: what `inspect` lists is what finds a layer.
extension ModelProto {
  /// The model with every name and text as it may be shown; as a rule, the same.
  var withVisibleControls: ModelProto {
    var model = self
    model.metadataProps = metadataProps.map { entry in
      StringStringEntryProto(
        entry.key.withVisibleControls, entry.value.withVisibleControlsInLines)
    }
    model.producerName = producerName.withVisibleControls
    model.producerVersion = producerVersion.withVisibleControls
    if graph.hasDeceptiveName { model.graph = graph.withVisibleControls }
    guard functions.contains(where: { $0.texts.contains(where: \.isDeceptive) }) else {
      return model
    }
    model.functions = functions.map { function in
      var function = function
      function.name = function.name.withVisibleControls
      function.domain = function.domain.withVisibleControls
      function.input = function.input.map(\.withVisibleControls)
      function.output = function.output.map(\.withVisibleControls)
      function.node = function.node.map(\.withVisibleControls)
      return function
    }
    return model
  }
}

extension FunctionProto {
  fileprivate var texts: [String] { [name, domain] + input + output + node.flatMap(\.texts) }
}

extension GraphProto {
  fileprivate var hasDeceptiveName: Bool {
    node.contains { $0.texts.contains(where: \.isDeceptive) }
      || initializer.contains { $0.name.isDeceptive }
      || (input + output).contains { $0.name.isDeceptive }
  }

  fileprivate var withVisibleControls: GraphProto {
    var graph = self
    graph.node = node.map(\.withVisibleControls)
    graph.initializer = initializer.map { tensor in
      var tensor = tensor
      tensor.name = tensor.name.withVisibleControls
      return tensor
    }
    func renamed(_ values: [ValueInfoProto]) -> [ValueInfoProto] {
      values.map { value in
        var value = value
        value.name = value.name.withVisibleControls
        return value
      }
    }
    (graph.input, graph.output) = (renamed(input), renamed(output))
    return graph
  }
}

extension NodeProto {
  /// Everything that may be shown of a node; the names of values in the graphs within it as well.
  fileprivate var texts: [String] {
    [name, opType, domain] + input + output + metadataProps.map(\.value) + attribute.map(\.name)
      + attribute.flatMap { $0.hasG ? $0.g.node.flatMap(\.texts) : [] }
  }

  fileprivate var withVisibleControls: NodeProto {
    var node = self
    node.name = name.withVisibleControls
    node.opType = opType.withVisibleControls
    node.domain = domain.withVisibleControls
    node.input = input.map(\.withVisibleControls)
    node.output = output.map(\.withVisibleControls)
    node.metadataProps = metadataProps.map {
      StringStringEntryProto($0.key, $0.value.withVisibleControls)
    }
    node.attribute = attribute.map { attribute in
      var attribute = attribute
      attribute.name = attribute.name.withVisibleControls
      if attribute.hasG { attribute.g = attribute.g.withVisibleControls }
      return attribute
    }
    return node
  }
}

extension String {
  fileprivate var isDeceptive: Bool { withVisibleControls != self }
}
