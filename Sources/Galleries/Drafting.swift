import Networks
import Portraits
import Tensors
import Visualization

/// The pictures of a plan as they are found in it, and what is wrong with it.
struct Drafting {
  private let plan: GalleryPlan
  private let network: Network
  /// What of the plan cannot be made, and why.
  private(set) var refused: [GalleryPlanError.Problem] = []
  /// What pictures depend on besides the network.
  private(set) var files: FileContents
  private var shapes: [PictureSize: [String: Shape]] = [:]
  private var selections: [PictureSize: UnitSelection] = [:]
  private var drafts: [Draft] = []
  private var seen = Set<Draft>()
  /// Those with a file that cannot be read here; they keep their names.
  private var lacking = Set<Draft>()
  private var placement = Placement()
  /// How many were asked for, those that are there already included.
  private var count = 0

  /// Begins without pictures.
  init(_ plan: GalleryPlan, _ network: Network) {
    (self.plan, self.network) = (plan, network)
    files = FileContents(labels: network.labels)
  }

  /// Adds the pictures of an entry; of what is wrong with it, the reason is kept and nothing made.
  ///
  /// - Throws: `GalleryPlanError` where there are too many pictures.
  mutating func add(_ entry: GalleryPlan.Entry) throws {
    let size: PictureSize
    let selection: UnitSelection
    do {
      size = try self.size(of: entry)
      selection = try self.selection(size)
    } catch {
      let first = (entry.units + entry.objectives).first
      refused.append(.init(line: first?.line, error: error))
      return
    }
    for line in entry.units {
      try add(line, of: entry, size) { try selection.units($0).map { Subject($0) } }
    }
    for line in entry.objectives {
      let subject = objective(from: plan.file, size)
      try add(line, of: entry, size) { [try subject($0)] }
    }
  }

  /// The pictures, each once, in the plan's order and with a file name of its own; one that is asked for in two sections
  /// stands in both.
  var items: [GalleryItem] {
    let all = placement.applied(to: Draft.items(drafts, shapes: shapes, network), of: drafts)
    return zip(all, drafts).compactMap { item, draft in lacking.contains(draft) ? nil : item }
  }

  private mutating func add(
    _ line: GalleryPlan.Line, of entry: GalleryPlan.Entry, _ size: PictureSize,
    subjects: (String) throws -> [Subject]
  ) throws {
    // What reads files may go well on another machine.
    var isReading = (try? ObjectiveExpression(line.text))?.files.isEmpty == false
    do {
      let subjects = try subjects(line.text)
      isReading = false
      count += subjects.count * seedCount(of: entry)
      if count <= GalleryPlan.mostPictures {
        let asked = try subjects.flatMap({ try pictures(of: $0, entry, size) })
        for draft in asked where seen.insert(draft).inserted { drafts.append(draft) }
        isReading = true
        lacking.formUnion(asked)
        for draft in asked { try files.read(draft.recipe, of: draft.subject) }
        lacking.subtract(asked)
        for draft in asked {
          do {
            try placement.add(draft, of: entry)
          } catch {
            refused.append(.init(line: line.line, error: error))
          }
        }
      }
    } catch {
      refused.append(.init(line: line.line, error: error, isOfThisMachine: isReading))
    }
    guard count <= GalleryPlan.mostPictures else {
      let tooMany = GalleryPlanError.Problem(
        line: line.line, message: "\(PlanSizeError(count: count))")
      throw GalleryPlanError(file: plan.file, problems: refused + [tooMany])
    }
  }

  /// What finds the subject that an expression is; its files lie in the folder of the plan.
  private func objective(from plan: String, _ size: PictureSize) -> (String) throws -> Subject {
    let (network, shapes) = (network, shapes[size] ?? [:])
    return { text in
      let expression = try ObjectiveExpression(text).mappingFiles { $0.fromFolder(of: plan) }
      return try Subject(.objective(expression), in: network, shapes: shapes)
    }
  }

  /// The size of what the network sees of an entry's pictures.
  private func size(of entry: GalleryPlan.Entry) throws -> PictureSize {
    var asked = Recipe()
    try asked.take(try network.completed(entry.settings))
    let seen = try network.seenShape(asked)
    return PictureSize(height: seen[2], width: seen[3])
  }

  /// What finds units at a size; what it has to know of the network is found out once.
  private mutating func selection(_ size: PictureSize) throws -> UnitSelection {
    if let selection = selections[size] { return selection }
    let found = try network.shapes(inputShape: network.inputShape(size: size))
    let selection = UnitSelection(network: network, shapes: found) { count in
      guard count <= GalleryPlan.mostPictures else { throw PlanSizeError(count: count) }
    }
    (shapes[size], selections[size]) = (found, selection)
    return selection
  }

  /// A subject's pictures: what an entry says, laid over what suits the subject.
  private func pictures(
    of subject: Subject, _ entry: GalleryPlan.Entry, _ size: PictureSize
  ) throws -> [Draft] {
    var recipe = try subject.usualRecipe(in: network)
    let usualSeed = recipe.seed
    try recipe.take(try network.completed(entry.settings))
    let shape = try network.pictureShape(recipe)
    recipe.size = PictureSize(height: shape[2], width: shape[3])
    // Defaults of the plan are for those pictures that they change.
    recipe = recipe.withoutIdleSettings
    try subject.checkBatch(recipe.batch)
    try recipe.checkJitter(of: entry.settings, shape: shape)
    return seeds(of: entry, from: usualSeed).map { seed in
      recipe.seed = seed
      return Draft(subject: subject, recipe: recipe, usualSeed: usualSeed)
    }
  }

  private func seedCount(of entry: GalleryPlan.Entry) -> Int {
    switch entry.seeds {
    case nil: 1
    case .count(let count): count
    case .list(let seeds): seeds.count
    }
  }

  private func seeds(of entry: GalleryPlan.Entry, from first: UInt64) -> [UInt64] {
    switch entry.seeds {
    case nil: [first]
    case .count(let count): (0..<UInt64(count)).map { first &+ $0 }
    case .list(let seeds): seeds
    }
  }
}
