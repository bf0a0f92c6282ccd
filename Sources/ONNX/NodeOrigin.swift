/// Where a node comes from in its author's own code, as far as the exporter left it in the file.
package struct NodeOrigin: Sendable, Equatable {
  /// The paths of the modules around the node, outermost first: `layer3`, `layer3.0`, `layer3.0.conv1`.
  package var modules: [String] = []

  /// The modules' classes (`BasicBlock`), one for each of `modules`, or none at all.
  package var classes: [String] = []

  /// What the node does inside the innermost module (`conv2d_5`, `Relu_1`); nodes of one module with
  /// the same `operation` are parts of one operation.
  package var operation: String

  /// Whether `operation` is the author's own name for the node, to be used as it stands.
  package var isNamed = false

  /// No more module levels than this are believed; real networks have about 10.
  private static let deepest = 64

  /// Reads the traces that exporters leave.
  ///
  /// - PyTorch's new exporter: the node's `metadata_props`.
  /// - PyTorch's old exporter: node names such as `/layer3/layer3.0/conv1/Conv`.
  /// - TensorFlow and Caffe: node names such as `model/block1_conv1/Relu`.
  /// - Others: the name of the node or of its output, as it stands.
  package init(_ node: NodeProto) {
    if let origin = Self.fromMetadata(node.metadataProps.dictionary) {
      self = origin
      return
    }
    let text = node.name.isEmpty ? node.output.first ?? "" : node.name
    var parts = text.split(separator: "/").prefix(Self.deepest).map(String.init)
    guard parts.count > 1 || text.hasPrefix("/") else {
      operation = text
      isNamed = !text.isEmpty
      return
    }
    if text.hasPrefix("/") {
      operation = parts.popLast() ?? node.opType
      modules = Self.paths(repeating: parts)
    } else {
      parts.removeAll { $0 == "StatefulPartitionedCall" || $0 == "PartitionedCall" }
      operation = Self.withoutRewriteMarks(parts.popLast() ?? node.opType)
      modules = parts.indices.map { parts[...$0].joined(separator: ".") }
    }
  }

  /// Reads what PyTorch's new exporter writes.
  ///
  /// Scopes such as `['', 'layer3', 'layer3.0', 'layer3.0.conv1', 'conv2d_5']`: full paths, then the
  /// operation. A second call of a module may be marked `relu@1`.
  private static func fromMetadata(_ metadata: [String: String]) -> NodeOrigin? {
    guard let text = metadata["pkg.torch.onnx.name_scopes"] else { return nil }
    let scopes = pythonStrings(text)
    guard let operation = scopes.last else { return nil }
    let classes = metadata["pkg.torch.onnx.class_hierarchy"].map(pythonStrings) ?? []
    var origin = NodeOrigin(operation: operation)
    for (i, scope) in scopes.dropLast().enumerated().prefix(deepest) where !scope.isEmpty {
      origin.modules.append(scope.replacing("@", with: "_"))
      guard classes.count == scopes.count else { continue }
      origin.classes.append(classes[i].split(separator: ".").last.map(String.init) ?? "")
    }
    return origin
  }

  private init(operation: String) {
    self.operation = operation
  }

  /// Joins components of which some repeat the one before: after `features`, the component
  /// `features.0` stands for `0` inside it.
  private static func paths(repeating components: [String]) -> [String] {
    var paths: [String] = []
    var (outer, previous) = ("", "")
    for component in components {
      if previous.isEmpty || !component.hasPrefix(previous + ".") {
        outer = paths.last.map { $0 + "." } ?? ""
      }
      paths.append(outer + component)
      previous = component
    }
    return paths
  }

  /// Takes off what tf2onnx adds to names when it rewrites nodes: `Conv2D__6`, `Relu:0`.
  private static func withoutRewriteMarks(_ name: String) -> String {
    let name = name.prefix { $0 != ":" }
    guard let mark = name.lastRange(of: "__"), name[mark.upperBound...].allSatisfy(\.isNumber)
    else { return String(name) }
    return String(name[..<mark.lowerBound])
  }
}

extension Substring {
  fileprivate func lastRange(of text: String) -> Range<Index>? {
    ranges(of: text).last
  }
}

/// The elements of a Python list of strings, written as Python prints it.
func pythonStrings(_ text: String) -> [String] {
  var strings: [String] = []
  var current = ""
  var quote: Character?
  var isEscaped = false
  for character in text {
    guard let end = quote else {
      if character == "'" || character == "\"" { quote = character }
      continue
    }
    if isEscaped || (character != "\\" && character != end) {
      current.append(character)
      isEscaped = false
    } else if character == end {
      strings.append(current)
      (current, quote) = ("", nil)
    } else {
      isEscaped = true
    }
  }
  return strings
}
