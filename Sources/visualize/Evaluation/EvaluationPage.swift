import Faithfulness
import Foundation
import Galleries
import Imaging
import Visualization

/// An evaluation as one web page that needs no other file: methods as rows, the best first, pictures and measures
/// as columns.
struct EvaluationPage {
  /// A picture and what methods say of it.
  private struct Shown {
    let name: String
    let unit: String
    let image: String
    var maps: [String: String] = [:]
  }

  private var pictures: [Shown] = []

  /// The side of a picture on the page, in pixels.
  private static let side = 112

  /// Adds a picture.
  mutating func add(_ picture: Picture, named name: String, unit: String) {
    pictures.append(Shown(name: name, unit: unit, image: Self.image(picture)))
  }

  /// Adds a method's map over a picture.
  mutating func add(_ overlay: Picture, of method: String, at name: String) {
    guard let index = pictures.firstIndex(where: { $0.name == name }) else { return }
    pictures[index].maps[method] = Self.image(overlay)
  }

  /// The page.
  func html(of evaluation: MethodEvaluation, facts: [String: String]) -> String {
    let count = pictures.count
    return """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="\(HTML.escaped(facts["software"] ?? ""))">
      <title>Explanations of \(HTML.escaped(facts["model"] ?? ""))</title>
      <style>\(Self.style)</style>
      <header>
      <h1>Which explanations hold up</h1>
      <p>\(HTML.escaped(facts["model"] ?? "")), \(count) picture\(count == 1 ? "" : "s"). \
      \(HTML.escaped(MethodEvaluation.rule))</p>
      </header>
      <main>
      <div class="wide">
      <table>
      <thead>\(head(evaluation))</thead>
      <tbody>
      \(evaluation.ranking.enumerated().map { row($0.offset + 1, $0.element, evaluation) }
        .joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <p class="legend">Filled: the best of a column; crossed out: hardly changes where it must. ± is the \
      standard error\(count > 1 ? " over pictures" : " of what was drawn at random"). Curves are the means over \
      pictures.\(evaluation.likeness.map { " \(HTML.escaped($0))" } ?? "")</p>
      <h2>What is measured</h2>
      <dl>
      \(evaluation.measures.map(Self.definition).joined(separator: "\n"))
      </dl>
      <h2>How it was made</h2>
      <pre>\(HTML.escaped(facts["command"] ?? ""))</pre>
      <p class="legend">\(HTML.escaped(facts["software"] ?? "")), seed \(facts["seed"] ?? ""), pictures of \
      \(HTML.escaped(facts["size"] ?? "")), SHA-256 of the model \(facts["model_sha256"] ?? "").</p>
      </main>
      </html>

      """
  }

  private func head(_ evaluation: MethodEvaluation) -> String {
    let shown = pictures.map {
      "<th class=\"map\"><img src=\"\($0.image)\" alt=\"\">"
        + "<span>\(HTML.escaped($0.unit))</span></th>"
    }
    let measures = evaluation.measures.map { measure in
      let better =
        switch measure.better {
        case .higher: "more is better"
        case .lower: "less is better"
        case .neither: ""
        }
      return "<th title=\"\(HTML.escaped(measure.summary))\">\(HTML.escaped(measure.name))"
        + "<span>\(better)</span></th>"
    }
    return "<tr><th class=\"name\">method<span>mean rank</span></th>"
      + (shown + measures).joined() + "</tr>"
  }

  private func row(_ place: Int, _ rank: MethodEvaluation.Rank, _ evaluation: MethodEvaluation)
    -> String
  {
    let name =
      "<th class=\"name\"><b>\(place)</b> <i>\(HTML.escaped(rank.method))</i>"
      + "<span>\(rank.mean?.fixed(2) ?? "not ranked")\(rank.blindTo.isEmpty ? "" : ", fails a check")</span></th>"
    let maps = pictures.map { picture in
      "<td class=\"map\">"
        + (picture.maps[rank.method].map {
          "<img src=\"\($0)\" alt=\"\(HTML.escaped(rank.method)) of \(HTML.escaped(picture.name))\">"
        } ?? "") + "</td>"
    }
    let cells = evaluation.measures.map { cell(rank.method, $0, evaluation) }
    return "<tr\(rank.blindTo.isEmpty ? "" : " class=\"blind\"")>" + name
      + (maps + cells).joined() + "</tr>"
  }

  private func cell(
    _ method: String, _ measure: RegisteredMeasure, _ evaluation: MethodEvaluation
  ) -> String {
    guard let found = evaluation.mean(method, measure) else { return "<td>–</td>" }
    let values = evaluation.methods.compactMap { evaluation.mean($0, measure)?.value }
    let best = measure.ranks ? measure.better == .higher ? values.max() : values.min() : nil
    let style =
      found.isBlind ? " class=\"fails\"" : found.value == best ? " class=\"best\"" : ""
    let value = EvaluationTable.number(found.value).replacing("-", with: "−")
    var text = "<td\(style)><i>\(HTML.escaped(value))</i>"
    if let error = found.standardError { text += "<span>± \(EvaluationTable.number(error))</span>" }
    if let counted = found.counted { text += "<span>\(counted.kept) of \(counted.total)</span>" }
    if measure.hasCurve { text += Self.curve(found.parts) }
    return text + "</td>"
  }

  /// A line from the left to the right, from 0 or its least to its greatest.
  private static func curve(_ values: [Double]) -> String {
    guard values.count > 1, let low = values.min(), let high = values.max(), high > low else {
      return ""
    }
    let base = min(low, 0)
    let points = values.enumerated().map { index, value in
      "\((Double(index) / Double(values.count - 1) * 60).fixed(1)),"
        + ((1 - (value - base) / (high - base)) * 22 + 1).fixed(1)
    }
    return
      "<svg viewBox=\"0 0 60 24\"><polyline points=\"\(points.joined(separator: " "))\"/></svg>"
  }

  private static func definition(_ measure: RegisteredMeasure) -> String {
    "<dt>\(HTML.escaped(measure.name))\(measure.ranks ? " · ranks" : "")</dt>"
      + "<dd>\(HTML.escaped(measure.summary))</dd>"
  }

  /// A picture as the address of itself.
  private static func image(_ picture: Picture) -> String {
    let small =
      picture.width > side || picture.height > side
      ? picture.fitted(width: side, height: side) : picture
    guard let png = try? small.png() else { return "" }
    return "data:image/png;base64,\(Data(png).base64EncodedString())"
  }
}

extension RegisteredMeasure {
  /// Whether its parts are a curve that one wants to see.
  fileprivate var hasCurve: Bool {
    ["deletion", "insertion", "deletion-unit", "insertion-unit", "pixel-flipping"].contains(name)
  }
}
