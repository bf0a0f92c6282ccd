import Synchronization

/// What the numbers are that a network ends in, found out when it is first asked for.
final class Ending: Sendable {
  private let found = Mutex<Network.Meaning??>(nil)

  func meaning(_ find: () -> Network.Meaning?) -> Network.Meaning? {
    found.withLock { found in
      if let found { return found }
      let meaning = find()
      found = .some(meaning)
      return meaning
    }
  }
}

extension Network {
  /// What the numbers are that it ends in, at its own size; nil: it ends in none.
  public var numbers: NumberKind? { meaning?.kind }

  /// What nothing says of the numbers that it ends in and is taken to be so, in words; nil: nothing.
  public var guess: String? { meaning?.guess }

  /// What would settle that guess.
  public var remedy: Remedy { meaning?.remedy ?? .none }

  private var meaning: Meaning? {
    ending.meaning {
      // Another size may do; what does not is said where it is used.
      guard let shapes = try? shapes(inputShape: inputShape()) else { return nil }
      if let logits = logits(in: shapes) {
        return Meaning(kind: logits.kind, guess: logits.guess, remedy: logits.remedy)
      }
      return classScores(in: shapes).map { Meaning(kind: .classes, guess: $0.guess) }
    }
  }
}
