public import Networks
import Portraits
import Tensors
import Visualization

extension GalleryPlan {
  /// The settings that a plan may say; its seeds are said in a way of their own.
  static let settings = Settings.all.filter { $0.key != Settings.seed.key }
  /// The most pictures of a gallery; lists, ranges and products of these with seeds are counted before they are
  /// written out.
  public static let mostPictures = 50_000

  /// The pictures of the plan, each once, in its order; one that is asked for in two sections stands in both.
  ///
  /// What the plan does not say is left to the model's own settings, and then to the usual values.
  ///
  /// - Parameter network: The network.
  /// - Returns: The pictures, each with a file name of its own.
  /// - Throws: `GalleryPlanError` with every unit that the network has not, before any work.
  public func items(in network: Network) throws -> [GalleryItem] {
    var problems: [GalleryPlanError.Problem] = []
    var shapes: [PictureSize: [String: Shape]] = [:]
    var drafts: [Draft] = []
    var seen = Set<Draft>()
    var placement = Placement()
    var count = 0
    var selections: [PictureSize: UnitSelection] = [:]
    for entry in entries {
      do {
        var asked = Recipe()
        try asked.take(entry.settings)
        let size = try network.pictureSize(asked.size)
        if shapes[size] == nil {
          shapes[size] = try network.shapes(inputShape: network.inputShape(size: size))
        }
        let selection =
          selections[size] ?? UnitSelection(network: network, shapes: shapes[size] ?? [:])
        selections[size] = selection
        let lines = entry.units.map { ($0, false) } + entry.objectives.map { ($0, true) }
        for (line, isObjective) in lines {
          do {
            let subjects =
              isObjective
              ? [try selection.objective(line.text, from: file)]
              : try selection.units(line.text).map { Subject($0) }
            count += subjects.count * seedCount(of: entry)
            guard count <= Self.mostPictures else {
              throw GalleryPlanError(
                file: file,
                problems: problems + [
                  .init(line: line.line, message: "\(PlanSizeError(count: count))")
                ])
            }
            for draft in try subjects.flatMap({ try self.drafts(of: $0, entry, size, network) }) {
              if seen.insert(draft).inserted { drafts.append(draft) }
              try placement.add(draft, of: entry)
            }
          } catch let error as GalleryPlanError {
            throw error
          } catch {
            problems.append(.init(line: line.line, message: "\(error)"))
          }
        }
      } catch let error as GalleryPlanError {
        throw error
      } catch {
        let first = (entry.units + entry.objectives).first
        problems.append(.init(line: first?.line, message: "\(error)"))
      }
    }
    guard problems.isEmpty else { throw GalleryPlanError(file: file, problems: problems) }
    return placement.applied(to: Draft.items(drafts, shapes: shapes, network), of: drafts)
  }

  /// A subject's pictures: what an entry says, laid over what suits the subject.
  private func drafts(
    of subject: Subject, _ entry: Entry, _ size: PictureSize, _ network: Network
  ) throws -> [Draft] {
    var recipe = try subject.usualRecipe(in: network)
    let usualSeed = recipe.seed
    try recipe.take(entry.settings)
    recipe.size = size
    try subject.checkBatch(recipe.batch)
    return seeds(of: entry, from: usualSeed).map { seed in
      recipe.seed = seed
      return Draft(subject: subject, recipe: recipe, usualSeed: usualSeed)
    }
  }

  private func seedCount(of entry: Entry) -> Int {
    switch entry.seeds {
    case nil: 1
    case .count(let count): count
    case .list(let seeds): seeds.count
    }
  }

  private func seeds(of entry: Entry, from first: UInt64) -> [UInt64] {
    switch entry.seeds {
    case nil: [first]
    case .count(let count): (0..<UInt64(count)).map { first &+ $0 }
    case .list(let seeds): seeds
    }
  }
}
