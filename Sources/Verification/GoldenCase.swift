public import Foundation
public import Networks
import ONNX
public import Tensors

/// A network with recorded inputs, outputs, activations and gradients: a folder laid out as ONNX's own
/// backend tests (`model.onnx`, `test_data_set_0/input_0.pb`, …) with a `case.json` that says what else
/// was recorded.
public struct GoldenCase {
  /// The folder.
  public let folder: URL
  /// The network.
  public let network: Network
  /// The recorded input.
  public let input: Tensor

  /// The network and the input as methods are asked of them: signals and volumes N×C×H×W.
  let explained: Feed
  /// The other ways to feed the recorded inputs, where there are several.
  let otherFeeds: [Feed]
  /// The outputs that are no tensors, taken to pieces, by their places.
  private let pieces: [Int: [(value: String, Tensor)]]
  private let tolerance: Tolerance
  private let gradients: [Gradient]
  /// What was recorded of methods, metrics and concepts, as `case.json` lists it.
  public let recordings: [Recording]

  private struct Gradient: Decodable {
    struct Of: Decodable {
      let output: Int?
      let index: [Int]?
      let layer: String?
      let channel: Int?
      let unit: Int?
      let x: Int?
      let y: Int?

      /// Whether an output of a shape, with a batch of 1 or more, has such a place.
      func lies(in shape: Shape) -> Bool {
        guard shape.count > 0, shape.rank > 0 else { return false }
        func isIn(_ place: Int?, _ extent: Int?) -> Bool {
          place.map { $0 >= 0 && $0 < extent ?? 0 } ?? true
        }
        if channel != nil {
          return isIn(channel, shape[checked: 1])
            && isIn(x, shape.rank > 2 ? shape[-1] : nil)
            && isIn(y, shape.rank > 3 ? shape[-2] : 1)
        }
        if unit != nil { return isIn(unit, shape.count / shape[0]) }
        let index = index ?? [0]
        return index.indices.allSatisfy { isIn(index[$0], shape[checked: $0 + 1]) }
      }
    }
    let of: Of
    let file: String
    let value: Float?
    let activation: String?
  }

  private struct Description: Decodable {
    let gradients: [Gradient]?
    let unit: Int?
    let attributions: [[String: JSONValue]]?
    let attention: [[String: JSONValue]]?
    let metrics: [[String: JSONValue]]?
    let concepts: [[String: JSONValue]]?
    let rtol: Double?
    let atol: Double?

    func recordings() throws -> [Recording] {
      let lists: [(Recording.Section, [[String: JSONValue]]?)] = [
        (.attributions, attributions), (.attention, attention), (.metrics, metrics),
        (.concepts, concepts),
      ]
      return try lists.flatMap { section, entries in
        try (entries ?? []).enumerated().map {
          try Recording($1, section, unit: unit, place: $0)
        }
      }
    }
  }

  /// Opens a folder.
  ///
  /// - Throws: What is wrong with its network or its files. Without a `case.json`, outputs alone are compared.
  public init(folder: URL) throws {
    self.folder = folder
    let model = try Model(contentsOf: folder.appending(path: "model.onnx").path)
    var opened = try Network(model)
    pieces = try Self.takeToPieces(&opened, model, in: folder)
    let feeds = try Feed.all(of: opened, model, in: folder)
    (network, input) = (feeds[0].network, feeds[0].input)
    otherFeeds = Array(feeds.dropFirst())
    explained = try feeds[0].shapedForMethods()
    let file = folder.appending(path: "case.json")
    if FileManager.default.fileExists(atPath: file.path) {
      let description = try JSONDecoder().decode(Description.self, from: Data(contentsOf: file))
      gradients = description.gradients ?? []
      recordings = try description.recordings()
      tolerance = Tolerance(
        relative: description.rtol ?? Tolerance().relative,
        absolute: description.atol ?? Tolerance().absolute)
    } else {
      tolerance = Tolerance()
      gradients = []
      recordings = []
    }
  }

  /// Reads a file that holds one ONNX tensor.
  public static func tensor(_ file: URL) throws -> Tensor {
    let data = try TensorData(contentsOf: file.path)
    return Tensor(Shape(data.dims), try data.floats())
  }

  /// The recorded tensor in a file of the folder.
  public func recorded(_ file: String) throws -> Tensor {
    try Self.tensor(folder.appending(path: file))
  }

  /// Runs the network and compares outputs, activations and gradients.
  public func checks(threads: Int = processorCount) -> [Check] {
    outputChecks(threads: threads) + gradients.flatMap { checks($0, threads: threads) }
  }

  /// Takes the outputs that are lists or may be left out to pieces, which are values of the graph.
  private static func takeToPieces(
    _ network: inout Network, _ model: Model, in folder: URL
  ) throws -> [Int: [(value: String, Tensor)]] {
    var pieces: [Int: [(value: String, Tensor)]] = [:]
    for (index, output) in model.graph.output.enumerated() where !output.type.isTensor {
      let file = folder.appending(path: "test_data_set_0/output_\(index).pb")
      let value = try RecordedValue(contentsOf: file, as: output.type)
      var graph = network.graph
      pieces[index] = graph.parts(of: output.name, as: value)
      network = network.replacing(graph)
    }
    return pieces
  }

  private func checks(_ pieces: [(value: String, Tensor)], threads: Int) -> [Check] {
    pieces.map { value, recorded in
      do {
        let computed = try computed(value, threads: threads)
        guard computed.shape == recorded.shape else {
          return Check(value, failure: "shape \(computed.shape) instead of \(recorded.shape)")
        }
        return Check(value, computed: computed, recorded: recorded, tolerance: tolerance)
      } catch {
        return Check(value, failure: "\(error)")
      }
    }
  }

  private func outputChecks(threads: Int) -> [Check] {
    network.graph.outputs.enumerated().flatMap { index, output in
      pieces[index].map { checks($0, threads: threads) }
        ?? [outputCheck(index, output, threads: threads)]
    }
  }

  private func outputCheck(_ index: Int, _ output: String, threads: Int) -> Check {
    let name = "output \(index)"
    do {
      let computed = try computed(output, threads: threads)
      let recorded = try recorded("test_data_set_0/output_\(index).pb")
      guard computed.shape == recorded.shape else {
        return Check(name, failure: "shape \(computed.shape) instead of \(recorded.shape)")
      }
      return Check(
        name, computed: computed, recorded: recorded, tolerance: try tolerance(ofOutput: index))
    } catch {
      return Check(name, failure: "\(error)")
    }
  }

  /// What was recorded in half a float's digits cannot agree in more.
  private func tolerance(ofOutput index: Int) throws -> Tolerance {
    let file = folder.appending(path: "test_data_set_0/output_\(index).pb")
    var result = tolerance
    switch try TensorData(contentsOf: file.path).elementType {
    // Computed in such numbers, too, it lost more than the last of their digits.
    case .float16: result.relative = max(result.relative, 0x1p-9)
    case .bfloat16: result.relative = max(result.relative, 0x1p-6)
    default: break
    }
    return result
  }

  private func checks(_ gradient: Gradient, threads: Int) -> [Check] {
    let of = gradient.of
    let outputs = network.graph.outputs
    let output = of.output ?? 0
    guard of.layer != nil || outputs.indices.contains(output) else {
      return [
        Check(
          gradient.file,
          failure: "the network has the outputs 0…\(outputs.count - 1), not \(output)")
      ]
    }
    let source: Reading.Source = of.layer.map { .layer($0) } ?? .value(outputs[output])
    let layer = source.title
    var checks: [Check] = []
    do {
      let plan = try network.plan(
        inputShape: input.shape, readings: [Reading(source)], feed: .raw, threads: threads)
      let activation = try plan.forward(input)[0]
      if let file = gradient.activation {
        checks.append(
          Check("activation \(layer)", computed: activation, recorded: try recorded(file)))
      }
      guard let seed = self.seed(of, activation.shape) else {
        return checks + [
          Check(
            gradient.file, failure: "\(layer) is \(activation.shape), which has no such place")
        ]
      }
      if let value = gradient.value {
        let computed = zip(seed.scalars, activation.scalars).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        checks.append(
          Check("value \(gradient.file)", computed: Tensor(computed), recorded: Tensor(value)))
      }
      checks.append(
        Check(
          gradient.file.replacing(".pb", with: ""), computed: try plan.backward([seed]),
          recorded: try recordedOfInput(gradient.file)))
      if let channel = of.channel, of.layer != nil,
        !network.hasChannelsLast(try network.value(ofLayer: layer))
      {
        checks += [try narrowed(layer, channel, seed, gradient, threads: threads)]
      }
    } catch {
      checks.append(Check(gradient.file, failure: "\(error)"))
    }
    return checks
  }

  /// The same gradient by a plan that computes one channel only.
  private func narrowed(
    _ layer: String, _ channel: Int, _ seed: Tensor, _ gradient: Gradient, threads: Int
  ) throws -> Check {
    let plan = try network.plan(
      inputShape: input.shape, readings: [Reading(layer, channels: [channel])], feed: .raw,
      threads: threads)
    let part = try plan.forward(input)[0].shape
    let plane = part.count / part[0]
    let all = seed.scalars
    var scalars: [Float] = []
    for image in 0..<part[0] {
      let first = (image * seed.shape[1] + channel) * plane
      scalars += all[first..<first + plane]
    }
    return Check(
      gradient.file.replacing(".pb", with: " alone"),
      computed: try plan.backward([Tensor(part, scalars)]),
      recorded: try recordedOfInput(gradient.file))
  }

  /// A recorded tensor of the input's shape, as the network is fed here.
  private func recordedOfInput(_ file: String) throws -> Tensor {
    let tensor = try recorded(file)
    return network.isChannelsLast ? tensor.transposed([0, 3, 1, 2]) : tensor
  }

  /// The derivative of the recorded scalar by the layer's output.
  ///
  /// - Returns: nil where the output has no such place.
  private func seed(_ of: Gradient.Of, _ shape: Shape) -> Tensor? {
    guard of.lies(in: shape) else { return nil }
    var seed = Tensor(shape)
    let batch = shape[0]
    let each = shape.count / batch
    let plane = shape.rank >= 2 ? each / shape[1] : 1
    seed.withUnsafeMutableBufferPointer { seed in
      for image in 0..<batch {
        if let channel = of.channel {
          let first = image * each + channel * plane
          if let x = of.x, let y = of.y {
            seed[first + y * shape[-1] + x] = 1
          } else {
            for i in 0..<plane { seed[first + i] = 1 / Float(batch * plane) }
          }
        } else {
          let index = of.unit.map { [$0] } ?? of.index ?? [0]
          // A unit counts scalars; an index leaves out the axes after it, which are summed over.
          var (first, count) = (0, each)
          for (axis, place) in index.enumerated() where of.unit == nil {
            count /= shape[axis + 1]
            first += place * count
          }
          if let unit = of.unit { (first, count) = (unit, 1) }
          for i in 0..<count { seed[image * each + first + i] = 1 }
        }
      }
    }
    return seed
  }
}
