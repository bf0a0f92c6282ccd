extension NodeProto {
  /// The node in a sentence: its operator and a name by which to find it.
  package var summary: String {
    let name = self.name.isEmpty ? output.first ?? "" : self.name
    return "'\(name)' (\(domain.isEmpty ? opType : "\(domain).\(opType)"))"
  }

  /// An attribute by name, of whatever kind; nil if it is not there.
  package func attribute(_ name: String) -> AttributeProto? {
    attribute.first { $0.name == name }
  }

  /// An integer; nil if the attribute is not there.
  ///
  /// This and the accessors below throw `.attribute` when the attribute is of another kind.
  package func int(_ name: String) throws(ONNXError) -> Int? {
    try find(name, .int) { $0.hasI }.map { Int($0.i) }
  }

  /// An integer, with the operator's default.
  package func int(_ name: String, default value: Int) throws(ONNXError) -> Int {
    try int(name) ?? value
  }

  /// Integers; nil if the attribute is not there.
  package func ints(_ name: String) throws(ONNXError) -> [Int]? {
    try find(name, .ints) { !$0.ints.isEmpty }?.ints.map { Int($0) }
  }

  /// Integers, with the operator's default.
  package func ints(_ name: String, default value: [Int]) throws(ONNXError) -> [Int] {
    try ints(name) ?? value
  }

  /// A number; nil if the attribute is not there.
  package func float(_ name: String) throws(ONNXError) -> Float? {
    try find(name, .float) { $0.hasF }?.f
  }

  /// A number, with the operator's default.
  package func float(_ name: String, default value: Float) throws(ONNXError) -> Float {
    try float(name) ?? value
  }

  /// Numbers; nil if the attribute is not there.
  package func floats(_ name: String) throws(ONNXError) -> [Float]? {
    try find(name, .floats) { !$0.floats.isEmpty }?.floats
  }

  /// Text; nil if the attribute is not there.
  package func string(_ name: String) throws(ONNXError) -> String? {
    try find(name, .string) { $0.hasS }.map { String(decoding: $0.s, as: UTF8.self) }
  }

  /// Text, with the operator's default.
  package func string(_ name: String, default value: String) throws(ONNXError) -> String {
    try string(name) ?? value
  }

  /// Texts; nil if the attribute is not there.
  package func strings(_ name: String) throws(ONNXError) -> [String]? {
    try find(name, .strings) { !$0.strings.isEmpty }?.strings
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// A tensor; nil if the attribute is not there.
  package func tensor(_ name: String) throws(ONNXError) -> TensorProto? {
    try find(name, .tensor) { $0.hasT }?.t
  }

  /// A graph, the body of a branch or loop; nil if the attribute is not there.
  package func graph(_ name: String) throws(ONNXError) -> GraphProto? {
    try find(name, .graph) { $0.hasG }?.g
  }

  /// The attribute, after a check of its kind; nil if it is not there.
  ///
  /// Files of IR version 1 do not say the kind; there it is the field that is filled.
  private func find(
    _ name: String, _ kind: AttributeProto.AttributeType, isFilled: (AttributeProto) -> Bool
  ) throws(ONNXError) -> AttributeProto? {
    guard let attribute = attribute(name) else { return nil }
    guard attribute.refAttrName.isEmpty else {
      throw .attribute(
        node: summary, name: name,
        reason: "stands for '\(attribute.refAttrName)' of a function, which is not known here.")
    }
    guard attribute.type == kind || (attribute.type == .undefined && isFilled(attribute)) else {
      throw .attribute(
        node: summary, name: name,
        reason: "is of kind \(attribute.type) where \(kind) is due. Export the model again.")
    }
    return attribute
  }
}
