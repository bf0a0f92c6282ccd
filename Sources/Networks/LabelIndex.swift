import Synchronization

/// What labels are looked up by, found out when it is first asked for.
final class LabelIndex: Sendable {
  /// The labels, by what people may write for them.
  struct Value: Sendable {
    /// Every label, taken apart.
    let labels: [NetworkUnit.Label]
    /// The places of whole labels in small letters.
    let whole: [String: [Int]]
    /// The labels by the words of each of their names; a label once for the words.
    let named: [[String]: [UnitError.Candidate]]
    /// How many labels make each file name.
    let slugs: [String: Int]

    init(_ texts: [String]) {
      labels = texts.map(NetworkUnit.Label.init)
      whole = Dictionary(grouping: texts.indices) { texts[$0].lowercased() }
      var named: [[String]: [UnitError.Candidate]] = [:]
      for (index, label) in labels.enumerated() {
        for (name, words) in zip(label.names, label.words)
        where named[words]?.last?.index != index {
          named[words, default: []].append(UnitError.Candidate(name: name, index: index))
        }
      }
      self.named = named
      slugs = texts.reduce(into: [:]) { counts, text in
        counts[NetworkUnit.slug(NetworkUnit.Label.title(of: text)), default: 0] += 1
      }
    }
  }

  private let texts: [String]
  private let found = Mutex(Value?.none)

  init(_ texts: [String]) { self.texts = texts }

  /// What is known of the labels.
  var value: Value {
    found.withLock { found in
      let value = found ?? Value(texts)
      found = value
      return value
    }
  }
}

extension Network {
  /// A unit that is known to exist.
  ///
  /// - Parameters:
  ///   - kind: What is looked at.
  ///   - numbers: What the numbers are that the network ends in: `logits(in:)` says it.
  /// - Returns: The unit under its label, or its number.
  package func unit(_ kind: NetworkUnit.Kind, of numbers: NumberKind?) -> NetworkUnit {
    guard case .logit(let logit) = kind else { return NetworkUnit(kind, labels: labels) }
    return NetworkUnit(logit: logit, labels: labels, of: numbers ?? .classes) {
      labelIndex.value.slugs[$0] ?? 0
    }
  }

  /// Whether exactly one label reads so, whatever the case.
  package func isOnlyLabel(_ text: String) -> Bool {
    labelIndex.value.whole[text.lowercased()]?.count == 1
  }

  /// Whether a label, or a name of one, reads so, whatever the case.
  package func hasLabel(_ text: String) -> Bool {
    let index = labelIndex.value
    return index.whole[text.lowercased()] != nil
      || index.named[NetworkUnit.Label.words(of: text)] != nil
  }

  /// Whether a layer is called so.
  package func hasLayer(_ name: String) -> Bool { layerValues[name] != nil }
}
