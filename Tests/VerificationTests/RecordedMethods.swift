import Attribution
import Foundation
import Networks
import Objectives
import Tensors
import TestSupport
import Testing
import Verification

/// What other programs recorded of attribution methods, with the tolerance that the recording names.
struct RecordedMethods {
  /// One recorded result.
  struct Entry: Decodable {
    let method: String
    let unit: Int
    let tolerance: Double
    let file: String?
    let input: String?
    let tokens: String?
    let classToken: String?
    let window: [Int]?
    let stride: [Int]?
    let box: [Float]?

    private enum CodingKeys: String, CodingKey {
      case method, unit, tolerance, file, input, tokens, window, stride, box
      case classToken = "class_token"
    }
  }

  private struct Description: Decodable {
    let attributions: [Entry]
    let attention: [Entry]?
  }

  let folder: URL
  let network: Network
  let input: Tensor
  private let entries: [Entry]

  init(_ name: String) throws {
    folder = Recordings.folder("attribution/\(name)")
    network = try Network(contentsOf: folder.appending(path: "model.onnx").path)
    input = try GoldenCase.tensor(folder.appending(path: "test_data_set_0/input_0.pb"))
    let description = try JSONDecoder().decode(
      Description.self, from: Data(contentsOf: folder.appending(path: "case.json")))
    entries = description.attributions + (description.attention ?? []).map(\.self)
  }

  /// The result of a method; `nil` where none was recorded of this network.
  func entry(_ method: String) -> Entry? { entries.last { $0.method == method } }

  /// A recorded tensor.
  func tensor(_ file: String) throws -> Tensor {
    try GoldenCase.tensor(folder.appending(path: file))
  }

  /// The labels of a recorded mask as parts.
  func parts(_ file: String) throws -> Parts {
    let labels = try tensor(file)
    let (height, width) = (labels.shape[-2], labels.shape[-1])
    return .given(
      Partition(
        labels: labels.scalars.prefix(height * width).map { Int($0) }, height: height,
        width: width))
  }

  /// An objective of the network, asked about inputs of its own.
  func explained(_ unit: Int) -> Explained {
    Explained(.logit(unit), in: network, inputShape: input.shape, feed: .raw)
  }

  /// Expects `max |computed − recorded| ≤ tolerance · max |recorded|`, and that a change of 1 % is seen.
  func expect(
    _ computed: [Float], _ recorded: Tensor, _ entry: Entry,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let recorded = recorded.scalars
    #expect(computed.count == recorded.count, "\(entry.method)", sourceLocation: sourceLocation)
    let largest = Double(recorded.map(abs).max() ?? 0)
    #expect(largest > 0, sourceLocation: sourceLocation)
    func distance(_ factor: Float) -> Double {
      zip(computed, recorded).map { Double(abs($0 * factor - $1)) }.max() ?? .infinity
    }
    let error = distance(1) / largest
    #expect(
      error <= entry.tolerance, "\(folder.lastPathComponent) \(entry.method): \(error)",
      sourceLocation: sourceLocation)
    #expect(distance(1.01) > entry.tolerance * largest, sourceLocation: sourceLocation)
  }
}
