public import Networks
import Tensors
import Visualization

extension GalleryPlan {
  /// The pictures of the plan, each once, in its order.
  ///
  /// What the plan does not say is left to the model's own settings, and then to the defaults.
  ///
  /// - Parameter network: The network.
  /// - Returns: The pictures, each with a file name of its own.
  /// - Throws: `GalleryPlanError` with every unit that the network has not, before any work.
  public func items(in network: Network) throws -> [GalleryItem] {
    var problems: [GalleryPlanError.Problem] = []
    var shapes: [PixelSize: [String: Shape]] = [:]
    var drafts: [Draft] = []
    var seen = Set<Draft>()
    for entry in entries {
      do {
        let size = try network.size(settings(of: entry, over: Recipe()).size)
        if shapes[size] == nil {
          shapes[size] = try network.shapes(
            inputShape: network.inputShape(size: (size.height, size.width)))
        }
        let selection = UnitSelection(network: network, shapes: shapes[size] ?? [:])
        for line in entry.units {
          do {
            for unit in try selection.units(line.text) {
              let recipe = Recipe(metadata: network.metadata, for: unit)
              var settings = settings(of: entry, over: recipe)
              settings.size = size
              for seed in seeds(of: entry, from: recipe.seed) {
                settings.recipe.seed = seed
                let draft = Draft(unit: unit, settings: settings)
                if seen.insert(draft).inserted { drafts.append(draft) }
              }
            }
          } catch {
            problems.append(.init(line: line.line, message: "\(error)"))
          }
        }
      } catch {
        problems.append(.init(line: entry.units.first?.line, message: "\(error)"))
      }
    }
    guard problems.isEmpty else { throw GalleryPlanError(file: file, problems: problems) }
    return Draft.items(drafts, shapes: shapes, network)
  }

  /// What an entry says, laid over a recipe.
  private func settings(of entry: Entry, over recipe: Recipe) -> PictureSettings {
    var settings = PictureSettings(recipe: recipe)
    for setting in Setting.all {
      if let value = entry.settings[setting.key] { _ = setting.write(&settings, value) }
    }
    return settings
  }

  private func seeds(of entry: Entry, from first: UInt64) -> [UInt64] {
    switch entry.seeds {
    case nil: [first]
    case .count(let count): (0..<UInt64(count)).map { first &+ $0 }
    case .list(let seeds): seeds
    }
  }
}

extension Network {
  /// The size that pictures are made in.
  fileprivate func size(_ wanted: PixelSize?) throws -> PixelSize {
    let usual = usualSize
    guard let wanted else { return PixelSize(height: usual.height, width: usual.width) }
    let size = PixelSize(
      height: fixedSize.height ?? wanted.height, width: fixedSize.width ?? wanted.width)
    guard size == wanted else { throw FixedSizeError(size: size) }
    return size
  }
}

/// A size that a network's file does not allow.
struct FixedSizeError: Error, CustomStringConvertible {
  let size: PixelSize

  var description: String {
    "the network takes pictures of \(size.width)×\(size.height) pixels only; leave `size` out"
  }
}
