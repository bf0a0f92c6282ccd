import Blocks
import Files
public import Graphs
package import ONNX
public import Tensors

/// A trained network, read from an ONNX file: immutable, to be shared between tasks.
public struct Network: Sendable {
  /// A value of the network that has a name a person knows.
  public struct Layer: Sendable, Hashable {
    /// The name: the module's path in the user's own code, where the exporter left it.
    public let name: String
    /// The value in the graph.
    public let value: String
    /// The operator that makes it.
    public let type: String
  }

  /// The operations.
  public internal(set) var graph: Graph {
    didSet { (makers, neededNodes) = (graph.makers, graph.needed(for: graph.outputs)) }
  }
  /// The nodes that the results need, in order.
  private(set) var neededNodes: [Node]
  /// The node that makes each value, by its place.
  package private(set) var makers: [String: Int]
  /// The values of the layers, by their names.
  let layerValues: [String: String]
  /// The axis that each value's channels lie along, where the graph tells it.
  let channelAxes: [String: ChannelAxis]
  /// Whether the file has its pictures as N×H×W×C; `input` and all that is fed are N×C×H×W in any case.
  public let isChannelsLast: Bool
  /// What the file takes as its picture; `input` and all that is fed are N×C×H×W where it can be one.
  public internal(set) var form = InputForm.picture
  /// How the file has its input, where that is no picture N×C×H×W or N×H×W×C.
  var shapedAxes: InputAxes?
  /// What was given for inputs beside the picture, by their names.
  public internal(set) var given: [String: String] = [:]
  /// Who says what is known beside the file itself: a file's path by a key of the metadata, such as `labels`.
  public internal(set) var sources: [String: String] = [:]
  /// What lies around the file and is not believed, each with the reason.
  public internal(set) var doubts: [String] = []
  /// Every layer that can be named, in the order in which they run.
  public let layers: [Layer]
  /// What the units of the last layer stand for; empty if the file does not say.
  public internal(set) var labels: [String] {
    didSet { (labelIndex, ending) = (LabelIndex(labels), Ending()) }
  }
  /// What the labels are looked up by.
  private(set) var labelIndex: LabelIndex
  /// What is guessed of what it ends in.
  private(set) var ending = Ending()
  /// What the graph itself says about its pictures; `nil` if nothing, or where nobody has looked.
  var graphPreparation: GraphPreparation?
  /// What the file says about the pictures that it expects; `nil` if nothing.
  public internal(set) var preprocessing: Preprocessing?
  /// The file's metadata, and what was said over it.
  public internal(set) var metadata: [String: String] {
    didSet { ending = Ending() }
  }
  /// What the factors of its convolutions and products with weights are rounded to.
  public internal(set) var precision = Precision.float32
  /// Who wrote the file.
  public let producer: String
  /// The version of ONNX's operator set that it uses.
  public let opset: Int
  /// The file.
  public let path: String
  /// The SHA-256 of the file, hexadecimal.
  public let sha256: String

  /// Gathers what is known of a network; an input that the graph has as N×H×W×C is turned.
  init(
    graph original: Graph, layers: [Layer], labels: [String], preprocessing: Preprocessing?,
    metadata: [String: String], producer: String, opset: Int, path: String, sha256: String
  ) {
    let graph = original.turningInput()
    self.graph = graph ?? original
    isChannelsLast = graph != nil
    channelAxes = self.graph.channelAxes()
    makers = self.graph.makers
    neededNodes = self.graph.needed(for: self.graph.outputs)
    self.layers = layers
    layerValues = Self.values(of: layers, in: self.graph)
    self.labels = labels.map(\.withVisibleControls)
    labelIndex = LabelIndex(self.labels)
    self.preprocessing = preprocessing
    self.metadata = metadata
    self.producer = producer
    self.opset = opset
    self.path = path
    self.sha256 = sha256
  }

  /// Reads a network from an ONNX file.
  ///
  /// Labels of the file's own of which there are more or fewer than classes are left out: `doubts` says so.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - picture: The name of the input that is the picture; nil: the first with four extents, or the first.
  /// - Throws: `ONNXError`, `NetworkError` or `MetadataError`, saying what is wrong with the file.
  public init(contentsOf path: String, picture: String? = nil) throws {
    let (network, doubt) = try Self.unchecked(contentsOf: path, picture: picture).fittingLabels()
    self = network
    doubts = doubt.map { [$0] } ?? []
  }

  /// The same with whatever labels the file has.
  package static func unchecked(contentsOf path: String, picture: String?) throws -> Network {
    try Network(try Model(contentsOf: path), picture: picture)
  }

  /// From how many nodes on another thread is worth being woken.
  static let largeCount = 1000

  /// Takes a network from a file that is already decoded.
  package init(_ model: Model, picture: String? = nil) throws {
    let isLarge = model.graph.node.count >= Self.largeCount
    let names = Meanwhile(if: isLarge) { model.graph.namedOutputs }
    var graph = try Graph(model).recognized()
    graph.picture = picture
    guard !graph.inputs.isEmpty else {
      throw NetworkError.invalidModel("\(model.path): the network has no input")
    }
    guard !graph.outputs.isEmpty else {
      throw NetworkError.invalidModel("\(model.path): the network has no output")
    }
    let given = Set(graph.inputs.map(\.name)).union(graph.constants.keys)
    if let missing = graph.outputs.first, case let makers = graph.makers,
      graph.outputs.allSatisfy({ makers[$0] == nil && !given.contains($0) })
    {
      throw NetworkError.invalidModel(
        "\(model.path): nothing in the graph makes its result '\(missing)'. Export the model again."
      )
    }
    if let picture, !graph.inputs.contains(where: { $0.name == picture }) {
      throw NetworkError.unknownInput(picture, inputs: graph.inputs.map(\.name))
    }
    let made = Set(graph.needed(for: graph.outputs).flatMap(\.outputs))
    let results = Set(graph.outputs)
    let layers = try names.value().filter { made.contains($0.value) }.map { named in
      // A result keeps its name to itself; a layer of that name that makes another value goes by the value's.
      let isTaken = results.contains(named.name) && named.name != named.value
      return Layer(
        name: isTaken ? named.value : named.name, value: named.value, type: named.operator)
    }
    let preparation = graph.preparation
    let preprocessing: Preprocessing?
    do {
      preprocessing = try Self.preprocessing(in: model.metadata, over: preparation?.preprocessing)
    } catch {
      throw error.of(model.path)
    }
    self.init(
      graph: graph, layers: layers, labels: Self.labels(in: model.metadata),
      preprocessing: preprocessing, metadata: model.metadata,
      producer: model.producer, opset: model.operatorSetVersion, path: model.path,
      sha256: try model.sha256())
    graphPreparation = preparation
    do {
      try preprocessing?.check(channels: inputChannels)
    } catch {
      throw error.of(model.path)
    }
  }

  /// The input that is a picture: the one that was said to be, else the first with four extents, or the first.
  public var input: Graph.Input { graph.inputs[graph.picturePlace] }

  /// The number of channels of the pictures that go in, if the file says it.
  public var inputChannels: Int? { input.dimensions.count == 4 ? input.dimensions[1] : nil }

  /// Height and width that the file declares for its input; `nil` where it leaves them open.
  ///
  /// Most graphs take others all the same.
  public var fixedSize: (height: Int?, width: Int?) {
    input.dimensions.count == 4 ? (input.dimensions[2], input.dimensions[3]) : (nil, nil)
  }

  /// The value that a layer's name stands for.
  ///
  /// - Throws: `NetworkError.unknownLayer` with the most similar names.
  public func value(ofLayer name: String) throws -> String {
    if let value = layerValues[name] { return value }
    return try value(named: name)
  }

  /// The value of the graph with a name.
  ///
  /// - Throws: `NetworkError.unknownLayer` with the most similar names of layers.
  func value(named name: String) throws -> String {
    if !name.isEmpty, makers[name] != nil || graph.outputs.contains(name) { return name }
    throw NetworkError.unknownLayer(name, candidates: nearest(to: name, in: layers.map(\.name)))
  }
}
