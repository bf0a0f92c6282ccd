import Attribution
import Explanations
import Files
import Imaging
import Networks
import Objectives
import Portraits

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Turns what a plan says of photographs into sheets, and collects what cannot be made.
struct SheetDrafting {
  let network: Network
  private let software: String
  private(set) var sheets: [GallerySheet] = []
  private(set) var refused: [GalleryPlanError.Problem] = []
  /// File names that are taken, in small letters.
  private var names: Set<String>
  /// What photographs are called in the names of dreams and grids, by their paths: each by another name, whatever
  /// becomes of the others.
  private var stems: [String: String] = [:]

  /// - Parameters:
  ///   - network: The network.
  ///   - software: The program and its version.
  ///   - taken: File names that are taken already.
  init(_ network: Network, software: String, besides taken: [String]) {
    (self.network, self.software) = (network, software)
    names = Set(taken.map { $0.lowercased() })
  }

  /// The most units of a sheet, or of photographs that are dreamt on.
  static let mostUnits = 256

  // MARK: What mattered

  mutating func add(_ entry: GalleryPlan.SaliencyEntry) {
    // A sheet keeps its name whatever becomes of the others.
    let fileNames = entry.pictures.map { freeName(["saliency", Photograph.stem(of: $0.text)]) }
    guard let explainer = explainer(entry.fit, entry.pictures.first) else { return }
    let selection = UnitSelection(network: network, shapes: explainer.shapes) { count in
      try Self.checkUnits(count, "a sheet has rows")
    }
    let subjects = Self.units(found(entry.units) { try selection.units($0) })
      .map { SaliencyMap.Subject(Subject($0)) }
    do {
      try Self.checkUnits(subjects.count, "a sheet has rows")
    } catch {
      refused.append(.init(line: entry.units.first?.line, error: error))
      return
    }
    let methods = found(entry.methods) { try ConfiguredMethod(.named($0)) }
    // Without units, a sheet would explain the surest classes instead.
    if methods.isEmpty || subjects.isEmpty != entry.units.isEmpty { return }
    let content = SaliencySheet(
      explainer: explainer, subjects: subjects, top: entry.top, methods: methods)
    for (line, fileName) in zip(entry.pictures, fileNames) {
      guard let photograph = photograph(line) else { continue }
      add(
        content, of: photograph, as: fileName, entry.caption,
        [
          "units=\(subjects.map(\.description))", "top=\(entry.top)",
          "methods=\(methods.map(\.title))", "fit=\(entry.fit)",
        ])
    }
  }

  // MARK: Dreams

  mutating func add(_ entry: GalleryPlan.DreamEntry) {
    name(entry.pictures)
    for line in entry.pictures {
      guard let photograph = photograph(line) else { continue }
      let units: [NetworkUnit]
      do {
        let start = try entry.dream.start(photograph.picture, in: network)
        let selection = UnitSelection(network: network, shapes: start.shapes) { count in
          try Self.checkUnits(count, "an entry may have")
        }
        units = Self.units(found(entry.units) { try selection.units($0) })
        try Self.checkUnits(units.count, "an entry may have")
      } catch {
        refused.append(.init(line: line.line, error: error))
        continue
      }
      for subject in units.map({ Subject($0) }) {
        add(
          DreamSheet(
            network: network, subject: subject, dream: entry.dream,
            size: entry.dream.size(of: photograph.picture)),
          of: photograph,
          as: freeName(["dream", stems[line.text] ?? "", subject.fileName]),
          entry.caption, ["unit=\(subject.identity)", entry.dream.inWords])
      }
    }
  }

  // MARK: Grids

  mutating func add(_ entry: GalleryPlan.GridEntry) {
    name(entry.pictures)
    guard let explainer = explainer(entry.fit, entry.pictures.first) else { return }
    let layouts = network.layouts(in: explainer.shapes)
    let network = network
    let layers = found(entry.layers) { layer in
      guard let grid = layouts[try network.value(ofLayer: layer)]?.grid else {
        throw ObjectiveError.noPositions(layer: layer)
      }
      return (name: layer, positions: grid.width * grid.height)
    }
    let grid = entry.grid
    for line in entry.pictures {
      guard let photograph = photograph(line) else { continue }
      for layer in layers {
        add(
          GridSheet(
            explainer: explainer, layer: layer.name, grid: grid, positions: layer.positions),
          of: photograph,
          as: freeName([grid.kind, stems[line.text] ?? "", layer.name]), entry.caption,
          [
            "layer=\(layer.name)", "components=\(grid.showsComponents) \(grid.showsBackground)",
            grid.inWords, "fit=\(entry.fit)",
          ])
      }
    }
  }

  // MARK: What all have

  /// A photograph that is there and can be read.
  private struct Found {
    let path: String
    let picture: Picture
    let hash: String
  }

  /// A picture that cannot be read is found out before the work.
  private mutating func photograph(_ line: GalleryPlan.Line) -> Found? {
    found([line], isOfThisMachine: true) { path in
      let bytes = try readFile(at: path)
      return Found(
        path: path, picture: try Picture(encoded: bytes, named: path),
        hash: SHA256.hexadecimal(Data(bytes)))
    }.first
  }

  private mutating func explainer(_ fit: String, _ line: GalleryPlan.Line?) -> Explainer? {
    do {
      return try Explainer(network, fit: Framing.Fit(rawValue: fit) ?? .crop)
    } catch {
      refused.append(.init(line: line?.line, error: error))
      return nil
    }
  }

  private mutating func add(
    _ content: any SheetContent, of photograph: Found, as fileName: String, _ caption: String?,
    _ said: [String]
  ) {
    let parts =
      [content.section.rawValue, "picture=\(photograph.hash)"] + said + [
        "labels=\(SHA256.hexadecimal(Data(network.labels.joined(separator: "\n").utf8)))",
        "input=\(network.preparation.inWords)",
      ] + network.fed + ["model=\(network.sha256)", "software=\(software)"]
    sheets.append(
      GallerySheet(
        picture: photograph.path, fileName: fileName, caption: caption, content: content,
        key: parts.joined(separator: "; ")))
  }

  /// What there is of some texts of the plan; what there is not is refused.
  private mutating func found<Value>(
    _ lines: [GalleryPlan.Line], isOfThisMachine: Bool = false, _ find: (String) throws -> Value
  ) -> [Value] {
    lines.compactMap { line in
      do {
        return try find(line.text)
      } catch {
        let problem = GalleryPlanError.Problem(
          line: line.line, error: error, isOfThisMachine: isOfThisMachine)
        // Of every photograph once more.
        if !refused.contains(problem) { refused.append(problem) }
        return nil
      }
    }
  }

  /// Each unit once.
  private static func units(_ found: [[NetworkUnit]]) -> [NetworkUnit] {
    var seen = Set<NetworkUnit>()
    return found.joined().filter { seen.insert($0).inserted }
  }

  private static func checkUnits(_ count: Int, _ place: String) throws {
    guard count <= mostUnits else { throw SheetSizeError(count: count, place: place) }
  }

  /// Names photographs.
  private mutating func name(_ pictures: [GalleryPlan.Line]) {
    for path in pictures.map(\.text) where stems[path] == nil {
      let stem = NetworkUnit.slug(Photograph.stem(of: path))
      let others = Set(stems.values)
      let names = [stem] + (2...others.count + 2).map { "\(stem)-\($0)" }
      stems[path] = names.first { !others.contains($0) }
    }
  }

  /// A name that is not taken yet: `saliency-cat.png`, `saliency-cat-2.png`.
  private mutating func freeName(_ words: [String]) -> String {
    let name = words.map { NetworkUnit.slug($0) }.joined(separator: "-")
    var free = "\(name).png"
    var number = 2
    while !names.insert(free.lowercased()).inserted {
      free = "\(name)-\(number).png"
      number += 1
    }
    return free
  }
}

/// More units than a sheet has rows, or an entry may have.
private struct SheetSizeError: Error, CustomStringConvertible {
  let count: Int
  let place: String

  var description: String {
    "\(count) units are more than \(place): ask for \(SheetDrafting.mostUnits) at most"
  }
}
