import Files
import Foundation
import Imaging
import Networks
import Portraits
import Visualization

/// What several networks saw in several pictures, for people and for programs.
struct Judgement {
  /// What was seen in one picture.
  struct Row {
    let path: String
    /// The class that it is of; nil: nobody says one.
    let name: String?
    /// One a network.
    let verdicts: [Judge.Verdict]
    let traits: PictureTraits
  }

  private let judges: [String]
  private let preparations: [DescribedPreparation]
  var rows: [Row] = []

  /// Nothing seen yet.
  ///
  /// - Parameter networks: Those that are asked.
  init(judges networks: [Network]) {
    judges = networks.map(\.name)
    preparations = networks.map(DescribedPreparation.init(of:))
  }

  /// The class that a picture of this program is of, as its file says; nil: it says none.
  ///
  /// - Throws: `ImagingError` for a PNG that cannot be read.
  static func title(ofPictureAt path: String) throws -> String? {
    guard path.lowercased().hasSuffix(".png") else { return nil }
    let title = try PNGText.texts(inFileAt: path).first { $0.keyword == "Title" }?.text
    guard let title else { return nil }
    // Pictures of older versions have logits there.
    let ends = (NumberKind.allCases.map(\.one) + ["logit"]).compactMap {
      title.range(of: " (\($0) ", options: .backwards)?.lowerBound
    }
    return ends.max().map { String(title[..<$0]) }
  }

  // MARK: For people

  /// A line for each picture and network, then what they come to.
  func lines() -> [String] {
    let width = min(34, rows.map { name(of: $0).count }.max() ?? 0)
    let judgeWidth = min(26, judges.map(\.count).max() ?? 0)
    let table = rows.flatMap { row in
      zip(judges, row.verdicts).map { judge, verdict in
        "\(name(of: row).padded(to: width))  \(judge.padded(to: judgeWidth))  \(verdict.text(of: row.name))"
      }
    }
    return table + [""] + summary() + [traits]
  }

  private func name(of row: Row) -> String { row.path.withVisibleControls }

  private func summary() -> [String] {
    judges.indices.compactMap { index in
      let ranks = rows.compactMap { $0.verdicts[index].rank }
      guard !ranks.isEmpty else { return nil }
      func share(_ limit: Int) -> String {
        let count = ranks.filter { $0 <= limit }.count
        return "\(count) (\((100 * Double(count) / Double(ranks.count)).fixed(0)) %)"
      }
      return
        "\(judges[index]): of \(ranks.count), \(share(1)) named first, \(share(5)) among the first five"
    }
  }

  private var traits: String {
    func mean(_ value: (PictureTraits) -> Double) -> Double {
      rows.map { value($0.traits) }.reduce(0, +) / Double(max(rows.count, 1))
    }
    return "saturation \(mean(\.saturation).fixed(2)), detail \(mean(\.detail).fixed(3)), "
      + "\((100 * mean(\.clipped)).fixed(1)) % of the numbers at 0 or 255"
  }

  // MARK: For programs

  /// An array of pictures, each with what every network saw.
  func json() throws -> String {
    struct Seen: Encodable {
      let model: String
      let rank: Int?
      let probability: Float?
      let first: String
      let firstProbability: Float
      let pictures: DescribedPreparation
    }
    struct Entry: Encodable {
      let picture: String
      let `class`: String?
      let saturation, detail, clipped: Double
      let judges: [Seen]
    }
    let entries = rows.map { row in
      Entry(
        picture: row.path, class: row.name, saturation: row.traits.saturation,
        detail: row.traits.detail, clipped: row.traits.clipped,
        judges: zip(judges.indices, row.verdicts).map {
          Seen(
            model: judges[$0], rank: $1.rank, probability: $1.probability, first: $1.first,
            firstProbability: $1.firstProbability, pictures: preparations[$0])
        })
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(entries), as: UTF8.self)
  }
}

extension Judge.Verdict {
  /// What is said of it: `cat: rank 2, 31.0 %; sees tiger cat 45.2 %`.
  ///
  /// - Parameter name: The class that was asked for; nil: none.
  /// - Returns: One line.
  func text(of name: String?) -> String {
    func percent(_ share: Float) -> String { "\(Double(share * 100).fixed(1)) %" }
    let first = "sees \(first.withVisibleControls) \(percent(firstProbability))"
    guard let name else { return first }
    guard let rank, let probability else { return "\(first); knows no class “\(name)”" }
    return "\(name): rank \(rank), \(percent(probability)); \(first)"
  }
}
