import Graphs

extension Network {
  /// The values that layers' names stand for, and the other name of convolutions that an exporter folded a
  /// normalization into.
  ///
  /// PyTorch's exporter keeps the normalization's name, `bn1`, and the convolution's on its weights,
  /// `conv1.weight`; TorchScript's keeps the convolution's and leaves the weights without one: then `bn1` is what
  /// `conv1` has become, and `features.1` what `features.0` has, where nothing else is called so.
  static func values(of layers: [Layer], in graph: Graph) -> [String: String] {
    var values = Dictionary(
      layers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    var names: [String: [String]] = [:]
    for layer in layers where layer.type == "Conv" {
      names[layer.value, default: []].append(layer.name)
    }
    for node in graph.nodes where node.type == "Conv" {
      guard let value = node.outputs.first, let weights = node.input(1),
        // Of a block that ends in the convolution and the convolution, the longest is its own.
        let name = names[value]?.max(by: { $0.count < $1.count })
      else { continue }
      for other in otherNames(of: name, weights: weights) where values[other] == nil {
        values[other] = value
      }
    }
    return values
  }

  private static func otherNames(of name: String, weights: String) -> [String] {
    if weights.hasSuffix(".weight") { return [String(weights.dropLast(".weight".count))] }
    guard weights.hasPrefix("onnx::Conv_") else { return [] }
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let last = parts.popLast() else { return [] }
    var others: [String] = []
    if let number = Int(last), (0..<1 << 20).contains(number) {
      others = ["\(number + 1)"]
    } else if last.contains("conv") {
      others = ["bn", "norm"].map { last.replacing("conv", with: $0) }
    }
    return others.map { (parts + [$0]).joined(separator: ".") }
  }
}
