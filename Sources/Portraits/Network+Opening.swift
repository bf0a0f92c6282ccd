import Foundation
public import Networks

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
    var values = try ModelSettings(network.metadata, from: path).values
    values.merge(try ModelSettings(besideModel: path).values) { $1 }
    values.merge(settings.values) { $1 }
    if let labels {
      guard let text = try? String(contentsOfFile: labels, encoding: .utf8) else {
        throw ModelSettingsError.unreadableLabels(file: labels)
      }
      values["labels"] = text.replacing("\r\n", with: "\n")
    }
    return try network.overriding(metadata: values)
  }
}
