import Foundation
import Graphs
import Networks
import ONNX
import Tensors

/// Changes a model where a change means something: operators, attributes, wires, shapes, weights.
///
/// Flipped bytes hardly ever leave a message that can be decoded, and so never reach the operators.
struct ModelMutator {
  private var graph: PiecewiseGraph
  /// What the model says besides its graph.
  private var rest: WireFields
  private var random: SplitMix64

  /// Extents, axes and sizes: small ones that may fit, and those that have broken programs before.
  private static let integers: [Int64] = [
    0, 1, 2, 3, 4, 5, 8, 16, 17, -1, -2, -3, -4, 1 << 20, 1 << 31, 1 << 40, 1 << 62, .max, .min,
    .min + 1,
  ]
  private static let numbers: [Float] = [
    0, 1, -1, 0.5, -2.5, 3, 1e-30, 1e30, 0x1p31, 0x1p63, -0x1p63, .infinity, -.infinity, .nan,
  ]
  private static let types = (["If"] + Operator.table.keys + Node.structural).sorted()
  private static let texts = [
    "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", "constant", "edge", "reflect", "wrap", "linear",
    "cubic", "nearest", "asymmetric", "align_corners", "half_pixel", "tf_crop_and_resize", "floor",
    "bilinear", "bicubic", "zeros", "border", "reflection", "DCR", "CRD", "tanh", "none", "add",
    "mul", "max", "ij,jk->ik", "...ii->...i", "bij,bjk", "ab->ba",
  ]
  private static let names = [
    "axis", "axes", "keepdims", "kernel_shape", "strides", "dilations", "pads", "group", "auto_pad",
    "ceil_mode", "count_include_pad", "output_padding", "output_shape", "storage_order", "perm",
    "shape", "allowzero", "to", "value", "alpha", "beta", "epsilon", "size", "mode", "p", "k",
    "largest", "sorted", "blocksize", "split", "num_outputs", "starts", "ends", "steps", "scales",
    "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside", "antialias",
    "nearest_mode", "keep_aspect_ratio_policy", "align_corners", "padding_mode", "equation",
    "transA", "transB", "num_heads", "q_num_heads", "kv_num_heads", "is_causal", "scale", "start",
    "end", "upper", "exclusive", "reverse", "batch_dims", "reduction", "dtype", "block_size",
    "select_last_index", "noop_with_empty_axes", "broadcast", "min", "max", "stash_type",
    "num_groups", "fmod", "approximate", "training_mode", "spatial_scale", "sampling_ratio",
    "output_height", "output_width", "activation", "activations", "batch_axis", "center_point_box",
    "channels_last", "clip", "detect_negative", "detect_positive", "direction", "directions",
    "do_rotary", "extrapolation_value", "gamma", "hidden_size", "input_forget", "interleaved",
    "inverse", "lambd", "layout", "left_window_size", "linear_before_reset", "momentum", "new_axis",
    "num_scan_inputs", "offset_group", "onesided", "output_datatype", "output_dtype", "paddings",
    "periodic", "qk_matmul_output_mode", "qkv_hidden_sizes", "right_window_size",
    "rotary_embedding_dim", "round_mode", "saturate", "scan_input_axes", "scan_input_directions",
    "scan_output_axes", "scan_output_directions", "softcap", "time_axis", "transBatchA",
    "transBatchB", "unidirectional", "update_rule",
  ]
  /// What models say besides the operations: keys, and what the program makes of their values.
  private static let facts = [
    "labels", "input.color", "input.range", "input.mean", "input.std", "input.size",
    "pkg.torch.onnx.name_scopes", "pkg.torch.onnx.class_hierarchy", "location", "offset", "length",
  ]
  private static let claims = [
    "", "0", "4", "16", "-1", "9223372036854775807", "1e999", "nan", "cat,dog", "BGR", "gray",
    "0,255", "0.5,0.5,0.5", "9,7", "['', 'layer3', 'layer3.0', 'layer3.0.conv1', 'conv2d_5']",
    "['a', '",
    "/layer3/layer3.0/conv1/Conv", "model/block_1/Conv2D__6:0", "////", "a@1", "\u{0}",
    "Exercise.swift", "../Fuzzing/Exercise.swift", "/etc/passwd", "Corpus", ".", "..",
  ]

  // The numbers of a model's fields.
  private static let (graphNumber, setNumber, factNumber, functionNumber) = (7, 8, 14, 25)

  /// A mutator of a model; `nil` where the bytes are none.
  init?(_ bytes: Data, seed: CUnsignedInt) {
    guard var model = WireFields(Array(bytes)[...]) else { return nil }
    // A message in several pieces is what these are joined.
    let pieces = model.contents(of: Self.graphNumber)
    guard !pieces.isEmpty, let graph = PiecewiseGraph(pieces.reduce([], +)) else { return nil }
    model.fields.removeAll { $0.number == Self.graphNumber }
    (self.graph, rest) = (graph, model)
    random = SplitMix64(seed: UInt64(seed))
  }

  /// Makes one to four changes and writes the model.
  ///
  /// - Returns: The number of bytes; `nil` where they do not fit.
  mutating func write(to data: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int? {
    for _ in 0...draw(4) { mutate() }
    var model = rest
    model.append(graph.bytes, as: Self.graphNumber)
    let bytes = model.bytes
    guard bytes.count <= capacity else { return nil }
    data.update(from: bytes, count: bytes.count)
    return bytes.count
  }

  /// Appends the nodes and constants of another model, some of them fed from this one's values.
  mutating func append(_ other: ModelMutator) {
    let values = graph.results
    for node in other.graph.nodes {
      guard var fields = WireFields(node) else { continue }
      for i in fields.fields.indices where fields.fields[i].number <= 2 {
        let isInput = fields.fields[i].number == 1
        if isInput, draw(3) == 0 {
          guard let value = values.randomElement(using: &random) else { continue }
          fields.fields[i].bytes = Array(value.utf8)[...]
        } else if isInput || !fields.fields[i].bytes.isEmpty {
          fields.fields[i].bytes.append(Self.mark)
        }
      }
      graph.nodes.append(fields.bytes[...])
    }
    graph.constants += other.graph.constants.map { Self.marked($0, nameNumber: 8) }
    graph.outputs = other.graph.outputs.map { Self.marked($0, nameNumber: 1) } + graph.outputs
    for function in other.rest.contents(of: Self.functionNumber) {
      rest.append(Array(function), as: Self.functionNumber)
    }
  }

  /// What tells names of one model from those of another.
  private static let mark = UInt8(ascii: "'")

  /// A message whose name has the mark.
  private static func marked(
    _ message: ArraySlice<UInt8>, nameNumber: Int
  ) -> ArraySlice<UInt8> {
    guard var fields = WireFields(message) else { return message }
    for i in fields.fields.indices where fields.fields[i].number == nameNumber {
      fields.fields[i].bytes.append(mark)
    }
    return fields.bytes[...]
  }

  // MARK: One change

  private mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func one<T>(of values: [T]) -> T { values[draw(values.count)] }

  /// Changes one of some messages, drawn at random.
  ///
  /// - Returns: Whether there is one that can be read.
  private mutating func change<Message: Piece>(
    _ pieces: WritableKeyPath<PiecewiseGraph, [ArraySlice<UInt8>]>, _ type: Message.Type,
    _ body: (inout Self, inout Message) -> Void
  ) -> Bool {
    let indices = graph[keyPath: pieces].indices
    guard let i = indices.randomElement(using: &random),
      var message = Message(graph[keyPath: pieces][i])
    else { return false }
    body(&self, &message)
    graph[keyPath: pieces][i] = message.bytes[...]
    return true
  }

  private mutating func mutate() {
    switch draw(17) {
    case 0..<9: mutateNode()
    case 16: mutateFact()
    case 9..<12: mutateInitializer()
    case 12: mutateInput()
    case 13: mutateOutput()
    case 14: mutateOrder()
    default: mutateSet()
    }
  }

  /// Changes the version of the first set of operators.
  private mutating func mutateSet() {
    let place = rest.fields.firstIndex { $0.hasLength && $0.number == Self.setNumber }
    guard let place, var set = OperatorSetIdProto(rest.fields[place].bytes) else { return }
    set.version = Int64(draw(10) == 0 ? -1 : 1 + draw(25))
    rest.fields[place].bytes = set.bytes[...]
  }

  private mutating func mutateNode() {
    _ = change(\.nodes, NodeProto.self) { mutator, node in
      if mutator.draw(2) == 0, mutator.mutateBody(of: &node) { return }
      mutator.mutate(&node)
    }
  }

  private mutating func mutate(_ node: inout NodeProto) {
    switch draw(8) {
    case 0: setType(of: &node)
    case 1, 2, 3: mutateAttribute(of: &node)
    case 4, 5: mutateInputs(of: &node)
    case 6: node.output.append("extra\(draw(3))")
    default:
      if let last = node.output.indices.last, draw(2) == 0 {
        node.output.remove(at: last)
      } else if !node.output.isEmpty {
        node.output[draw(node.output.count)] = value()
      }
    }
  }

  /// Makes a change within a graph that a node runs: a branch, or the body of a loop.
  ///
  /// - Returns: Whether it has one.
  private mutating func mutateBody(of node: inout NodeProto) -> Bool {
    let graphs = node.attribute.indices.filter { node.attribute[$0].hasG }
    guard let i = graphs.randomElement(using: &random),
      let body = PiecewiseGraph(node.attribute[i].g.bytes[...])
    else { return false }
    let whole = graph
    graph = body
    mutate()
    if let changed = GraphProto(graph.bytes) { node.attribute[i].g = changed }
    graph = whole
    return true
  }

  private mutating func setType(of node: inout NodeProto) {
    let type = one(of: Self.types)
    let parts = type.split(separator: ".")
    node.opType = parts.last.map(String.init) ?? type
    node.domain = parts.dropLast().joined(separator: ".")
  }

  private mutating func mutateInputs(of node: inout NodeProto) {
    let place = draw(node.input.count + 1)
    switch draw(4) {
    case 0: node.input.insert(value(), at: place)
    case 1: if place < node.input.count { node.input.remove(at: place) }
    default: if place < node.input.count { node.input[place] = value() }
    }
  }

  /// The name of a value of the graph, that of none, or "".
  private mutating func value() -> String {
    draw(12) == 0
      ? one(of: ["", "nothing"]) : graph.values.randomElement(using: &random) ?? ""
  }

  private mutating func mutateAttribute(of node: inout NodeProto) {
    if let i = node.attribute.indices.randomElement(using: &random), draw(4) > 0 {
      switch draw(6) {
      case 0: node.attribute.remove(at: i)
      case 1: node.attribute[i] = attribute(one(of: Self.names))
      default: mutateValue(of: &node.attribute[i])
      }
    } else {
      node.attribute.append(attribute(one(of: Self.names)))
    }
  }

  private mutating func attribute(_ name: String) -> AttributeProto {
    switch draw(8) {
    case 0: AttributeProto(name, one(of: Self.numbers))
    case 1: AttributeProto(name, one(of: Self.texts))
    case 2: AttributeProto(name, TensorData(dims: [1], integers: [one(of: Self.integers)]))
    case 3, 4, 5: AttributeProto(name, (0...draw(4)).map { _ in Int(one(of: Self.integers)) })
    default: AttributeProto(name, Int(one(of: Self.integers)))
    }
  }

  private mutating func mutateValue(of attribute: inout AttributeProto) {
    switch attribute.type {
    case .int: attribute.i = one(of: Self.integers)
    case .float: attribute.f = one(of: Self.numbers)
    case .string: attribute.s = Data(one(of: Self.texts).utf8)
    case .tensor: mutate(&attribute.t)
    case .ints:
      let place = draw(attribute.ints.count + 1)
      switch draw(4) {
      case 0: attribute.ints.insert(one(of: Self.integers), at: place)
      case 1: if place < attribute.ints.count { attribute.ints.remove(at: place) }
      default: if place < attribute.ints.count { attribute.ints[place] = one(of: Self.integers) }
      }
    case .floats:
      if let i = attribute.floats.indices.randomElement(using: &random) {
        attribute.floats[i] = one(of: Self.numbers)
      }
    default: attribute = self.attribute(attribute.name)
    }
  }

  private mutating func mutateInitializer() {
    if graph.constants.isEmpty {
      let one = TensorProto(TensorData(dims: [1], floats: [1], name: value()))
      return graph.constants.append(one.bytes[...])
    }
    _ = change(\.constants, TensorProto.self) { mutator, tensor in
      if mutator.draw(12) == 0 { tensor.name = mutator.value() }
      mutator.mutate(&tensor)
    }
  }

  /// Changes a tensor's shape, kind or scalars; mostly so that shape and scalars still agree.
  private mutating func mutate(_ tensor: inout TensorProto) {
    if draw(12) == 0 { tensor.dataType = Int32(draw(25)) }
    if draw(12) == 0, let i = tensor.dims.indices.randomElement(using: &random) {
      tensor.dims[i] = one(of: Self.integers)
    }
    guard var data = try? TensorData(tensor), data.count < 4096 else { return }
    if draw(2) == 0 {
      switch draw(4) {
      case 0: data.dims.insert(1, at: draw(data.dims.count + 1))
      case 1: data.dims.reverse()
      case 2: data.dims = [data.count]
      default:
        if let i = data.dims.indices.randomElement(using: &random) { data.dims[i] = draw(6) }
      }
    }
    let count = data.dims.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard 0..<4096 ~= count else { return }
    let place = draw(max(1, count))
    switch data.scalars {
    case .floats(let old):
      var new = (0..<count).map { old.isEmpty ? 1 : old[$0 % old.count] }
      if count > 0, draw(2) == 0 { new[place] = one(of: Self.numbers) }
      data.scalars = .floats(new)
    case .integers(let old):
      var new = (0..<count).map { old.isEmpty ? 1 : old[$0 % old.count] }
      if count > 0, draw(2) == 0 { new[place] = one(of: Self.integers) }
      data.scalars = .integers(new)
    case .packed, .strings: return
    }
    tensor = TensorProto(data)
  }

  /// Changes what the model says of itself or of a node, a node's name, or where a tensor's scalars are.
  private mutating func mutateFact() {
    let fact = StringStringEntryProto(one(of: Self.facts), one(of: Self.claims))
    let isSaid =
      switch draw(4) {
      case 0: change(\.nodes, NodeProto.self) { $1.name = $0.one(of: Self.claims) }
      case 1: change(\.nodes, NodeProto.self) { $1.metadataProps.append(fact) }
      case 2:
        change(\.constants, TensorProto.self) {
          $1.dataLocation = .external
          $1.externalData.append(fact)
        }
      default: false
      }
    if !isSaid { rest.append(fact.bytes, as: Self.factNumber) }
  }

  private mutating func mutateInput() {
    if graph.inputs.isEmpty {
      return graph.inputs.append(ValueInfoProto(value(), [1, 3, 8, 8]).bytes[...])
    }
    _ = change(\.inputs, ValueInfoProto.self) { $0.mutate(&$1) }
  }

  private mutating func mutate(_ input: inout ValueInfoProto) {
    var dims = (input.dims ?? []).map { $0 ?? -1 }
    let place = draw(dims.count + 1)
    switch draw(6) {
    case 0: dims.insert(draw(6), at: place)
    case 1: if place < dims.count { dims.remove(at: place) }
    case 2: if place < dims.count { dims[place] = Int(one(of: Self.integers)) }
    case 3:
      dims = one(of: [
        [], [4], [2, 3], [1, 4, 5], [1, 3, 8, 8], [2, 16, 4, 4], [1, 2, 3, 3, 3],
      ])
    default: if place < dims.count { dims[place] = draw(20) }
    }
    let type: TensorProto.DataType = draw(8) == 0 ? .int64 : .float
    input = ValueInfoProto(input.name, dims, type)
  }

  private mutating func mutateOutput() {
    if let i = graph.outputs.indices.randomElement(using: &random), draw(3) > 0 {
      if draw(4) == 0 {
        graph.outputs.remove(at: i)
      } else {
        _ = change(\.outputs, ValueInfoProto.self) { $1.name = $0.value() }
      }
    } else {
      graph.outputs.append(ValueInfoProto(value(), []).bytes[...])
    }
  }

  /// Removes, repeats or swaps nodes, or lets a new one read what there is and be the result.
  private mutating func mutateOrder() {
    let count = graph.nodes.count
    let kind = draw(5)
    if kind == 0, count > 1 {
      graph.nodes.remove(at: draw(count))
    } else if kind == 1, count > 1 {
      graph.nodes.swapAt(draw(count), draw(count))
    } else if kind == 2, count > 0, count < 30 {
      graph.nodes.insert(graph.nodes[draw(count)], at: draw(count + 1))
    } else if count < 30 {
      var node = NodeProto("", (0..<draw(4)).map { _ in value() }, ["new\(count)"])
      setType(of: &node)
      for _ in 0..<draw(3) { node.attribute.append(attribute(one(of: Self.names))) }
      graph.nodes.append(node.bytes[...])
      graph.outputs.insert(ValueInfoProto("new\(count)", []).bytes[...], at: 0)
    }
  }
}
