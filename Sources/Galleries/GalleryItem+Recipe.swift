import Files
import Imaging
import Networks
import ONNX
import Visualization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension GalleryItem {
  /// Everything that the picture depends on, in one line: where two agree, the pictures do.
  func key(network: Network, software: String, starts: StartPictures) -> String {
    var parts = ["unit=\(unit.identity)", "seed=\(settings.recipe.seed)"]
    for setting in Setting.all {
      let value =
        setting.key == "init"
        ? settings.start.map { starts.hashes[$0] ?? "" } : setting.read(settings)
      if let value { parts.append("\(setting.key)=\(value)") }
    }
    if let preprocessing = network.preprocessing {
      parts.append(
        "input=\(preprocessing.color.rawValue) \(preprocessing.rangeLower)…\(preprocessing.rangeUpper) "
          + "mean \(preprocessing.mean) std \(preprocessing.standardDeviation)")
    }
    return (parts + ["model=\(network.sha256)", "software=\(software)"]).joined(separator: "; ")
  }

  /// The command that makes this picture alone.
  func command(_ network: Network, modelOptions: String) -> String {
    let usual = PictureSettings(recipe: Recipe(metadata: network.metadata, for: unit))
    var words = ["visualize --unit \(unit.argument(in: network).quotedForShell)"]
    if !modelOptions.isEmpty { words.append(modelOptions) }
    words.append("--seed \(settings.recipe.seed)")
    for setting in Setting.all where setting.key != "scale" {
      if let value = setting.read(settings), value != setting.read(usual) {
        words.append("--\(setting.key) \(value.quotedForShell)")
      }
    }
    words.append("--scale \(scale)")
    return words.joined(separator: " ")
  }
}

/// The contents of the pictures from which ascents start, as hashes.
struct StartPictures {
  private(set) var hashes: [String: String] = [:]

  /// Reads the pictures that items start from.
  ///
  /// - Throws: `ImagingError` for one that cannot be read.
  init(_ items: [GalleryItem]) throws {
    for path in Set(items.compactMap(\.settings.start)).sorted() {
      _ = try Picture(contentsOf: path)
      hashes[path] = SHA256.hexadecimal(FileManager.default.contents(atPath: path) ?? Data())
    }
  }
}

extension String {
  /// The text as one word of a shell.
  var quotedForShell: String {
    let isPlain =
      !isEmpty
      && allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:,@=+%".contains($0))
      }
    return isPlain ? self : "'\(replacing("'", with: #"'\''"#))'"
  }
}
