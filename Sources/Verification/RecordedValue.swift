import Foundation
import Graphs
import Networks
import ONNX
import Tensors

/// What was recorded of an input or an output: a tensor, a list, or nothing.
indirect enum RecordedValue {
  case tensor(Constant)
  case list([RecordedValue])
  case absent

  /// Reads a file that holds a value of a type.
  ///
  /// - Throws: `ONNXError`; `NetworkError` where it is text.
  init(contentsOf file: URL, as type: TypeProto) throws {
    switch type.value {
    case .sequenceType?:
      self = try RecordedValue(
        SequenceProto(decoding: .init(readingFile: file.path), of: file.path))
    case .optionalType?:
      self = try RecordedValue(
        OptionalProto(decoding: .init(readingFile: file.path), of: file.path))
    default:
      self = .tensor(try Constant(try TensorData(contentsOf: file.path)))
    }
  }

  private init(_ list: SequenceProto) throws {
    self = .list(
      try list.tensorValues.map { .tensor(try Constant(try TensorData($0))) }
        + list.sequenceValues.map { try RecordedValue($0) }
        + list.optionalValues.map { try RecordedValue($0) })
  }

  private init(_ optional: OptionalProto) throws {
    if optional.hasTensorValue {
      self = .tensor(try Constant(try TensorData(optional.tensorValue)))
    } else if optional.hasSequenceValue {
      self = try RecordedValue(optional.sequenceValue)
    } else {
      self = .absent
    }
  }
}

extension Graph {
  /// The same graph with a recorded value in place of an input.
  mutating func bind(_ name: String, to value: RecordedValue) {
    inputs.removeAll { $0.name == name }
    switch value {
    case .tensor(let constant): constants[name] = constant
    case .absent: nodes.insert(Node("Optional", inputs: [], outputs: [name]), at: 0)
    case .list(let values):
      let names = values.indices.map { "\(name)[\($0)]" }
      nodes.insert(Node("SequenceConstruct", inputs: names, outputs: [name]), at: 0)
      for (name, value) in zip(names, values) { bind(name, to: value) }
    }
  }

  /// Adds nodes that take a value to pieces.
  ///
  /// - Returns: Values of the graph and the tensors that they ought to be.
  mutating func parts(of name: String, as value: RecordedValue) -> [(value: String, Tensor)] {
    switch value {
    case .tensor(let constant): return [(name, constant.tensor)]
    case .absent:
      nodes.append(Node("OptionalHasElement", inputs: [name], outputs: ["\(name) is there"]))
      return [("\(name) is there", Tensor(0))]
    case .list(let values):
      let count = "\(name), count"
      nodes.append(Node("SequenceLength", inputs: [name], outputs: [count]))
      return [(count, Tensor(Float(values.count)))]
        + values.enumerated().flatMap { place, value in
          let index = "\(name)[\(place)], place"
          constants[index] = Constant(Tensor(Float(place)), isInteger: true)
          nodes.append(Node("SequenceAt", inputs: [name, index], outputs: ["\(name)[\(place)]"]))
          return parts(of: "\(name)[\(place)]", as: value)
        }
    }
  }
}
