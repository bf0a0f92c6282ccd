import Graphs
import Plans
public import Tensors

extension NetworkUnit {
  /// Finds the unit that a text names.
  ///
  /// A layer is meant where its name is spelt exactly and no label fits, nor the number of a class; `cat:` means the
  /// layer in any case. Then come labels, in whatever case: one that is the text, or has it among its names; then a
  /// logit's number; then labels with the text among their words. What could mean several things is
  /// refused, never guessed. `logit 281` is that number whatever the labels say, and so is `class 281`, `dimension 281`
  /// or `value 281` where none of them reads so.
  ///
  /// - Parameters:
  ///   - text: `cat`, `281`, `logit 281`, `layer3:17`, `layer3:17@4,5`, `layer3:17@class` or `layer3`.
  ///   - network: The network.
  ///   - inputShape: The pictures that will go in, N×C×H×W; they decide which neurons there are.
  /// - Throws: `UnitError` or `NetworkError`, with the nearest names or the range.
  public init(_ text: String, in network: Network, inputShape: Shape) throws {
    try self.init(text, in: network, shapes: network.shapes(inputShape: inputShape))
  }

  /// Finds the unit that a text names, where the shapes are known already.
  ///
  /// - Parameters:
  ///   - text: `cat`, `281`, `logit 281`, `layer3:17`, `layer3:17@4,5`, `layer3:17@class` or `layer3`.
  ///   - network: The network.
  ///   - shapes: What the network's `shapes(inputShape:)` returned.
  /// - Throws: `UnitError` or `NetworkError`, with the nearest names or the range.
  public init(_ text: String, in network: Network, shapes: [String: Shape]) throws {
    self = try UnitFinder(network, shapes: shapes).unit(text)
  }

  /// The number in `logit 281`; nil of any other text.
  package static func logit(named text: String) -> Int? { number(in: text, after: "logit") }

  /// The number in `class 281` or `class:281`; nil of any other text.
  fileprivate static func number(in text: String, after word: String) -> Int? {
    let words = text.lowercased().split(omittingEmptySubsequences: false) { $0 == " " || $0 == ":" }
    guard words.count == 2, words[0] == word, !words[1].isEmpty,
      words[1].allSatisfy({ "0"..."9" ~= $0 })
    else { return nil }
    return Int(words[1])
  }
}

/// Finds units by what people write; what it has to know of the network is found out once.
package final class UnitFinder {
  private let network: Network
  private let shapes: [String: Shape]
  private lazy var layouts = network.layouts(in: shapes)
  private lazy var logits = network.logits(in: shapes)
  private lazy var scores = network.classScores(in: shapes)
  private lazy var index = network.labelIndex.value

  /// Creates a finder.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - shapes: What the network's `shapes(inputShape:)` returned.
  package init(_ network: Network, shapes: [String: Shape]) {
    (self.network, self.shapes) = (network, shapes)
  }

  /// The unit that a text names.
  ///
  /// - Throws: `UnitError` or `NetworkError`, with the nearest names or the range.
  package func unit(_ text: String) throws -> NetworkUnit {
    let kind = try kind(of: text)
    let unit = known(kind)
    guard let before = network.beforeLink(kind, layouts) else { return unit }
    return known(before).named(unit.title)
  }

  /// A unit that is known to exist.
  package func known(_ kind: NetworkUnit.Kind) -> NetworkUnit {
    network.unit(kind, of: logits?.kind)
  }

  private func kind(of text: String) throws -> NetworkUnit.Kind {
    if text.count > 2, text.hasPrefix("\""), text.hasSuffix("\"") {
      let label = String(text.dropFirst().dropLast())
      guard let index = try exactLabel(label) ?? labelWithWords(of: label) else {
        throw unknown(label)
      }
      return try labelled(index, label)
    }
    if network.layerValues[text] != nil {
      // Exporters call layers after what they do, such as cat for a concatenation.
      let labels = candidates { $0.name(containing: NetworkUnit.Label.words(of: text)) }
      guard labels.isEmpty else { throw UnitError.layerOrLabel(text, labels: labels) }
      // And others by their places in a list.
      if let index = Int(text), let kind = numbersKind(with: index) {
        throw UnitError.layerOrNumber(text, kind)
      }
      return .layer(text)
    }
    if let index = NetworkUnit.logit(named: text), !namesLayer(text) {
      return try logit(index, text)
    }
    if let (numbers, index) = numbered(text), try exactLabel(text) == nil {
      if numbers == .classes, logits != nil { try network.requireClasses(text, in: shapes) }
      return try logit(index, text)
    }
    if let kind = try partOfLayer(text) { return kind }
    if let index = try exactLabel(text) { return try labelled(index, text) }
    if let index = Int(text) { return try logit(index, text) }
    if let index = try labelWithWords(of: text) { return try labelled(index, text) }
    throw unknown(text)
  }

  // MARK: Layers

  private func isLayer(_ name: String) -> Bool { (try? network.value(ofLayer: name)) != nil }

  private func partOfLayer(_ text: String) throws -> NetworkUnit.Kind? {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let layer = String(text[..<colon])
    let rest = text[text.index(after: colon)...]
    if rest.isEmpty, isLayer(layer) { return .layer(layer) }
    guard isLayer(layer) else {
      // A label may have a colon; a number after it means a layer, unless it is all of a label.
      guard rest.first?.isNumber == true, index.whole[text.lowercased()] == nil else { return nil }
      throw NetworkError.unknownLayer(
        layer, candidates: nearest(to: layer, in: network.layers.map(\.name)))
    }
    let parts = rest.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count <= 2, let channel = Int(parts[0]) else {
      throw UnitError.malformed(text, layer: layer)
    }
    let layout = layouts[try network.value(ofLayer: layer)]
    if let layout, !(0..<layout.channels).contains(channel) {
      throw NetworkError.channelOutOfRange(
        layer: layer, channel: channel, channels: layout.channels)
    }
    guard parts.count == 2 else { return .channel(layer: layer, channel: channel) }
    if parts[1] == "class" {
      guard layout?.hasClassToken == true else { throw NetworkError.noClassToken(layer: layer) }
      return .classToken(layer: layer, channel: channel)
    }
    var position = try parts[1].split(separator: ",", omittingEmptySubsequences: false).map {
      guard let number = Int($0) else { throw UnitError.malformed(text, layer: layer) }
      return number
    }
    guard let grid = layout?.grid else {
      guard position.count == 2 else { throw UnitError.malformed(text, layer: layer) }
      throw UnitError.noPositions(layer: layer)
    }
    if let shape = shapes[try network.value(ofLayer: layer)],
      let batch = shapes[network.input.name],
      shape.rank > 2, shape[0] != batch[0]
    {
      throw UnitError.severalMaps(layer: layer, count: shape[0])
    }
    if grid.depth > 1 {
      // The slices' rows stand one below the other, and may be counted through.
      let rows = grid.height / grid.depth
      if position.count == 3, (0..<rows).contains(position[1]),
        (0..<grid.depth).contains(position[2])
      {
        position = [position[0], position[1] + position[2] * rows]
      }
      guard position.count == 2, (0..<grid.width).contains(position[0]),
        (0..<grid.height).contains(position[1])
      else { throw UnitError.noSlice(text, layer: layer, grid) }
    } else if grid.isLine, position.count == 1 {
      position.append(0)
    }
    guard position.count == 2 else { throw UnitError.malformed(text, layer: layer) }
    let (x, y) = (position[0], position[1])
    guard (0..<grid.width).contains(x), (0..<grid.height).contains(y) else {
      throw UnitError.positionOutOfRange(
        x: x, y: y, layer: layer, width: grid.width, height: grid.height)
    }
    return .neuron(layer: layer, channel: channel, x: x, y: y)
  }

  // MARK: Labels

  /// The number in `class 3`, `dimension 3` or `value 3`, and what it is asked for as.
  private func numbered(_ text: String) -> (NumberKind, Int)? {
    guard !namesLayer(text) else { return nil }
    return NumberKind.allCases.lazy.compactMap { kind in
      NetworkUnit.number(in: text, after: kind.one).map { (kind, $0) }
    }.first
  }

  /// Whether a layer stands before a colon.
  private func namesLayer(_ text: String) -> Bool {
    text.contains(":") && isLayer(String(text.prefix { $0 != ":" }))
  }

  /// What the numbers are that the network ends in, where there is one with an index.
  private func numbersKind(with index: Int) -> NumberKind? {
    let count = logits?.count ?? scores?.count ?? 0
    return (0..<count).contains(index) ? logits?.kind ?? .classes : nil
  }

  private func logit(_ index: Int, _ text: String) throws -> NetworkUnit.Kind {
    if logits == nil, let scores {
      guard (0..<scores.count).contains(index) else {
        throw UnitError.outOfRange(index, count: scores.count, of: .classes)
      }
      return .score(index, of: scores, places: nil)
    }
    let logits = try self.logits ?? network.requireLogits(text, in: shapes)
    guard (0..<logits.count).contains(index) else {
      throw UnitError.outOfRange(index, count: logits.count, of: logits.kind)
    }
    return .logit(index)
  }

  /// The logit that a label stands for, where there is one for each.
  private func labelled(_ index: Int, _ text: String) throws -> NetworkUnit.Kind {
    if let count = logits?.count, count != network.labels.count {
      throw UnitError.labelCount(text, labels: network.labels.count, logits: count)
    }
    return try logit(index, text)
  }

  private func exactLabel(_ text: String) throws -> Int? {
    let whole = index.whole[text.lowercased()] ?? []
    if whole.count == 1 { return whole[0] }
    // `A` and `a` are two letters.
    let same = whole.filter { network.labels[$0] == text }
    if same.count == 1 { return same[0] }
    let wanted = NetworkUnit.Label.words(of: text)
    guard !wanted.isEmpty else { return nil }
    return try only(text, index.named[wanted] ?? [])
  }

  private func labelWithWords(of text: String) throws -> Int? {
    let wanted = NetworkUnit.Label.words(of: text)
    guard !wanted.isEmpty else { return nil }
    return try only(text, candidates { $0.name(containing: wanted) })
  }

  /// The one label with a name that fits.
  private func only(_ text: String, _ found: [UnitError.Candidate]) throws -> Int? {
    guard found.count < 2 else { throw UnitError.ambiguous(text, candidates: found) }
    return found.first?.index
  }

  /// Every label with a name that fits.
  private func candidates(_ name: (NetworkUnit.Label) -> String?) -> [UnitError.Candidate] {
    index.labels.enumerated().compactMap { index, label in
      name(label).map { UnitError.Candidate(name: $0, index: index) }
    }
  }

  // MARK: What else

  private func unknown(_ text: String) -> UnitError {
    let names = candidates { $0.names.first }.flatMap { label in
      index.labels[label.index].names.map {
        UnitError.Candidate(name: $0, index: label.index)
      }
    }
    // Whole names and single words compete: `retriver` is near to no name but to one word of several.
    let words = Set(names.flatMap { NetworkUnit.Label.words(of: $0.name) })
    var near: [UnitError.Candidate] = []
    for name in nearest(to: text, in: (names.map(\.name) + words.sorted())) {
      for label in names
      where label.name == name || NetworkUnit.Label.words(of: label.name).contains(name) {
        if near.count < 5, !near.contains(where: { $0.index == label.index }) { near.append(label) }
      }
    }
    return .unknown(
      text, labels: near, layers: nearest(to: text, in: network.layers.map(\.name), count: 3))
  }
}
