extension RecordedMethod {
  /// Every name that is known here.
  static let all: [RecordedMethod] =
    gradients + paths + rules + relevance + classActivation + perturbation + layers + attention
    + metrics + concepts

  /// The method for a recording; `nil` where none is known.
  static func of(_ recording: Recording) -> RecordedMethod? {
    all.first { $0.section == recording.section && $0.name == recording.name }
  }
}

extension Recording {
  /// Whether a method here is called so.
  public var isKnown: Bool { RecordedMethod.of(self) != nil }
}
