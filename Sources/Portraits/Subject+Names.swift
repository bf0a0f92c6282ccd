import Files
public import Networks
import Visualization

extension Subject: CustomStringConvertible {
  /// What stands over a picture of it: `tabby cat`, `layer3:17`.
  public var title: String {
    switch kind {
    case .unit(let unit): unit.title
    case .expression(let expression, _): expression.text.withVisibleControls
    case .likeness(let likeness): "likeness to \(likeness.name)"
    }
  }

  /// The title, and for a logit its number: `tabby cat (logit 281)`.
  public var description: String {
    switch kind {
    case .unit(let unit): unit.description
    case .expression(let expression, _): expression.text.withVisibleControls
    case .likeness: title
    }
  }

  /// A name for its files, without an extension.
  public var fileName: String {
    switch kind {
    case .unit(let unit): unit.fileName
    case .expression(let expression, _): NetworkUnit.slug(expression.words)
    case .likeness(let likeness): "toward-\(NetworkUnit.slug(likeness.name))"
    }
  }

  /// The class, where it is one.
  public var logit: Int? {
    guard case .unit(let unit) = kind, case .logit(let index) = unit.kind else { return nil }
    return index
  }

  /// The class of a detector or a segmenter, and where it is scored.
  public var score: (index: Int, scores: ClassScores)? {
    guard case .unit(let unit) = kind, case .score(let index, let scores, _) = unit.kind else {
      return nil
    }
    return (index, scores)
  }

  /// The files that it depends on.
  public var files: [String] {
    switch kind {
    case .unit: []
    case .expression(let expression, _): expression.files
    case .likeness(let likeness): [likeness.file]
    }
  }

  /// The subject in the same words whatever the labels say.
  public var identity: String {
    switch kind {
    case .unit(let unit): "unit=\(unit.identity)"
    case .expression(let expression, _): "objective=\(expression.text)"
    case .likeness: "likeness"
    }
  }

  /// The option of the command line that asks for it.
  func option(in network: Network) -> String {
    switch kind {
    case .unit(let unit): unit.argument(in: network).asUnitOption
    case .expression(let expression, _):
      "--objective=\(expression.text.withoutFolders.quotedForShell)"
    case .likeness(let likeness): "--toward \(likeness.file.fileName.quotedForShell)"
    }
  }
}

extension NetworkUnit {
  /// The unit as an option of the command line, which never means two things: a label where it is the
  /// only one of its kind, a number otherwise, and `logit 3` where that number means a layer or another class.
  package func argument(in network: Network) -> String {
    let index: Int
    switch kind {
    case .logit(let logit): index = logit
    case .score(let number, _, _): index = number
    case .layer(let name) where Int(name) != nil: return "\(name):"
    default: return title
    }
    let isUnique =
      network.isOnlyLabel(title) && !title.contains(where: { ":-,\"".contains($0) })
      && !network.hasLayer(title) && !UnitSelection.words.contains(title.lowercased())
      && NetworkUnit.logit(named: title) == nil
    if isUnique { return title }
    let number = String(index)
    guard network.hasLayer(number) || network.hasLabel(number) else { return number }
    let label = network.labels.indices.contains(index) ? network.labels[index] : ""
    let canBeQuoted = network.isOnlyLabel(label) && !label.isEmpty && !label.contains("\"")
    return canBeQuoted ? "\"\(label)\"" : "logit \(number)"
  }

  /// The unit in the same words whatever the labels say.
  fileprivate var identity: String {
    switch kind {
    case .logit(let index): "logit \(index)"
    case .score(let index, let scores, let places):
      // A segmenter's pixels follow from the photograph.
      "class \(index)"
        + (places.flatMap { scores.task == .segmentation ? nil : " at \($0)" } ?? "")
    case .channel(let layer, let channel): "channel \(layer):\(channel)"
    case .classToken(let layer, let channel): "channel \(layer):\(channel)@class"
    case .neuron(let layer, let channel, let x, let y): "neuron \(layer):\(channel)@\(x),\(y)"
    case .layer(let layer): "layer \(layer)"
    }
  }
}
