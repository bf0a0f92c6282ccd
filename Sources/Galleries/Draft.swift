import Networks
import Portraits
import Tensors
import Visualization

/// A picture that has no name yet.
struct Draft: Hashable {
  let subject: Subject
  let recipe: Recipe
  /// The seed of the subject's first picture.
  let usualSeed: UInt64

  /// Gives every picture a file name of its own, that stays when the plan grows.
  ///
  /// A subject's name comes first, channels with leading zeros, so that names sort as the network does. A
  /// picture that is not the subject's first has the settings in which it differs from that, and a seed that
  /// is not the usual one.
  static func items(
    _ drafts: [Draft], shapes: [PictureSize: [String: Shape]], _ network: Network
  ) -> [GalleryItem] {
    let bySubject = Dictionary(grouping: drafts, by: \.subject)
    let differing = bySubject.mapValues(settingsThatDiffer)
    let withSeeds = bySubject.mapValues { Set($0.map(\.recipe.seed)).count > 1 }
    var taken: Set = ["contact-sheet", "index"]
    // Where the numbers of names that are taken go on.
    var numbers: [String: Int] = [:]
    return drafts.map { draft in
      let siblings = bySubject[draft.subject] ?? []
      var variant: [String] = []
      var suffix = ""
      for setting in differing[draft.subject] ?? [] {
        guard let value = setting.text(in: draft.recipe) else { continue }
        variant.append("\(setting.key) \(value)")
        // The first picture of a subject keeps its name when others join it.
        if siblings.first.flatMap({ setting.text(in: $0.recipe) }) != value {
          suffix += "-\(setting.key)-\(value.safeForFiles)"
        }
      }
      let seed = draft.recipe.seed
      let shapes = draft.recipe.size.flatMap { shapes[$0] }
      var name = draft.subjectName(shapes, network) + suffix
      if seed != draft.usualSeed { name += "-seed-\(seed)" }
      name = name.shortenedForFiles
      var unique = name
      var number = numbers[name.lowercased()] ?? 2
      defer { numbers[name.lowercased()] = number }
      // Some file systems do not tell capitals from small letters.
      while !taken.insert(unique.lowercased()).inserted {
        unique = "\(name)-\(number)"
        number += 1
      }
      return GalleryItem(
        subject: draft.subject, recipe: draft.recipe, fileName: unique + ".png",
        variant: (variant + (withSeeds[draft.subject] == true ? ["seed \(seed)"] : [])).joined(
          separator: ", "))
    }
  }

  private static func settingsThatDiffer(_ drafts: [Draft]) -> [any SettingDeclaration] {
    GalleryPlan.settings.filter { setting in
      drafts.contains { setting.text(in: $0.recipe) != setting.text(in: drafts[0].recipe) }
    }
  }

  private func subjectName(_ shapes: [String: Shape]?, _ network: Network) -> String {
    guard case .unit(let unit) = subject.kind, case .channel(let layer, let channel) = unit.kind,
      let value = try? network.value(ofLayer: layer), let count = shapes?[value]?[1]
    else { return subject.fileName }
    let digits = String(channel)
    let zeros = String(repeating: "0", count: max(0, String(count - 1).count - digits.count))
    return String(unit.fileName.dropLast(digits.count)) + zeros + digits
  }
}

extension String {
  /// The most bytes of a name: file systems take 255, and an extension and what makes it unique come after it.
  private static let mostBytes = 200

  /// The text without its end where it is longer than file systems take.
  fileprivate var shortenedForFiles: String {
    var short = self
    while short.utf8.count > Self.mostBytes { short.removeLast() }
    return short
  }

  /// The text with nothing but letters, digits, points and dashes.
  var safeForFiles: String {
    String(map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" })
  }
}
