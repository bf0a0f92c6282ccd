import Attribution
import Explanations
import Files
import Imaging
import Networks
import Portraits

/// How explanations become files, and what they are called.
final class SaliencyOutput {
  private let maps: MapOptions
  private let files: SaliencyFiles
  let known: ExplainedUnits.Known
  /// What stands for all methods in a file's name.
  private let methods: String
  private let seed: UInt64?
  private var taken = Set<String>()
  /// The methods of which it was said that they have no number for each channel.
  private var withoutChannels = Set<String>()
  /// All photographs of the sheets.
  private var photographs: PhotographHash?

  init(
    _ maps: MapOptions, _ files: SaliencyFiles, known: ExplainedUnits.Known, methods: MethodOptions
  ) {
    (self.maps, self.files, self.known) = (maps, files, known)
    (self.methods, seed) = (methods.fileName, methods.usedSeed)
  }

  /// Whether nothing but pictures is made.
  var drawsOnly: Bool { maps.formats == [.png] }

  /// Saves what has a file for every map: numbers, and pictures of the maps alone.
  ///
  /// - Parameters:
  ///   - row: The maps of a photograph.
  ///   - hash: The network's hash.
  ///   - photograph: The photograph's hash.
  /// - Throws: Where a file cannot be written.
  func saveMaps(_ row: ExplanationRow, hash: String, photograph: PhotographHash) throws {
    guard maps.isFilePerMap else { return }
    let scales = ExplanationScales(of: row.explanations, maps.style)
    for explanation in row.explanations {
      for format in maps.formats where format != .png || maps.part != .sheet {
        let name = name(
          of: explanation.subject, explanation.method, row.photograph.stem, format)
        let path = files.path(unique(name, format.rawValue), format)
        if format == .png {
          try picture(explanation, row.photograph, scales).save(
            to: path, texts: texts(of: explanation, hash: hash) + [photograph.text])
        } else {
          let bytes = try numbers(explanation, of: row.photograph, format, hash)
          try Interruption.deferred { try writeAtomically(bytes, to: path) }
        }
        print(path)
        if format == .npy { try saveErrors(of: explanation, row.photograph, beside: path) }
      }
    }
  }

  /// A map's file, without extension.
  private func name(
    of subject: SaliencyMap.Subject, _ method: ConfiguredMethod, _ stem: String,
    _ format: MapOptions.Format
  ) -> String {
    let part = format == .png ? "-\(maps.part.rawValue)" : ""
    let subject = known.fileName == nil ? "" : "-\(subject.fileName)"
    return "\(stem)-saliency-\(method.registered.name)\(subject)\(part)"
  }

  /// Refuses, before the work, a file for a map that may not be replaced.
  ///
  /// - Parameters:
  ///   - subject: What will be explained.
  ///   - method: By which method.
  ///   - stem: The photograph's name.
  ///   - hash: The network's hash.
  ///   - photograph: The photograph's hash.
  /// - Throws: `OccupiedError`; where the file cannot be written.
  func checkMap(
    of subject: SaliencyMap.Subject, by method: ConfiguredMethod, stem: String, hash: String,
    photograph: PhotographHash
  ) throws {
    guard maps.isFilePerMap else { return }
    for format in maps.formats where format != .png || maps.part != .sheet {
      try files.check(
        files.path(name(of: subject, method, stem, format), format), methods: method.title,
        modelHash: hash, photographs: photograph)
    }
  }

  /// Refuses, before the work, a sheet that may not be replaced.
  ///
  /// - Parameters:
  ///   - paths: The photographs' files.
  ///   - hash: The network's hash.
  /// - Throws: `OccupiedError`; where the file cannot be written.
  func checkSheet(of paths: [String], hash: String) throws {
    guard maps.formats.contains(.png), maps.part == .sheet, let first = paths.first else { return }
    let (stem, count) = (Photograph.stem(of: first), paths.count)
    let photographs = PhotographHash(of: paths)
    self.photographs = photographs
    let limit = SaliencyRun.rowLimit
    let numbers: [Int?] = count <= limit ? [nil] : (1...(count + limit - 1) / limit).map { $0 }
    for number in numbers {
      let name = sheetName(stem: stem, count: count, number)
      try files.check(
        files.path(name, .png), methods: methods, modelHash: hash, photographs: photographs)
    }
  }

  private func sheetName(stem: String, count: Int, _ number: Int?) -> String {
    (count == 1 ? "\(stem)-saliency" : "saliency") + "-\(methods)"
      + (known.fileName.map { "-\($0)" } ?? "") + (number.map { "-\($0)" } ?? "")
  }

  /// Saves how uncertain a random method's numbers are, beside them.
  private func saveErrors(
    of map: SaliencyMap, _ photograph: Photograph, beside path: String
  ) throws {
    guard let errors = map.standardErrors(on: maps.grid ?? .network, of: photograph) else { return }
    let stem = path.hasSuffix(".npy") ? String(path.dropLast(4)) : path
    let path = stem + "-standard-error.npy"
    try Interruption.deferred { try writeAtomically(NPY.file(of: errors), to: path) }
    print(path)
  }

  /// Saves a sheet with everything on it, where it is asked for.
  ///
  /// - Parameters:
  ///   - rows: The maps.
  ///   - number: Which sheet it is, from 1; nil: the only one.
  ///   - paths: All photographs' files.
  ///   - network: The network.
  /// - Throws: Where the file cannot be written.
  func saveSheet(
    _ rows: [ExplanationRow], number: Int?, of paths: [String], network: Network
  ) throws {
    guard maps.formats.contains(.png), maps.part == .sheet else { return }
    let name = sheetName(stem: rows[0].photograph.stem, count: paths.count, number)
    let sheet = ExplanationSheet(
      rows, style: maps.style,
      note: "\(network.name), \(rows[0].photograph.extents).")
    let path = files.path(unique(name, "png"), .png)
    let subjects = Set(rows.flatMap(\.explanations).map(\.subject.description))
    let title = subjects.count == 1 ? " of \(subjects.first ?? "")" : ""
    try sheet.picture(width: maps.width).save(
      to: path,
      texts: Provenance.current.texts(network: network, title: methods + title, seed: seed)
        + [(photographs ?? PhotographHash(of: paths)).text])
    print(path)
  }

  private func texts(of explanation: SaliencyMap, hash: String) -> [PNGText] {
    var texts = [
      PNGText(
        keyword: "Title", text: "\(explanation.method.title) of \(explanation.subject.description)"),
      PNGText(keyword: "Software", text: Provenance.current.software),
      PNGText(keyword: "Command", text: Provenance.current.command),
      PNGText(keyword: "Model SHA-256", text: hash),
    ]
    if let seed { texts.append(PNGText(keyword: "Seed", text: "\(seed)")) }
    return texts
  }

  private func picture(
    _ explanation: SaliencyMap, _ photograph: Photograph, _ scales: ExplanationScales
  ) -> Picture {
    photograph.picture(
      maps.part == .overlay ? .overlay : .heatmap, of: explanation, maps.style,
      range: scales.range(of: explanation), width: maps.width ?? photograph.picture.width)
  }

  private func numbers(
    _ explanation: SaliencyMap, of photograph: Photograph, _ format: MapOptions.Format,
    _ hash: String
  ) throws -> [UInt8] {
    // A table has two axes.
    let usual: SaliencyMap.Channels =
      photograph.isOfNumbers && format != .csv ? .each : .together
    let numbers = explanation.numbers(
      maps.channels ?? usual, on: maps.grid ?? .network, of: photograph)
    let name = explanation.method.registered.name
    if maps.channels == .each, explanation.method.registered.kind == .lowResolution,
      withoutChannels.insert(name).inserted
    {
      Terminal.note("\(name) has one number a position: --channels each changes nothing of it.")
    }
    switch format {
    case .npy: return NPY.file(of: numbers)
    case .csv: return commaSeparated(numbers)
    case .json, .png:
      return try explanation.json(numbers, of: photograph, modelSHA256: hash)
    }
  }

  /// A name that no other result of this command has.
  private func unique(_ name: String, _ format: String) -> String {
    var unique = name
    var number = 2
    // Some file systems do not tell capitals from small letters.
    while !taken.insert("\(unique).\(format)".lowercased()).inserted {
      unique = "\(name)-\(number)"
      number += 1
    }
    return unique
  }
}
