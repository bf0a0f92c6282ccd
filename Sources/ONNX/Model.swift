import Files
import Memory

/// An ONNX file: the graph, and what the file says about itself.
package struct Model: Sendable {
  /// The path it was read from; external data is looked for in its folder.
  package let path: String

  /// The file's message, as it stands.
  package var proto: ModelProto

  /// The hash of the file, on its way; `nil` for what is from none.
  private let hash: Meanwhile<String>?

  /// The file, and where in it the bytes of large initializers lie, by their place among these.
  private var large: (file: ModelFile, places: [Int: Range<Int>])?

  /// Reads and decodes a file.
  ///
  /// Tensors kept in other files are not touched until `data(of:)` asks for them, large ones in this one not until
  /// `data(ofInitializer:)` does.
  package init(contentsOf path: String) throws(ONNXError) {
    let hash = Meanwhile { try Self.sha256(ofFile: path) }
    let file = try ModelFile(path)
    // What is wrong with a file is said of the whole.
    if file.bytes.count <= MemoryLimit.bytes, let hollow = try HollowModel(file),
      let proto = try? ModelProto(decodingFile: hollow.bytes, of: path)
    {
      try self.init(proto, path: path, hash)
      large = (file, hollow.places)
      return
    }
    let bytes = try file.bytes.read(0..<file.bytes.count)
    try self.init(ModelProto(decodingFile: bytes, of: path), path: path, hash)
  }

  /// Wraps a message that is already decoded or was built.
  ///
  /// - Throws: `.malformed` when there is no graph in it.
  package init(_ proto: ModelProto, path: String = "") throws(ONNXError) {
    try self.init(proto, path: path, nil)
  }

  private init(_ proto: ModelProto, path: String, _ hash: Meanwhile<String>?) throws(ONNXError) {
    guard proto.hasGraph else {
      throw .malformed(file: path, reason: "there is no graph in it. Is it another format?")
    }
    self.path = path
    self.hash = hash
    self.proto = proto.withVisibleControls
  }

  /// The main graph.
  package var graph: GraphProto { proto.graph }

  /// The version of every operator set in use, by domain; ONNX's own domain is "".
  package var operatorSets: [String: Int] {
    Dictionary(
      proto.opsetImport.map { ($0.domain == "ai.onnx" ? "" : $0.domain, Int($0.version)) },
      uniquingKeysWith: max)
  }

  /// The version of ONNX's own operator set; 1 when the file does not say.
  package var operatorSetVersion: Int { operatorSets[""] ?? 1 }

  /// Who wrote the file: name and version of the exporter.
  package var producer: String {
    [proto.producerName, proto.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The file's free text by key: `labels`, `input.mean` and the like.
  package var metadata: [String: String] { proto.metadataProps.dictionary }

  /// The inputs that a caller must supply: those that no initializer has a value for.
  package var inputs: [ValueInfoProto] {
    let constants = Set(graph.initializer.map(\.name))
    return graph.input.filter { !constants.contains($0.name) }
  }

  /// The scalars of one of the file's tensors, from wherever they stand.
  package func data(of tensor: TensorProto) throws(ONNXError) -> TensorData {
    try TensorData(tensor, of: path)
  }

  /// The scalars of one of the graph's initializers, from wherever they stand.
  package func data(ofInitializer place: Int) throws(ONNXError) -> TensorData {
    var tensor = graph.initializer[place]
    if let large, let range = large.places[place] {
      tensor.rawData = try large.file.bytes.read(range)
    }
    return try data(of: tensor)
  }

  /// The message with the bytes of all the file's tensors, but for those kept in other files.
  func whole() throws(ONNXError) -> ModelProto {
    guard let large else { return proto }
    var proto = proto
    for (place, range) in large.places {
      proto.graph.initializer[place].rawData = try large.file.bytes.read(range)
    }
    return proto
  }

  /// The SHA-256 of the file, in hexadecimal; external data is not part of it.
  ///
  /// - Returns: The digest; an empty text for a message from no file.
  package func sha256() throws -> String { try hash?.value() ?? "" }

  private static func sha256(ofFile path: String) throws(ONNXError) -> String {
    let file = try FileBytes(path)
    var hash = SHA256()
    var start = 0
    while start < file.count {
      let end = min(start + 1 << 20, file.count)
      hash.update(try file.read(start..<end))
      start = end
    }
    return hash.hexadecimal
  }
}

extension [StringStringEntryProto] {
  /// The entries as a dictionary; of equal keys the first counts.
  package var dictionary: [String: String] {
    Dictionary(map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
