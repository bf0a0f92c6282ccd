/// What the numbers are that a network ends in, and so what one of them is called.
public enum NumberKind: String, Sendable, Hashable, CaseIterable {
  /// Scores of classes.
  case classes
  /// An embedding, whose numbers are no classes'.
  case embedding
  /// A regression, or the coordinates of points.
  case values

  /// What one number is called where it has no label: the same on every road.
  public var one: String {
    switch self {
    case .classes: "class"
    case .embedding: "dimension"
    case .values: "value"
    }
  }

  /// What several are called.
  public var several: String {
    switch self {
    case .classes: "classes"
    case .embedding: "dimensions"
    case .values: "values"
    }
  }

  /// A number that has no label: `class 3`, `dimension 3`, `value 3`.
  public func title(of index: Int) -> String { "\(one) \(index)" }

  /// What a network says of itself by what it calls something: `logits`, `image_embeds`, `landmarks`; nil where the name
  /// says nothing of the kind.
  ///
  /// - Parameter name: A result, a layer, a tensor or a file.
  init?(named name: String) {
    let name = name.lowercased()
    let words = Set(name.split { !$0.isLetter }.map(String.init))
    func has(_ parts: [String], or others: Set<String>) -> Bool {
      parts.contains { name.contains($0) } || !words.isDisjoint(with: others)
    }
    if has(["logit"], or: ["class", "classes"]) {
      self = .classes
    } else if has(["embed", "descriptor"], or: []) {
      self = .embedding
    } else if has(["classif", "probab"], or: Self.ofClasses) {
      self = .classes
    } else if has(["landmark", "keypoint"], or: Self.ofValues) {
      self = .values
    } else if has([], or: Self.ofEmbeddings) {
      self = .embedding
    } else {
      return nil
    }
  }

  private static let ofEmbeddings: Set = [
    "emb", "feature", "features", "feat", "feats", "pooled", "pooler", "representation", "latent",
    "encoding", "reid", "arcface", "facenet",
  ]
  private static let ofValues: Set = [
    "points", "regression", "coordinates", "coords", "angles", "gaze", "age",
  ]
  private static let ofClasses: Set = [
    "prob", "probs", "scores", "softmax", "categories",
  ]
}
