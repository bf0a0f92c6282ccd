import Foundation
import Graphs
import Networks
import ONNX
import Tensors

/// Changes a model where a change means something: operators, attributes, wires, shapes, weights.
///
/// Flipped bytes hardly ever leave a message that can be decoded, and so never reach the operators.
struct ModelMutator {
  private(set) var model: ModelProto
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

  /// A mutator of a model; `nil` where the bytes are none.
  init?(_ bytes: Data, seed: CUnsignedInt) {
    guard let model = try? ModelProto(decoding: bytes, of: ""), model.hasGraph else { return nil }
    self.model = model
    random = SplitMix64(seed: UInt64(seed))
  }

  /// Makes one to four changes and writes the model.
  ///
  /// - Returns: The number of bytes; `nil` where they do not fit.
  mutating func write(to data: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int? {
    for _ in 0...draw(4) { mutate() }
    guard let bytes = try? model.encoded(), bytes.count <= capacity else { return nil }
    bytes.copyBytes(to: data, count: bytes.count)
    return bytes.count
  }

  /// Appends the nodes and constants of another model, some of them fed from this one's values.
  mutating func append(_ other: ModelProto) {
    let values = model.graph.node.flatMap(\.output) + model.graph.input.map(\.name)
    var graph = other.graph
    for i in graph.node.indices {
      graph.node[i].input = graph.node[i].input.map { name in
        draw(3) == 0 ? values.randomElement(using: &random) ?? name : "\(name)'"
      }
      graph.node[i].output = graph.node[i].output.map { $0.isEmpty ? "" : "\($0)'" }
    }
    for i in graph.initializer.indices { graph.initializer[i].name += "'" }
    for i in graph.output.indices { graph.output[i].name += "'" }
    model.graph.node += graph.node
    model.graph.initializer += graph.initializer
    model.graph.output = graph.output + model.graph.output
    model.functions += other.functions
  }

  // MARK: One change

  private mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func one<T>(of values: [T]) -> T { values[draw(values.count)] }

  private mutating func mutate() {
    switch draw(17) {
    case 0..<9: mutateNode()
    case 16: mutateFact()
    case 9..<12: mutateInitializer()
    case 12: mutateInput()
    case 13: mutateOutput()
    case 14: mutateOrder()
    default:
      if !model.opsetImport.isEmpty {
        model.opsetImport[0].version = Int64(draw(10) == 0 ? -1 : 1 + draw(25))
      }
    }
  }

  private mutating func mutateNode() {
    guard let i = model.graph.node.indices.randomElement(using: &random) else { return }
    if draw(2) == 0, mutateBody(of: i) { return }
    var node = model.graph.node[i]
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
    model.graph.node[i] = node
  }

  /// Makes a change within a graph that a node runs: a branch, or the body of a loop.
  ///
  /// - Returns: Whether it has one.
  private mutating func mutateBody(of node: Int) -> Bool {
    let graphs = model.graph.node[node].attribute.indices.filter {
      model.graph.node[node].attribute[$0].hasG
    }
    guard let i = graphs.randomElement(using: &random) else { return false }
    let whole = model.graph
    model.graph = whole.node[node].attribute[i].g
    mutate()
    let changed = model.graph
    model.graph = whole
    model.graph.node[node].attribute[i].g = changed
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
    let graph = model.graph
    let names =
      graph.node.flatMap { $0.output + $0.input } + graph.input.map(\.name)
      + graph.initializer.map(\.name)
    return draw(12) == 0 ? one(of: ["", "nothing"]) : names.randomElement(using: &random) ?? ""
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
    guard let i = model.graph.initializer.indices.randomElement(using: &random) else {
      model.graph.initializer.append(TensorProto(.init(dims: [1], floats: [1], name: value())))
      return
    }
    var tensor = model.graph.initializer[i]
    if draw(12) == 0 { tensor.name = value() }
    mutate(&tensor)
    model.graph.initializer[i] = tensor
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
    case .strings: return
    }
    tensor = TensorProto(data)
  }

  /// Changes what the model says of itself or of a node, a node's name, or where a tensor's scalars are.
  private mutating func mutateFact() {
    let fact = StringStringEntryProto(one(of: Self.facts), one(of: Self.claims))
    let node = model.graph.node.indices.randomElement(using: &random)
    switch (draw(4), node, model.graph.initializer.indices.randomElement(using: &random)) {
    case (0, let i?, _): model.graph.node[i].name = one(of: Self.claims)
    case (1, let i?, _): model.graph.node[i].metadataProps.append(fact)
    case (2, _, let i?):
      model.graph.initializer[i].dataLocation = .external
      model.graph.initializer[i].externalData.append(fact)
    default: model.metadataProps.append(fact)
    }
  }

  private mutating func mutateInput() {
    guard let i = model.graph.input.indices.randomElement(using: &random) else {
      model.graph.input.append(ValueInfoProto(value(), [1, 3, 8, 8]))
      return
    }
    var dims = (model.graph.input[i].dims ?? []).map { $0 ?? -1 }
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
    model.graph.input[i] = ValueInfoProto(model.graph.input[i].name, dims, type)
  }

  private mutating func mutateOutput() {
    if let i = model.graph.output.indices.randomElement(using: &random), draw(3) > 0 {
      if draw(4) == 0 {
        model.graph.output.remove(at: i)
      } else {
        model.graph.output[i].name = value()
      }
    } else {
      model.graph.output.append(ValueInfoProto(value(), []))
    }
  }

  /// Removes, repeats or swaps nodes, or lets a new one read what there is and be the result.
  private mutating func mutateOrder() {
    let count = model.graph.node.count
    let kind = draw(5)
    if kind == 0, count > 1 {
      model.graph.node.remove(at: draw(count))
    } else if kind == 1, count > 1 {
      model.graph.node.swapAt(draw(count), draw(count))
    } else if kind == 2, count > 0, count < 30 {
      model.graph.node.insert(model.graph.node[draw(count)], at: draw(count + 1))
    } else if count < 30 {
      var node = NodeProto("", (0..<draw(4)).map { _ in value() }, ["new\(count)"])
      setType(of: &node)
      for _ in 0..<draw(3) { node.attribute.append(attribute(one(of: Self.names))) }
      model.graph.node.append(node)
      model.graph.output.insert(ValueInfoProto("new\(count)", []), at: 0)
    }
  }
}
