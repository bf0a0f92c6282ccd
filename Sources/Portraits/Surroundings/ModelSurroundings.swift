import Files
import Foundation
import Networks

/// What lies around a model and says something about it, in the words of its metadata.
///
/// | file | says |
/// | --- | --- |
/// | `config.json` of Hugging Face's or timm's models | labels, sizes, mean and deviation |
/// | `preprocessor_config.json`, `image_processor_config.json` | size, scale, mean, deviation, order of colours |
/// | `labels.txt`, `classes.txt`, … | labels |
///
/// Configurations are looked for in the model's folder and in the one above, lists in its own only.
struct ModelSurroundings {
  /// Keys and values as in the metadata.
  private(set) var values: [String: String] = [:]
  /// The file that says each, by key.
  private(set) var sources: [String: String] = [:]
  /// What is not believed, and why.
  private(set) var doubts: [String] = []

  /// Looks around a model.
  ///
  /// - Parameter path: The model's file.
  init(ofModelAt path: String) {
    let folder = URL(filePath: path).deletingLastPathComponent()
    for place in [folder, folder.deletingLastPathComponent()] {
      if let (object, file) = object("config.json", in: place) {
        take(ModelConfiguration(object).values, from: file)
      }
      for name in ["preprocessor_config.json", "image_processor_config.json"] {
        if let (object, file) = object(name, in: place) {
          take(ProcessorConfiguration(object).values, from: file)
        }
      }
      if !values.isEmpty { break }
    }
    guard values["labels"] == nil else { return }
    let stem = URL(filePath: path).deletingPathExtension().lastPathComponent
    for name in [stem + ".labels", stem + "-labels", stem + "_labels"].flatMap(Self.withSuffixes)
      + ["labels", "classes", "class_names", "imagenet_classes", "synset"].flatMap(
        Self.withSuffixes)
      + ["labelmap.txt", "coco.names", "classes.names", "data.yaml"]
    {
      let file = folder.appending(path: name).relativePath
      guard FileManager.default.fileExists(atPath: file) else { continue }
      do {
        take(["labels": try LabelList(contentsOf: file).labels.joined(separator: "\n")], from: file)
      } catch {
        doubts.append("\(error)")
      }
      return
    }
  }

  /// Leaves out what the file itself says, and what does not fit it.
  ///
  /// - Parameters:
  ///   - network: The network as the file has it.
  ///   - count: How many classes it has where there are so many labels; nil: not known.
  mutating func believe(of network: Network, classes count: (Int) -> Int?) {
    let isPrepared = network.preprocessing != nil
    let channels = network.colorChannels ?? 3
    for key in ["input.color", "input.range", "input.mean", "input.std"] {
      guard let value = values[key] else { continue }
      let count = value.split(separator: ",").count
      if isPrepared || !network.form.takesPhotographs {
        values[key] = nil
      } else if ["input.mean", "input.std"].contains(key), count != 1, count != channels {
        doubt(key, "is for \(count) channels, and the network takes \(channels)")
      } else if key == "input.color", channels != 3 {
        values[key] = nil
      }
    }
    if network.metadata["input.size"] != nil || network.metadata["imgsz"] != nil {
      values["input.size"] = nil
    }
    let labels = values["labels"]?.split(separator: "\n", omittingEmptySubsequences: false).count
    if !network.labels.isEmpty {
      values["labels"] = nil
    } else if let labels, let count = count(labels), labels != count {
      doubt("labels", "are \(labels), and the network has \(count) classes")
    }
    sources = sources.filter { values[$0.key] != nil }
  }

  /// Takes a size that fits where nothing says one.
  mutating func take(_ size: (height: Int, width: Int)) {
    values["input.size"] = "\(size.height),\(size.width)"
    doubts.append(
      "nothing says a size, and 224×224 does not fit: \(size.width)×\(size.height) does")
  }

  private mutating func doubt(_ key: String, _ reason: String) {
    let what = key == "labels" ? "the labels" : key
    doubts.append("\(what) in \(sources[key] ?? "") \(reason): not believed")
    values[key] = nil
  }

  private static func withSuffixes(_ stem: String) -> [String] {
    ["txt", "json", "csv", "yaml", "yml"].map { "\(stem).\($0)" }
  }

  /// Takes what a file says; what is said already stays, but a processor's word on sizes counts for more than the
  /// model's.
  private mutating func take(_ said: [String: String], from file: String) {
    let name = file.hasPrefix("./") ? String(file.dropFirst(2)) : file
    for (key, value) in said {
      values[key] = value
      sources[key] = name
    }
  }

  /// The object in a file; nil where there is no such file.
  private mutating func object(_ name: String, in folder: URL) -> ([String: Any], String)? {
    let file = folder.appending(path: name).relativePath
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    do {
      let value = try JSONSerialization.jsonObject(with: Data(readFile(at: file)))
      if let object = value as? [String: Any] { return (object, file) }
    } catch {
      // What is none of ours may be anything.
    }
    doubts.append("\(file) is no JSON object and is not read")
    return nil
  }
}
