import Blocks
public import Tensors

/// One operation of a graph, by its ONNX operator type.
public struct Node: Sendable {
  /// The ONNX operator type, `Conv` for example.
  public var type: String
  /// The node's own name, unique in its graph.
  public var name: String
  /// The values read; an empty name stands for an optional input left out.
  public var inputs: [String]
  /// The values written.
  public var outputs: [String]
  /// The attributes by name.
  public var attributes: [String: Attribute]
  /// The version of the operator set that the node was written for.
  public var opset: Int
  /// The branches that it stands in, the outermost first.
  package var conditions: [Condition] = []
  /// What it runs again and again, if it does; what that reads of the outside stands behind the node's own inputs.
  package var body: Body?

  /// Creates a node.
  public init(
    _ type: String, name: String = "", inputs: [String], outputs: [String],
    attributes: [String: Attribute] = [:], opset: Int = 18
  ) {
    self.type = type
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.opset = opset
  }
}

/// The value of a node's attribute.
public enum Attribute: Sendable {
  case int(Int)
  case ints([Int])
  case float(Float)
  case floats([Float])
  case string(String)
  case strings([String])
  case constant(Constant)
  /// A kind that no operator here reads, such as a subgraph; the text names it.
  case other(String)
}

/// A tensor known before the network runs, with what arithmetic on it means.
public struct Constant: Sendable {
  private enum Source: Sendable {
    case tensor(Tensor)
    /// Numbers of two bytes or fewer, which take more as floats.
    case packed(PackedTensor)
  }

  private var source: Source
  /// The element type.
  package var type: ElementType

  /// Creates a constant of floats or integers.
  public init(_ tensor: Tensor, isInteger: Bool = false) {
    self.init(tensor, of: isInteger ? .int64 : .float)
  }

  /// Creates a constant of an element type.
  package init(_ tensor: Tensor, of type: ElementType) {
    (source, self.type) = (.tensor(tensor), type)
  }

  /// Creates a constant that is unpacked when its values are asked for.
  init(_ packed: PackedTensor, of type: ElementType) {
    (source, self.type) = (.packed(packed), type)
  }

  /// The values; integers are held as floats, exact up to 2²⁴, saturated beyond.
  ///
  /// What only its shape is wanted of is not to be asked for them: large tensors of short numbers become floats then, and stay so.
  public var tensor: Tensor {
    get {
      switch source {
      case .tensor(let tensor): tensor
      case .packed(let packed): packed.tensor
      }
    }
    set { source = .tensor(newValue) }
  }

  /// The extents.
  public var shape: Shape {
    switch source {
    case .tensor(let tensor): tensor.shape
    case .packed(let packed): packed.shape
    }
  }

  /// Creates a constant whose numbers are made when they are asked for.
  init(
    _ shape: Shape, of type: ElementType, by make: @escaping @Sendable () -> Tensor
  ) {
    self.init(PackedTensor(shape, by: make), of: type)
  }

  /// The same, which keeps what it unpacks to itself.
  var apart: Constant {
    guard case .packed(let packed) = source else { return self }
    return Constant(packed.apart, of: type)
  }

  /// Whether its numbers have not been made yet.
  package var isPacked: Bool {
    if case .packed(let packed) = source { packed.isPacked } else { false }
  }

  /// Floats that its numbers take in a plan, which unpacks them for itself; 0 where they are floats in the file.
  package var unpackedCount: Int { if case .packed = source { count } else { 0 } }

  /// Zeros in place of numbers that have not been made: enough where only shapes are wanted.
  var standIn: Constant {
    isPacked ? Constant(shape, of: type) { [shape] in Tensor(shape) } : self
  }

  /// The number of scalars.
  public var count: Int { shape.count }

  /// Whether the element type is an integer (or Boolean), so that division truncates.
  public var isInteger: Bool { type.isInteger }

  /// The numbers that the element type can hold, where they are few: those of Booleans and of short kinds.
  public var range: ClosedRange<Float>? { type.range }

  /// The values as integers, rounded towards zero and saturated.
  public var integers: [Int] {
    tensor.scalars.map { $0.isNaN ? 0 : Int(max(-0x1p62, min(0x1p62, $0))) }
  }
}

extension Node {
  package func int(_ name: String, default value: Int) -> Int {
    if case .int(let value)? = attributes[name] { value } else { value }
  }

  package func ints(_ name: String) -> [Int]? {
    if case .ints(let value)? = attributes[name] { value } else { nil }
  }

  package func float(_ name: String, default value: Float) -> Float {
    if case .float(let value)? = attributes[name] { value } else { value }
  }

  func string(_ name: String, default value: String) -> String {
    if case .string(let value)? = attributes[name] { value } else { value }
  }

  /// The input at a position, or `nil` where it is left out.
  package func input(_ position: Int) -> String? {
    position < inputs.count && !inputs[position].isEmpty ? inputs[position] : nil
  }
}

extension Node {
  /// Every value that it needs: its inputs, and the conditions that it runs under.
  package var reads: [String] { inputs + conditions.map(\.value) }

  /// The operator and the node's name, for messages.
  package var title: String {
    name.isEmpty ? "\(type) → \(outputs.first ?? "")" : "\(type) '\(name)'"
  }
}
