import Autodiff

extension Objective {
  /// Both objectives, with equal weight.
  public static func + (a: Objective, b: Objective) -> Objective {
    Objective(
      "\(a.name) + \(b.name)", reading: a.readings + b.readings,
      comparingWith: a.references + b.references
    ) {
      try a.value($0) + b.value($0)
    }
  }

  /// The first objective against the second.
  public static func - (a: Objective, b: Objective) -> Objective {
    Objective(
      "\(a.name) − \(b.grouped)", reading: a.readings + b.readings,
      comparingWith: a.references + b.references
    ) {
      try a.value($0) - b.value($0)
    }
  }

  /// The product of two objectives' values.
  public static func * (a: Objective, b: Objective) -> Objective {
    Objective(
      "\(a.grouped) × \(b.grouped)", reading: a.readings + b.readings,
      comparingWith: a.references + b.references
    ) {
      try a.value($0) * b.value($0)
    }
  }

  /// An objective with a weight.
  public static func * (weight: Float, a: Objective) -> Objective {
    Objective(
      "\(weight) × \(a.grouped)", reading: a.readings, comparingWith: a.references
    ) { try weight * a.value($0) }
  }

  /// An objective with a weight.
  public static func * (a: Objective, weight: Float) -> Objective { weight * a }

  /// The opposite: what the objective would be smallest for.
  public static prefix func - (a: Objective) -> Objective {
    Objective("−\(a.grouped)", reading: a.readings, comparingWith: a.references) {
      try -a.value($0)
    }
  }

  /// The objective for one picture of a batch, so that each can look for something else.
  ///
  /// Sum over a batch to render several units in one pass.
  public func picture(_ index: Int) -> Objective {
    Objective("\(grouped)[\(index)]", reading: readings, comparingWith: references) {
      try value($0.picture(index))
    }
  }

  private var grouped: String { name.contains(" ") ? "(\(name))" : name }
}
