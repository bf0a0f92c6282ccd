import Graphs
public import Tensors

extension Network {
  /// The inputs beside the picture that nothing is given for.
  public var otherInputs: [Graph.Input] { graph.inputs.filter { $0.name != input.name } }

  /// The same network with values for inputs beside the picture.
  ///
  /// - Parameters:
  ///   - values: A tensor an input, of the extents that the file declares; a single number stands for all of
  ///     them.
  ///   - words: What records say of each, where that is not the number.
  /// - Returns: The same network otherwise.
  /// - Throws: `NetworkError.unknownInput` or `.inputValue`.
  public func giving(
    _ values: [String: Tensor], as words: [String: String] = [:]
  ) throws -> Network {
    guard !values.isEmpty else { return self }
    var constants: [String: Constant] = [:]
    var network = self
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard let input = graph.inputs.first(where: { $0.name == name }) else {
        throw NetworkError.unknownInput(name, inputs: graph.inputs.map(\.name))
      }
      guard name != self.input.name else {
        throw NetworkError.inputValue(
          name, reason: "is the picture; name another as the picture first")
      }
      constants[name] = Constant(try input.filled(with: value), isInteger: input.isInteger)
      network.given[name] =
        words[name] ?? value.scalars.prefix(8).map { "\($0)" }.joined(separator: ",")
    }
    return network.binding(constants)
  }

  /// Refuses to run nodes that read an input that nothing is given for.
  ///
  /// - Throws: `NetworkError.secondInput` with the first of these.
  func requireInputs(of nodes: [Node]) throws {
    guard graph.inputs.count > 1 else { return }
    let read = Set(nodes.flatMap(\.reads))
    if let other = otherInputs.first(where: { read.contains($0.name) }) {
      throw NetworkError.secondInput(
        other.name, extents: other.inWords, picture: input.name)
    }
  }

  /// The same network for pictures, where the file takes what can be made of one: rows, signals, volumes.
  public func takingPictures() -> Network {
    guard let (graph, form, axes) = graph.takingPictures() else { return self }
    let preparation = graphPreparation ?? graph.preparation
    var network = Network(
      graph: graph, layers: layers, labels: labels,
      preprocessing: preprocessing ?? preparation?.preprocessing, metadata: metadata,
      producer: producer,
      opset: opset, path: path, sha256: sha256)
    (network.form, network.given, network.shapedAxes) = (form, given, axes)
    network.graphPreparation = preparation
    network.precision = precision
    return network
  }
}

extension Graph.Input {
  /// The extents: `any×77 whole numbers`.
  public var inWords: String {
    let extents = dimensions.map { $0.map(String.init) ?? "any" }.joined(separator: "×")
    let shape = extents.isEmpty ? "one number" : extents
    return isInteger ? "\(shape), whole numbers" : shape
  }

  /// A value of this input's extents.
  fileprivate func filled(with value: Tensor) throws -> Tensor {
    if isInteger, let part = value.scalars.first(where: { $0 != $0.rounded() }) {
      throw NetworkError.inputValue(name, reason: "is \(inWords), and \(part) is none")
    }
    if value.count == 1 {
      let shape = Shape(dimensions.map { $0 ?? 1 })
      guard
        shape.dimensions.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) < 1
          << 24
      else {
        throw NetworkError.inputValue(name, reason: "is \(inWords): too many for one number")
      }
      return Tensor(shape, repeating: value.scalars[0])
    }
    let known = dimensions.map { $0 ?? 1 }
    if value.shape.rank == 1,
      known.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) == value.count
    {
      return value.reshaped(Shape(known))
    }
    let fits =
      value.shape.rank == dimensions.count
      && zip(value.shape.dimensions, dimensions).allSatisfy { $1 == nil || $0 == $1 }
    guard fits else {
      throw NetworkError.inputValue(
        name, reason: "is \(inWords), and what is given is \(value.shape)")
    }
    return value
  }
}
