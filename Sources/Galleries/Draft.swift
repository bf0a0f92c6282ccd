import Networks
import Tensors
import Visualization

/// A picture that has no name yet.
struct Draft: Hashable {
  let unit: NetworkUnit
  let settings: PictureSettings

  /// Gives every picture a file name of its own, that stays when the plan grows.
  ///
  /// A unit's name comes first, channels with leading zeros, so that names sort as the network does. A
  /// picture that is not the unit's first has the settings in which it differs from that, and a seed that
  /// is not the usual one.
  static func items(
    _ drafts: [Draft], shapes: [PixelSize: [String: Shape]], _ network: Network
  ) -> [GalleryItem] {
    let byUnit = Dictionary(grouping: drafts, by: \.unit)
    let differing = byUnit.mapValues(settingsThatDiffer)
    var taken: Set = ["contact-sheet", "index"]
    return drafts.map { draft in
      let siblings = byUnit[draft.unit] ?? []
      var variant: [String] = []
      var suffix = ""
      for setting in differing[draft.unit] ?? [] {
        guard let value = setting.read(draft.settings) else { continue }
        variant.append("\(setting.key) \(value)")
        // The first picture of a unit keeps its name when others join it.
        if siblings.first.flatMap({ setting.read($0.settings) }) != value {
          suffix += "-\(setting.key)-\(value.safeForFiles)"
        }
      }
      let seed = draft.settings.recipe.seed
      let seedsDiffer = siblings.contains { $0.settings.recipe.seed != seed }
      let shapes = draft.settings.size.flatMap { shapes[$0] }
      var name = draft.unitName(shapes, network) + suffix
      if seed != Recipe(metadata: network.metadata, for: draft.unit).seed {
        name += "-seed-\(seed)"
      }
      var unique = name
      var number = 2
      // Some file systems do not tell capitals from small letters.
      while !taken.insert(unique.lowercased()).inserted {
        unique = "\(name)-\(number)"
        number += 1
      }
      return GalleryItem(
        unit: draft.unit, settings: draft.settings, fileName: unique + ".png",
        variant: (variant + (seedsDiffer ? ["seed \(seed)"] : [])).joined(separator: ", "))
    }
  }

  private static func settingsThatDiffer(_ drafts: [Draft]) -> [Setting] {
    Setting.all.filter { setting in
      drafts.contains { setting.read($0.settings) != setting.read(drafts[0].settings) }
    }
  }

  private func unitName(_ shapes: [String: Shape]?, _ network: Network) -> String {
    guard case .channel(let layer, let channel) = unit.kind,
      let value = try? network.value(ofLayer: layer), let count = shapes?[value]?[1]
    else { return unit.fileName }
    let digits = String(channel)
    let zeros = String(repeating: "0", count: max(0, String(count - 1).count - digits.count))
    return String(unit.fileName.dropLast(digits.count)) + zeros + digits
  }
}

extension String {
  /// The text with nothing but letters, digits, points and dashes.
  var safeForFiles: String {
    String(map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" })
  }
}
