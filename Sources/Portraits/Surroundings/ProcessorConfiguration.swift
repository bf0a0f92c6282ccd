import Foundation
import Visualization

/// A `preprocessor_config.json` of transformers: what becomes of pictures before the network sees them.
///
/// Pictures are 0…255 there; they are multiplied by `rescale_factor` (1/255 where it is left out), 1 is taken off
/// where `rescale_offset` says so, and `image_mean` and `image_std` come after that: lists, or one number for all
/// channels. EfficientNet's processor divides by the deviation twice unless `include_top` is false. Where pictures are
/// normalized by numbers that only the processor knows, nothing is said of them, but of ViT's, whose numbers are 0.5.
struct ProcessorConfiguration {
  /// Keys and values as in a model's metadata.
  private(set) var values: [String: String] = [:]

  init(_ object: [String: Any]) {
    let object = object["image_processor"] as? [String: Any] ?? object
    let isOfPictures =
      ["image_mean", "do_rescale", "rescale_factor", "do_resize", "do_normalize"]
      .contains { object[$0] != nil } && object["sampling_rate"] == nil
    guard isOfPictures else { return }
    let rescales = object["do_rescale"] as? Bool ?? true
    let factor = rescales ? (object["rescale_factor"] as? NSNumber)?.floatValue ?? 1 / 255 : 1
    // 1/255 as decimals have it.
    let upper = (255 * factor * 10_000).rounded() / 10_000
    let offset: Float = object["rescale_offset"] as? Bool == true ? -1 : 0
    values["input.range"] = "\(offset.plain),\((upper + offset).plain)"
    values["input.color"] = object["do_flip_channel_order"] as? Bool == true ? "BGR" : "RGB"
    if object["do_normalize"] as? Bool ?? (object["image_mean"] != nil) {
      guard let mean = numbers("image_mean", object), let deviation = numbers("image_std", object)
      else {
        values = [:]
        return
      }
      let type = Self.type(object)
      let isTwice = type.hasPrefix("EfficientNet") && object["include_top"] as? Bool ?? true
      values["input.mean"] = mean.map(\.plain).joined(separator: ",")
      values["input.std"] = deviation.map { (isTwice ? $0 * $0 : $0).plain }.joined(separator: ",")
    }
    let crops = object["do_center_crop"] as? Bool ?? (object["crop_size"] != nil)
    let size = crops ? object["crop_size"] ?? object["size"] : object["size"]
    if let size = ModelConfiguration.size(size) { values["input.size"] = size }
  }

  /// The numbers under a key, one a channel.
  private func numbers(_ key: String, _ object: [String: Any]) -> [Float]? {
    switch object[key] {
    case let list as [NSNumber] where !list.isEmpty: return list.map(\.floatValue)
    case let number as NSNumber: return [Float](repeating: number.floatValue, count: 3)
    case let text as String: return Float(text).map { [Float](repeating: $0, count: 3) }
    default: return Self.ofViT.contains(Self.type(object)) ? [Float](repeating: 0.5, count: 3) : nil
    }
  }

  /// The names of ViT's own processor; those of its relatives know other numbers.
  private static let ofViT: Set = [
    "ViTImageProcessor", "ViTImageProcessorFast", "ViTFeatureExtractor",
  ]

  /// The name of the processor's class.
  private static func type(_ object: [String: Any]) -> String {
    (object["image_processor_type"] ?? object["feature_extractor_type"]) as? String ?? ""
  }
}
