/// What can be wrong with what is said about a model.
public enum ModelSettingsError: Error, Hashable, CustomStringConvertible {
  /// A file beside the model that is no JSON object.
  case badJSON(file: String)
  /// A key that means nothing.
  case unknownKey(String, file: String, near: String?)
  /// A value that its key cannot have.
  case badValue(key: String, value: String, source: String, expected: String)
  /// Labels that cannot be read.
  case unreadableLabels(file: String)
  /// Another number of labels than the network has classes.
  case labelCount(file: String, labels: Int, classes: Int)

  /// What is wrong and what to write instead.
  public var description: String {
    switch self {
    case .badJSON(let file):
      "\(file) stands beside the model but is no JSON object; write it as {\"input.range\": [0, 255]}"
    case .unknownKey(let key, let file, let near):
      "\(file): there is no setting \(key)\(near.map { "; did you mean \($0)?" } ?? "")"
    case .badValue(let key, let value, let source, let expected):
      "\(source): \(key) is “\(value)” and must be \(expected)"
    case .labelCount(let file, let labels, let classes):
      "\(file) has \(labels) labels, and the network has \(classes) classes; write one label a line, in their "
        + "order"
    case .unreadableLabels(let file):
      "cannot read the labels in \(file); it must be a text file with one label a line"
    }
  }
}
