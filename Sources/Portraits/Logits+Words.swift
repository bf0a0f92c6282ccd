public import Networks

extension Network.Logits {
  /// What they are and what the file makes of them: `1000 classes, before the softmax`.
  public var inWords: String {
    switch kind {
    case .embedding: return "an embedding of \(count) numbers: no classes, and no probabilities"
    case .values where arePoints:
      return "\(count) coordinates of points: no classes, and no probabilities"
    case .values:
      return count == 1
        ? "one value, which nothing makes a probability of"
        : "\(count) values: no classes, and no probabilities"
    case .classes: break
    }
    let classes = count == 1 ? "1 class" : "\(count) classes"
    return switch link {
    case .none where haveProbabilities:
      "\(classes), nothing after them: percentages are of their softmax"
    case .none, .embedding: "\(classes), nothing after them"
    case .own: "\(classes), probabilities as they are"
    case .softmax, .sigmoid: "\(classes), before the \(link)"
    case .other: "\(classes), before a softmax that is not one over them: no probabilities"
    }
  }
}
