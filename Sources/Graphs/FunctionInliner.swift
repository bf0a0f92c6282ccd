import Blocks
package import ONNX

/// Puts the bodies of a model's own functions in place of the nodes that call them.
package struct FunctionInliner {
  /// The most functions that may call each other in a row; exporters write a few.
  private static let deepest = 100
  /// The most nodes that a model may unfold into, and for each that it has; functions that call functions grow fast.
  private static let (freeNodes, nodesPerNode) = (50_000, 20)
  /// The most bytes of names that they may get, which grow with every call, for each of those nodes.
  private static let bytesPerNode = 500

  private var functions: [String: FunctionProto] = [:]
  private let largestCount: Int
  private var count = 0
  private var nameBytes = 0

  package init(_ model: ModelProto) {
    let written = model.graph.node.count + model.functions.reduce(0) { $0 + $1.node.count }
    largestCount = Self.freeNodes + Self.nodesPerNode * written
    for function in model.functions {
      functions[Self.key(function.domain, function.name, function.overload)] = function
    }
  }

  private static func key(_ domain: String, _ name: String, _ overload: String) -> String {
    "\(domain == "ai.onnx" ? "" : domain)/\(name)/\(overload)"
  }

  /// A node together with the operator sets that it is written in.
  typealias Versioned = (node: NodeProto, operatorSets: [String: Int])

  /// The nodes with every call replaced.
  ///
  /// - Throws: `NetworkError.invalidModel` where functions call each other without end.
  mutating func inlined(
    _ nodes: [NodeProto], operatorSets: [String: Int], within callers: [String] = []
  ) throws -> [Versioned] {
    var result: [Versioned] = []
    for node in nodes {
      count += 1
      guard count <= largestCount, nameBytes <= Self.bytesPerNode * largestCount else {
        throw NetworkError.invalidModel("its functions unfold into over \(largestCount) nodes")
      }
      let key = Self.key(node.domain, node.opType, node.overload)
      guard let function = functions[key] else {
        result.append((node, operatorSets))
        continue
      }
      guard !callers.contains(key) else {
        throw NetworkError.invalidModel("the function '\(function.name)' calls itself")
      }
      guard callers.count < Self.deepest else {
        throw NetworkError.invalidModel(
          "its functions call each other over \(Self.deepest) deep, which no exporter writes")
      }
      var ownSets = operatorSets
      for set in function.opsetImport {
        ownSets[set.domain == "ai.onnx" ? "" : set.domain] = Int(set.version)
      }
      result += try inlined(
        body(of: function, for: node), operatorSets: ownSets, within: callers + [key])
    }
    return result
  }

  /// A function's nodes with the caller's values, attributes and names in place of its own.
  private mutating func body(of function: FunctionProto, for call: NodeProto) -> [NodeProto] {
    // Two calls may have one name, but no two results have.
    let prefix = call.output.first { !$0.isEmpty } ?? call.name
    let name = call.name.isEmpty ? prefix : call.name
    var values: [String: String] = ["": ""]
    for (i, name) in function.input.enumerated() {
      values[name] = i < call.input.count ? call.input[i] : ""
    }
    for (name, outer) in zip(function.output, call.output) where !outer.isEmpty {
      values[name] = outer
    }
    let defaults = function.attributeProto.map { ($0.name, $0) }
    let given = Dictionary(
      defaults + call.attribute.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    let inner = function.node.reduce(0) { $0 + 1 + $1.input.count + $1.output.count }
    nameBytes += (prefix.utf8.count + name.utf8.count) * inner
    return function.node.map { node in
      var node = node
      node.name = "\(name)/\(node.name)"
      node.input = node.input.map { values[$0] ?? "\(prefix)/\($0)" }
      node.output = node.output.map { values[$0] ?? "\(prefix)/\($0)" }
      node.attribute = node.attribute.compactMap { attribute in
        guard !attribute.refAttrName.isEmpty else { return attribute }
        // What the caller leaves out is left out within, too.
        var value = given[attribute.refAttrName]
        value?.name = attribute.name
        return value
      }
      for i in node.attribute.indices where node.attribute[i].hasG {
        node.attribute[i].g = renamed(node.attribute[i].g) { values[$0] ?? "\(prefix)/\($0)" }
      }
      return node
    }
  }

  /// A branch with the caller's names for what it reads of the function around it.
  private func renamed(_ graph: GraphProto, _ name: @escaping (String) -> String) -> GraphProto {
    let own = Set(
      graph.initializer.map(\.name) + graph.input.map(\.name) + graph.node.flatMap(\.output))
    let outer = { (value: String) in own.contains(value) ? value : name(value) }
    var graph = graph
    for i in graph.node.indices {
      graph.node[i].input = graph.node[i].input.map(outer)
      for j in graph.node[i].attribute.indices where graph.node[i].attribute[j].hasG {
        graph.node[i].attribute[j].g = renamed(graph.node[i].attribute[j].g, outer)
      }
    }
    for i in graph.output.indices { graph.output[i].name = outer(graph.output[i].name) }
    return graph
  }
}
