import Foundation
import Networks
import Visualization

/// A `config.json` as Hugging Face's hub has it: of transformers' models, or of timm's.
struct ModelConfiguration {
  /// Keys and values as in a model's metadata.
  private(set) var values: [String: String] = [:]

  init(_ object: [String: Any]) {
    if let labels = Self.labels(object) { values["labels"] = labels.joined(separator: "\n") }
    switch object["problem_type"] as? String {
    // Several of the classes may hold at once.
    case "multi_label_classification": values["output.link"] = "sigmoid"
    case "regression": values["output.kind"] = NumberKind.values.rawValue
    default: break
    }
    // A tower of pictures has what is known of it apart.
    let vision = object["vision_config"] as? [String: Any]
    if let size = Self.size(object["image_size"] ?? vision?["image_size"]) {
      values["input.size"] = size
    }
    guard let trained = object["pretrained_cfg"] as? [String: Any] ?? Self.timm(object) else {
      return
    }
    for (key, name) in [("input.mean", "mean"), ("input.std", "std")] {
      if let numbers = trained[name] as? [NSNumber] {
        values[key] = numbers.map(\.stringValue).joined(separator: ",")
        values["input.color"] = numbers.count == 1 ? "gray" : "RGB"
        values["input.range"] = "0,1"
      }
    }
    if let size = trained["input_size"] as? [Int], size.count == 3 {
      values["input.size"] = "\(size[1]),\(size[2])"
    }
  }

  /// Older files of timm's have everything at the top.
  private static func timm(_ object: [String: Any]) -> [String: Any]? {
    object["architecture"] is String && object["mean"] != nil ? object : nil
  }

  /// The labels; nil where they are numbers only, as transformers names classes that nobody named.
  private static func labels(_ object: [String: Any]) -> [String]? {
    let own = object["pretrained_cfg"] as? [String: Any]
    let said =
      object["id2label"] ?? object["label_names"] ?? own?["label_names"] ?? object["label2id"]
    guard let labels = said.flatMap(LabelList.labels(of:)),
      !labels.allSatisfy({ $0.hasPrefix("LABEL_") })
    else { return nil }
    guard let descriptions = object["label_descriptions"] as? [String: String] else {
      return labels
    }
    return labels.map { descriptions[$0] ?? $0 }
  }

  /// Height and width, from a number, a list of two, or an object.
  static func size(_ value: Any?) -> String? {
    switch value {
    case let side as Int: return "\(side),\(side)"
    case let sides as [Int] where sides.count == 2: return "\(sides[0]),\(sides[1])"
    case let sides as [String: Any]:
      if let height = sides["height"] as? Int, let width = sides["width"] as? Int {
        return "\(height),\(width)"
      }
      return size(sides["shortest_edge"])
    default: return nil
    }
  }
}
