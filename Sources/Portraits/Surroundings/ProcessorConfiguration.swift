import Foundation
import Visualization

/// A `preprocessor_config.json` of transformers: what becomes of pictures before the network sees them.
///
/// Pictures are 0…255 there; they are multiplied by `rescale_factor` (1/255 where it is left out), 1 is taken off
/// where `rescale_offset` says so, and `image_mean` and `image_std` come after that.
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
      for (key, name) in [("input.mean", "image_mean"), ("input.std", "image_std")] {
        if let numbers = object[name] as? [NSNumber] {
          values[key] = numbers.map(\.stringValue).joined(separator: ",")
        }
      }
    }
    let crops = object["do_center_crop"] as? Bool ?? (object["crop_size"] != nil)
    let size = crops ? object["crop_size"] ?? object["size"] : object["size"]
    if let size = ModelConfiguration.size(size) { values["input.size"] = size }
  }
}
