import Files
import Networks
import Visualization
import Yams

/// Turns the nodes of a YAML file into a plan, and collects everything that is wrong on the way.
struct PlanReader {
  typealias Node = Yams.Node

  let file: String
  /// What keeps the plan as a whole from being read.
  private(set) var problems: [GalleryPlanError.Problem] = []
  /// What keeps single entries from being made.
  private(set) var refused: [GalleryPlanError.Problem] = []
  /// Whether an entry is being read, so that what is wrong costs that alone.
  private var isInEntry = false
  private var defaults: [String: String] = [:]
  private var defaultSeeds: GalleryPlan.Seeds?
  /// Lists and units that were looked at; an alias counts as often as it stands for something.
  private var nodeCount = 0
  private var isTooLong: Bool { nodeCount > Self.mostNodes }

  private static let planKeys = [
    "title", "description", "model", "output", "defaults", "pictures", "sections", "saliency",
    "dreams", "grids",
  ]
  private static let seedKeys = ["seed", "seeds"]
  private static let settingKeys = GalleryPlan.settings.map { $0.key } + seedKeys
  private static let entryKeys = ["unit", "units", "objective", "caption"] + settingKeys

  /// The most lists and units of a plan.
  private static let mostNodes = 2 * GalleryPlan.mostPictures
  /// The most pictures that one unit may get.
  private static let seedLimit = 10_000

  init(file: String) {
    self.file = file
  }

  /// Reads the whole file.
  mutating func plan(_ root: Node, source: String) -> GalleryPlan {
    var plan = GalleryPlan(file: file, entries: [], source: source)
    guard let mapping = root.mapping else {
      report(root, "a plan consists of keys such as `pictures:`, each with a value")
      return plan
    }
    if let node = mapping["defaults"] {
      (defaults, defaultSeeds) = settings(of: node, keys: Self.settingKeys, place: "`defaults`")
    }
    for (key, value) in mapping {
      switch key.string {
      case "title": plan.title = text(value, of: "title")?.withVisibleControls
      case "description":
        plan.description = prose(value, of: "description")
      case "model": plan.model = path(value, of: "model")
      case "output": plan.output = path(value, of: "output")
      case "pictures": plan.entries += entries(value)
      case "sections": sections(value, into: &plan)
      case "saliency": plan.saliency = saliency(value)
      case "dreams": plan.dreams = dreams(value)
      case "grids": plan.grids = grids(value)
      case "defaults": break
      case let name? where Self.settingKeys.contains(name):
        report(key, "`\(name)` belongs under `defaults:`, or to a picture")
      default: reportUnknown(key, Self.planKeys, "a plan")
      }
    }
    if let node = mapping["defaults"] {
      checkDefaults(node, of: plan.entries)
    }
    switch (mapping["pictures"], mapping["sections"]) {
    case (nil, nil) where !["saliency", "dreams", "grids"].contains { mapping[$0] != nil }:
      report(nil, "the plan has no `pictures:`; list its units there")
    case (_?, let sections?):
      report(
        sections, "`pictures` and `sections` exclude each other; give each section its pictures")
    default: break
    }
    return plan
  }

  // MARK: Pictures

  mutating func entries(_ node: Node) -> [GalleryPlan.Entry] {
    guard let list = node.sequence, !list.isEmpty else {
      report(node, "`pictures` must be a list of units, such as `- cat`")
      return []
    }
    return list.compactMap { node in alone { $0.entry(node) } }
  }

  /// Reads one entry; it is left out where anything in it is wrong.
  mutating func alone<Entry>(_ read: (inout Self) -> Entry?) -> Entry? {
    isInEntry = true
    defer { isInEntry = false }
    let count = refused.count
    let entry = read(&self)
    return refused.count == count ? entry : nil
  }

  private mutating func entry(_ node: Node) -> GalleryPlan.Entry? {
    if node.mapping == nil {
      return GalleryPlan.Entry(units: units(node), settings: defaults, seeds: defaultSeeds)
    }
    let subjects = ["unit", "units", "objective"].filter { node[$0] != nil }
    guard !subjects.isEmpty else {
      // A typo in `unit` is one mistake, not two.
      let count = problems.count + refused.count
      _ = settings(of: node, keys: Self.entryKeys, place: "a picture")
      if problems.count + refused.count == count { report(node, "this picture has no `unit`") }
      return nil
    }
    if subjects.count > 1 {
      report(node, subjects.map { "`\($0)`" }.joined(separator: " and ") + " exclude each other")
    }
    let (own, seeds) = settings(of: node, keys: Self.entryKeys, place: "a picture")
    if let idle = idle(own.keys, in: defaults.merging(own) { $1 }).first {
      report(node, idle.sentence { "`\($0)`" })
    }
    return GalleryPlan.Entry(
      units: (node["unit"] ?? node["units"]).map { units($0) } ?? [],
      objectives: node["objective"].map { units($0) } ?? [],
      settings: defaults.merging(own) { $1 }, seeds: seeds ?? defaultSeeds,
      caption: node["caption"].flatMap { prose($0, of: "caption") })
  }

  /// Units or expressions of them; what a network has of these is found out later.
  private mutating func units(_ node: Node) -> [GalleryPlan.Line] {
    guard !isTooLong else { return [] }
    nodeCount += 1
    if isTooLong {
      problems.append(.init(line: node.mark?.line, message: "\(PlanSizeError())"))
      return []
    }
    switch node {
    case .scalar(let scalar) where !scalar.string.isEmpty:
      return [.init(scalar.string, line: node.mark?.line)]
    case .sequence(let list) where !list.isEmpty:
      return list.flatMap { units($0) }
    default:
      report(node, "a unit is a text: cat, 281, layer3:17, layer3:0-15, all logits")
      return []
    }
  }

  // MARK: Settings

  /// Refuses defaults that change no picture of a plan.
  private mutating func checkDefaults(_ node: Node, of entries: [GalleryPlan.Entry]) {
    for key in defaults.keys.sorted() {
      let all = entries.map { idle([key], in: $0.settings) }
      // Where no picture is left, that is said by itself.
      guard let first = all.first?.first, all.allSatisfy({ !$0.isEmpty }) else { continue }
      refused.append(
        .init(line: node.mark?.line, message: "`defaults`: \(first.sentence { "`\($0)`" })"))
    }
  }

  /// Those of some settings that change nothing beside others.
  private func idle(
    _ keys: some Sequence<String>, in settings: [String: String]
  ) -> [IdleSettingError] {
    var recipe = Recipe()
    // What a value must be was said where it was read.
    guard (try? recipe.take(settings)) != nil else { return [] }
    return keys.sorted().compactMap { key -> IdleSettingError? in
      do throws(IdleSettingError) {
        try recipe.checkUse(of: [key])
        return nil
      } catch {
        return error
      }
    }
  }

  private mutating func settings(
    of node: Node, keys: [String], place: String
  ) -> ([String: String], GalleryPlan.Seeds?) {
    guard let mapping = node.mapping else {
      report(node, "\(place) must have keys, such as `steps: 256`")
      return ([:], nil)
    }
    var values: [String: String] = [:]
    for (key, value) in mapping {
      guard let name = key.string, keys.contains(name) else {
        reportUnknown(key, keys, place)
        continue
      }
      if let setting = Settings.named(name), name != Settings.seed.key {
        values[name] = self.value(value, of: setting)
      }
    }
    if mapping["seed"] != nil, mapping["seeds"] != nil {
      report(node, "`seed` and `seeds` exclude each other")
    }
    return (values, mapping["seed"].flatMap { seed($0) } ?? mapping["seeds"].flatMap { seeds($0) })
  }

  private mutating func value(_ node: Node, of setting: any SettingDeclaration) -> String? {
    do {
      let text = try setting.normalized(node.scalar?.string ?? "")
      return setting.isPath ? text.map(relative) : text
    } catch {
      report(node, "`\(setting.key)` is \(described(node)) and must be \(error.expected)")
      return nil
    }
  }

  private mutating func seed(_ node: Node) -> GalleryPlan.Seeds? {
    guard let seed = node.scalar.flatMap({ UInt64($0.string) }) else {
      report(node, "`seed` is \(described(node)) and must be a whole number, 0 or more")
      return nil
    }
    return .list([seed])
  }

  private mutating func seeds(_ node: Node) -> GalleryPlan.Seeds? {
    if let count = node.scalar.flatMap({ Int($0.string) }), (1...Self.seedLimit).contains(count) {
      return .count(count)
    }
    if let list = node.sequence, !list.isEmpty {
      let seeds = list.compactMap { $0.scalar.flatMap { UInt64($0.string) } }
      if seeds.count == list.count { return .list(seeds) }
    }
    report(
      node,
      "`seeds` is \(described(node)) and must be how many, from 1 to \(Self.seedLimit), or a list such "
        + "as [1, 5, 9]")
    return nil
  }

  // MARK: Texts

  mutating func text(_ node: Node, of key: String) -> String? {
    guard let text = node.scalar?.string, !text.isEmpty else {
      report(node, "`\(key)` is \(described(node)) and must be a text")
      return nil
    }
    return text
  }

  private mutating func path(_ node: Node, of key: String) -> String? {
    text(node, of: key).map(relative)
  }

  /// A path of the plan, from the working directory.
  private func relative(_ path: String) -> String {
    path.fromFolder(of: file)
  }

  func described(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "“\(scalar.string)”"
    case .sequence: "a list"
    default: "a group of keys"
    }
  }

  // MARK: Problems

  mutating func reportUnknown(_ key: Node, _ keys: [String], _ place: String) {
    let name = key.string ?? ""
    let near = nearest(to: name, in: keys, count: 3).map { "`\($0)`" }
    // A plan of another version, or a typing error: what was meant is for nobody to guess.
    problems.append(
      .init(
        line: key.mark?.line,
        message: "\(place) has no key `\(name)`; "
          + (near.isEmpty
            ? "the keys are \(keys.joined(separator: ", "))"
            : "did you mean \(near.joined(separator: " or "))?")))
  }

  mutating func report(_ node: Node?, _ message: String) {
    let problem = GalleryPlanError.Problem(line: node?.mark?.line, message: message)
    if isInEntry { refused.append(problem) } else { problems.append(problem) }
  }
}
