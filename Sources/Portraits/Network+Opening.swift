import Files
public import Networks
import Tensors

extension Network {
  /// Reads a network with everything that is said about it.
  ///
  /// What the file's metadata say is the weakest, then comes a JSON file beside the model with the same
  /// keys, then what is said here.
  ///
  /// - Parameters:
  ///   - path: The ONNX file.
  ///   - settings: Keys and values as in the metadata; they win.
  ///   - labels: A text file with one label a line; nil: what the file says.
  /// - Returns: The network, its input as pictures where that can be.
  /// - Throws: What is wrong with the file, `ModelSettingsError` for what is said about it.
  public static func opened(
    at path: String, settings: ModelSettings, labels: String? = nil
  ) throws -> Network {
    let network = try Network(contentsOf: path).takingPictures()
    let own = try ModelSettings(network.metadata, from: path)
    let beside = try ModelSettings(besideModel: path)
    var values: [String: String] = [:]
    for settings in [own, beside, settings] {
      try settings.check(channels: network.inputChannels ?? 3)
      values.merge(settings.values) { $1 }
    }
    if let labels { values["labels"] = try Self.labels(inFileAt: labels) }
    let opened = try network.overriding(metadata: values)
    // The file's own may be wrong in many ways that somebody has got used to.
    if let source = labels ?? (beside.values["labels"] == nil ? nil : beside.source) {
      try opened.checkLabels(from: source)
    }
    return opened
  }

  private static func labels(inFileAt path: String) throws -> String {
    let bytes: [UInt8]
    do { bytes = try readFile(at: path) } catch {
      throw ModelSettingsError.unreadableLabels(file: path)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ModelSettingsError.unreadableLabels(file: path)
    }
    let plain = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    return plain.replacing("\r\n", with: "\n")
  }

  /// Refuses labels of which there are more or fewer than logits.
  private func checkLabels(from source: String) throws {
    let shapes: [String: Shape]
    do { shapes = try self.shapes(inputShape: inputShape()) } catch {
      // Another size may do; what does not is said where it is used.
      return
    }
    guard let count = logits(in: shapes)?.count, count != labels.count else { return }
    throw ModelSettingsError.labelCount(file: source, labels: labels.count, logits: count)
  }
}
