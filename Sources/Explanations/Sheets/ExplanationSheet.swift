public import Imaging
import Networks
import Portraits
import Tensors

/// Photographs and their maps, to be looked at and compared.
public struct ExplanationSheet: Sendable {
  /// The photographs with their maps.
  public let rows: [ExplanationRow]
  /// How numbers become colours.
  public let style: MapStyle
  /// What else is to be said below all: the network, for example.
  public let note: String
  private let scales: ExplanationScales

  /// Lays out maps.
  ///
  /// - Parameters:
  ///   - rows: The photographs with their maps.
  ///   - style: How numbers become colours.
  ///   - note: What else is to be said below all: the network, for example.
  /// - Precondition: There is a row, and every row has a map or says why not.
  public init(_ rows: [ExplanationRow], style: MapStyle = MapStyle(), note: String = "") {
    precondition(rows.contains { !$0.entries.isEmpty }, "ExplanationSheet: no maps")
    (self.rows, self.style, self.note) = (rows, style, note)
    scales = ExplanationScales(ofEach: rows.map(\.explanations), style)
  }

  /// The sheet as one picture.
  ///
  /// - Parameter width: The width of a panel, in pixels; nil: what suits their number.
  /// - Returns: A picture without alpha.
  public func picture(width: Int? = nil) -> Picture {
    let lines = rows.flatMap(lines)
    let panels = isOfSignals ? Self.stacked(lines) : lines
    let columns = panels.map(\.count).max() ?? 1
    return PanelSheet(
      panels, width: width ?? usualWidth(columns), title: title, subtitle: subtitle,
      footer: footer
    ).picture()
  }

  // MARK: What all have in common

  private var isOfSignals: Bool { rows[0].photograph.form == .signal }

  /// Signals are long: their panels stand one below the other, or three side by side where there are many.
  private static func stacked(_ lines: [[Panel]]) -> [[Panel]] {
    let panels = lines.flatMap { $0.filter { !$0.heading.isEmpty } }
    return panels.chunks(of: panels.count > 8 ? 3 : 1)
  }

  private func usualWidth(_ columns: Int) -> Int {
    if isOfSignals { return columns == 1 ? InputDrawing.signalWidth : 480 }
    if Self.isVolume(rows[0].photograph), columns <= 3 { return InputDrawing.volumeWidth }
    return columns <= 3 ? 400 : columns <= 4 ? 320 : 260
  }

  private static func isVolume(_ photograph: Photograph) -> Bool {
    if case .volume = photograph.form { true } else { false }
  }

  private var entries: [ExplanationRow.Entry] { rows.flatMap(\.entries) }
  private var subjects: Set<SaliencyMap.Subject> { Set(entries.map(\.subject)) }
  private var methods: Set<String> { Set(entries.map(\.method)) }

  private var title: String {
    if subjects.count == 1, let subject = subjects.first { return subject.title }
    if methods.count == 1, let method = methods.first { return method }
    return "What mattered"
  }

  private var subtitle: String {
    guard subjects.count == 1 else { return "" }
    let method = methods.count == 1 ? methods.first : nil
    let values = rows.count == 1 ? rows[0].explanations.first.map(Self.value) : nil
    return [method, values].compactMap { $0 }.joined(separator: " · ")
  }

  private static func value(of explanation: SaliencyMap) -> String {
    explanation.probability.map(\.percent) ?? "value \(explanation.value.significant(3))"
  }

  private var footer: String {
    var sentences: [String] = []
    let shown = rows.flatMap(\.explanations).filter { $0.nothing == nil }
    if shown.contains(where: { scales.range(of: $0).lowerBound < 0 }) {
      sentences.append("Red speaks for, blue against.")
    }
    if style.percentile < 100, shown.contains(where: { !$0.shown.isCoarse && !$0.shown.isByParts })
    {
      sentences.append(
        "Colours are full from percentile \(style.percentile.plain) of the sizes on.")
    }
    let blurs = Set(shown.map { $0.shown.blur(style) }.filter { $0 > 0 })
    if !blurs.isEmpty {
      let pixels = blurs.sorted().map { Float($0).significant(2) }.joined(separator: ", ")
      let areAll = shown.allSatisfy { $0.shown.blur(style) > 0 }
      let which = areAll ? "Maps" : "Maps with a sign a pixel"
      sentences.append(
        "\(which) are shown evened out by a Gaussian of \(pixels) "
          + "\(isOfSignals ? "samples" : "pixels"); the numbers are not.")
    }
    if style.sharesScale, methods.count < entries.count {
      sentences.append(
        scales.groups.count == 1
          ? "One scale a method."
          : "One scale a method where photographs are explained for the same thing.")
    }
    if let words = shown.layersInWords { sentences.append(words) }
    for caution in shown.compactMap(\.caution).uniqued {
      let those = shown.filter { $0.caution == caution }.map(\.method.title).uniqued
      sentences.append("Of \(those.joined(separator: ", ")): \(caution).")
    }
    return (sentences + (note.isEmpty ? [] : [note])).joined(separator: " ")
  }

  // MARK: Panels

  /// A photograph's panels, in lines that are not too long: a line a subject where there are several, and
  /// several methods.
  private func lines(of row: ExplanationRow) -> [[Panel]] {
    let photograph = photographPanel(row.photograph)
    if entries.count == 1 { return [[photograph] + single(row)] }
    let isTable = subjects.count > 1 && methods.count > 1
    var groups = [row.entries]
    if isTable {
      groups = row.entries.map(\.subject).uniqued.map { subject in
        row.entries.filter { $0.subject == subject }
      }
    }
    let most = groups.map(\.count).max() ?? 1
    let columns = Self.columns(for: most + 1)
    if groups.count == 1, rows.count == 1 {
      let maps = row.entries.map { panel(of: $0, row.photograph, .overlay) }
      return ([photograph] + maps).chunks(of: columns)
    }
    let lines = groups.flatMap { group in
      group.map { panel(of: $0, row.photograph, .overlay) }.chunks(of: max(columns - 1, 1))
    }
    return lines.enumerated().map { [$0 == 0 ? photograph : Panel([], .nothing)] + $1 }
  }

  /// The map alone and over the photograph.
  private func single(_ row: ExplanationRow) -> [Panel] {
    guard case .map(let explanation) = row.entries[0], explanation.nothing == nil else {
      return [panel(of: row.entries[0], row.photograph, .overlay)]
    }
    var alone = panel(of: row.entries[0], row.photograph, .heatmap)
    alone.heading = ["map"]
    let overlay = Panel(
      ["map over the \(noun)"],
      .picture(picture(.overlay, of: explanation, row.photograph)))
    return [alone, overlay]
  }

  /// What a row is about.
  private var noun: String {
    if isOfSignals { return "signal" }
    return Self.isVolume(rows[0].photograph)
      ? "slices" : rows[0].photograph.isOfNumbers ? "input" : "photograph"
  }

  /// As many panels side by side as make a sheet that is wider than high, at most seven.
  static func columns(for count: Int) -> Int {
    if count <= 5 { return count }
    let columns = max(4, min(7, Int((Double(count) * 1.5).squareRoot().rounded(.up))))
    let lines = (count + columns - 1) / columns
    return (count + lines - 1) / lines
  }

  private func photographPanel(_ photograph: Photograph) -> Panel {
    let classes = photograph.classes.prefix(3).map { one in
      (one.probability.map { "\($0.percent)  " } ?? "")
        + NetworkUnit.title(ofLogit: one.index, labels: photograph.labels, of: one.numbers)
    }
    return Panel(
      [photograph.fileName], .picture(photograph.shown(width: Self.drawnWidth(photograph))),
      notes: (photograph.framing.cut.map { ["shown to the network: \($0)"] } ?? []) + classes)
  }

  private func panel(
    of entry: ExplanationRow.Entry, _ photograph: Photograph, _ layer: Photograph.Layer
  ) -> Panel {
    let heading = heading(of: entry)
    let size = (photograph.picture.width, photograph.picture.height)
    switch entry {
    case .failure(_, _, let reason):
      return Panel(heading, .words(reason, width: size.0, height: size.1))
    case .map(let explanation):
      if let nothing = explanation.nothingInWords {
        return Panel(heading, .words(nothing, width: size.0, height: size.1))
      }
      return Panel(
        heading, .picture(picture(layer, of: explanation, photograph)),
        bar: bar(of: explanation), notes: explanation.figures)
    }
  }

  private func picture(
    _ layer: Photograph.Layer, of explanation: SaliencyMap, _ photograph: Photograph
  ) -> Picture {
    photograph.picture(
      layer, of: explanation, style, range: scales.range(of: explanation),
      width: Self.drawnWidth(photograph))
  }

  /// Photographs are drawn at twice a panel's usual width at most, and not smaller than it.
  private static func drawnWidth(_ photograph: Photograph) -> Int {
    if photograph.form == .signal { return InputDrawing.signalWidth }
    if isVolume(photograph) { return InputDrawing.volumeWidth }
    return min(max(photograph.picture.width, 400), 640)
  }

  private func heading(of entry: ExplanationRow.Entry) -> [String] {
    var lines: [String] = []
    if methods.count > 1 { lines.append(entry.method) }
    if subjects.count > 1 || rows.count > 1 || lines.isEmpty { lines.append(entry.subject.title) }
    guard case .map(let explanation) = entry, subjects.count > 1 || rows.count > 1 else {
      return lines
    }
    let value = Self.value(of: explanation)
    return lines.count > 1 ? [lines[0], "\(lines[1]) · \(value)"] : lines + [value]
  }

  private func bar(of explanation: SaliencyMap) -> (ColorBar, Panel.BarLabels) {
    let range = scales.range(of: explanation)
    let (lower, upper) = (range.lowerBound.significant(2), range.upperBound.significant(2))
    guard range.lowerBound < 0 else {
      return (ColorBar(explanation.shown.colors(range), range), .init(lower: lower, upper: upper))
    }
    let (against, forIt) =
      explanation.subject.second.map {
        ("for \($0.title)", "for \(explanation.subject.first.title)")
      } ?? ("against", "for")
    return (
      ColorBar(.blueWhiteRed, range),
      .init(lower: "\(lower) \(against)", middle: "0", upper: "\(forIt) \(upper)")
    )
  }
}

extension SaliencyMap {
  /// What the map adds up to and its largest value, as lines under it, and whose it is besides.
  public var figures: [String] {
    sums + (plainer.map { ["the same numbers as \($0)"] } ?? [])
  }

  private var sums: [String] {
    var largest = "largest \(self.largest.significant(3))"
    if let error = standardError?.scalars.max(), error > 0 {
      largest += ", standard error ≤ \(error.significant(2))"
    }
    guard let sum else { return [largest] }
    if let total {
      let what = shown.isByParts ? "sum of parts" : "sum"
      return ["\(what) \(sum.significant(4)), should be \(total.significant(4))", largest]
    }
    return ["sum \(sum.significant(3)) · \(largest)"]
  }
}

extension Double {
  /// The number without a point where it is whole.
  fileprivate var plain: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}

extension Array where Element: Hashable {
  /// Every element once, in order.
  var uniqued: [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}

extension Array {
  /// The elements in parts of so many, the last one shorter.
  func chunks(of count: Int) -> [[Element]] {
    stride(from: 0, to: self.count, by: count).map {
      Array(self[$0..<Swift.min($0 + count, self.count)])
    }
  }
}
