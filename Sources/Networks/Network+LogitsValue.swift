import Graphs

extension Network {
  /// The value that holds an output's logits: what the final softmax is applied to, if there is one.
  ///
  /// The gradient of a probability mixes a class with all its rivals and vanishes where the network is
  /// sure, so what is explained and maximized is the logit.
  ///
  /// - Parameter output: The output's place in the graph.
  /// - Returns: The name of a value in the graph; the output itself where no softmax ends in it.
  public func logitsValue(output: Int = 0) -> String {
    let name = graph.outputs[output]
    var value = name
    while let place = makers[value], graph.nodes[place].outputs.first == value {
      let node = graph.nodes[place]
      guard let input = node.input(0) else { return name }
      let role = graph.role(of: node)
      if role == .softmax { return input }
      // Only the shape changes, or nothing, between a softmax and the output; or names are put beside.
      guard role.keepsNumbers else { return name }
      value = input
    }
    return name
  }
}
