import Attribution
import Explanations
import Files
import Imaging
import Networks
import Portraits

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A photograph of a gallery that is explained, on a sheet of its own.
public struct GallerySheet: Sendable {
  /// The photograph's file, from the working directory.
  public let picture: String
  /// The sheet's name in the gallery's folder, with the extension; nothing else of the gallery has it.
  public let fileName: String
  /// What stands under the sheet.
  let caption: String?
  let explainer: Explainer
  /// What is explained; none: the surest classes.
  let subjects: [SaliencyMap.Subject]
  let top: Int
  let methods: [ConfiguredMethod]
  /// Everything that the sheet depends on: where two agree, the sheets do.
  let key: String
}

extension GalleryPlan {
  /// The sheets of the plan, in its order.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - software: The program and its version.
  ///   - taken: File names that are taken already.
  ///   - refused: Gets every picture, unit and method that is not there; the others stand on the sheets.
  /// - Returns: The sheets.
  func sheets(
    in network: Network, software: String, besides taken: [String],
    refused: inout [GalleryPlanError.Problem]
  ) -> [GallerySheet] {
    var sheets: [GallerySheet] = []
    var names = Set(taken.map { $0.lowercased() })
    func found<Value>(
      _ lines: [Line], isOfThisMachine: Bool = false, _ find: (String) throws -> Value
    ) -> [Value] {
      lines.compactMap { line in
        do {
          return try find(line.text)
        } catch {
          refused.append(.init(line: line.line, error: error, isOfThisMachine: isOfThisMachine))
          return nil
        }
      }
    }
    for entry in saliency {
      // A sheet keeps its name whatever becomes of the others.
      let fileNames = entry.pictures.map { Self.freeName($0.text, &names) }
      let explainer: Explainer
      do {
        explainer = try Explainer(network, fit: Framing.Fit(rawValue: entry.fit) ?? .crop)
      } catch {
        refused.append(.init(line: entry.pictures.first?.line, error: error))
        continue
      }
      let selection = UnitSelection(network: network, shapes: explainer.shapes) { count in
        try Self.checkRows(count)
      }
      var seen = Set<NetworkUnit>()
      let subjects = found(entry.units) { try selection.units($0) }.joined()
        .filter { seen.insert($0).inserted }.map { SaliencyMap.Subject(Subject($0)) }
      do {
        try Self.checkRows(subjects.count)
      } catch {
        refused.append(.init(line: entry.units.first?.line, error: error))
        continue
      }
      let methods = found(entry.methods) { try ConfiguredMethod(.named($0)) }
      // Without units, a sheet would explain the surest classes instead.
      if methods.isEmpty || subjects.isEmpty != entry.units.isEmpty { continue }
      // A picture that cannot be read is found out before the work.
      for (line, fileName) in zip(entry.pictures, fileNames) {
        let hashes = found([line], isOfThisMachine: true) { try Self.hash(ofPicture: $0) }
        guard let hash = hashes.first else { continue }
        let parts = [
          "saliency", "picture=\(hash)", "units=\(subjects.map(\.description))", "top=\(entry.top)",
          "methods=\(methods.map(\.title))", "fit=\(entry.fit)",
          "labels=\(SHA256.hexadecimal(Data(network.labels.joined(separator: "\n").utf8)))",
          "input=\(network.preparation.inWords)",
        ]
        let key = (parts + network.fed + ["model=\(network.sha256)", "software=\(software)"])
          .joined(separator: "; ")
        sheets.append(
          GallerySheet(
            picture: line.text, fileName: fileName, caption: entry.caption,
            explainer: explainer, subjects: subjects, top: entry.top, methods: methods, key: key))
      }
    }
    return sheets
  }

  /// The most units of a sheet.
  fileprivate static let mostRows = 256

  private static func checkRows(_ count: Int) throws {
    guard count <= mostRows else { throw SheetSizeError(count: count) }
  }

  private static func hash(ofPicture path: String) throws -> String {
    let bytes = try readFile(at: path)
    _ = try Picture(encoded: bytes, named: path)
    return SHA256.hexadecimal(Data(bytes))
  }

  /// A name that is not taken yet: `saliency-cat.png`, `saliency-cat-2.png`.
  private static func freeName(_ path: String, _ taken: inout Set<String>) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let words = file.split(separator: ".")
    let stem = words.dropLast(words.count > 1 ? 1 : 0).joined(separator: ".")
    let name = "saliency-\(NetworkUnit.slug(stem))"
    var free = "\(name).png"
    var number = 2
    while !taken.insert(free.lowercased()).inserted {
      free = "\(name)-\(number).png"
      number += 1
    }
    return free
  }
}

/// More units than a sheet has rows.
private struct SheetSizeError: Error, CustomStringConvertible {
  let count: Int

  var description: String {
    "\(count) units are more than a sheet has rows: ask for \(GalleryPlan.mostRows) at most"
  }
}
