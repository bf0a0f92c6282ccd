import Files
import Networks
import Visualization

extension Subject: CustomStringConvertible {
  /// What stands over a picture of it: `tabby cat`, `layer3:17`.
  public var title: String {
    switch kind {
    case .unit(let unit): unit.title
    case .expression(let expression, _): expression.text.withVisibleControls
    }
  }

  /// The title, and for a logit its number: `tabby cat (logit 281)`.
  public var description: String {
    switch kind {
    case .unit(let unit): unit.description
    case .expression(let expression, _): expression.text.withVisibleControls
    }
  }

  /// A name for its files, without an extension.
  public var fileName: String {
    switch kind {
    case .unit(let unit): unit.fileName
    case .expression(let expression, _): NetworkUnit.slug(expression.words)
    }
  }

  /// The class, where it is one.
  public var logit: Int? {
    guard case .unit(let unit) = kind, case .logit(let index) = unit.kind else { return nil }
    return index
  }

  /// The files that it depends on.
  public var files: [String] {
    if case .expression(let expression, _) = kind { expression.files } else { [] }
  }

  /// The subject in the same words whatever the labels say.
  public var identity: String {
    switch kind {
    case .unit(let unit): "unit=\(unit.identity)"
    case .expression(let expression, _): "objective=\(expression.text)"
    }
  }

  /// The option of the command line that asks for it.
  func option(in network: Network) -> String {
    switch kind {
    case .unit(let unit): "--unit \(unit.argument(in: network).quotedForShell)"
    case .expression(let expression, _):
      "--objective=\(expression.text.withoutFolders.quotedForShell)"
    }
  }
}

extension NetworkUnit {
  /// The unit in the same words whatever the labels say.
  fileprivate var identity: String {
    switch kind {
    case .logit(let index): "logit \(index)"
    case .channel(let layer, let channel): "channel \(layer):\(channel)"
    case .classToken(let layer, let channel): "channel \(layer):\(channel)@class"
    case .neuron(let layer, let channel, let x, let y): "neuron \(layer):\(channel)@\(x),\(y)"
    case .layer(let layer): "layer \(layer)"
    }
  }

  /// The unit as an option of the command line, which never means two things: a label where it is the
  /// only one of its kind, a number otherwise.
  fileprivate func argument(in network: Network) -> String {
    guard case .logit(let index) = kind else { return title }
    let isUnique =
      network.isOnlyLabel(title) && !title.contains(":") && !network.hasLayer(title)
    return isUnique ? title : String(index)
  }
}
