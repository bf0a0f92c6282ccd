import Files
import Yams

extension GalleryPlan {
  /// Reads a plan from a YAML file.
  ///
  /// Paths in it are relative to the folder that it lies in.
  ///
  /// - Parameter path: The file.
  /// - Throws: `GalleryPlanError` with every mistake at once, and the nearest keys to a misspelt one, where the plan as a
  ///   whole cannot be read or no entry is left; an entry with a wrong value costs itself alone (`refused`).
  public init(contentsOf path: String) throws {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try readFile(at: path)
    } catch {
      throw GalleryPlanError(
        file: path, problems: [.init(line: nil, message: error.reason)])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw GalleryPlanError(
        file: path, problems: [.init(line: nil, message: "this is no text in UTF-8")])
    }
    // Some editors put a mark of the order of bytes in front.
    try self.init(yaml: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text, file: path)
  }

  /// Reads a plan from the text of a YAML file.
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - file: Where it comes from: its name names the gallery, its folder is where paths start.
  /// - Throws: `GalleryPlanError` with every mistake at once, as `init(contentsOf:)` does.
  public init(yaml: String, file: String = "plan.yaml") throws {
    var reader = PlanReader(file: file)
    do {
      try PlanKeys.check(yaml)
      guard let root = try Yams.compose(yaml: yaml) else {
        throw GalleryPlanError(
          file: file,
          problems: [.init(line: nil, message: "the plan is empty; it needs `pictures:`")])
      }
      self = reader.plan(root, source: yaml)
    } catch let error as PlanKeyError {
      let message = "a key must be a text, not a list or a group of keys"
      throw GalleryPlanError(file: file, problems: [.init(line: error.line, message: message)])
    } catch let error as YamlError {
      throw GalleryPlanError(file: file, problems: [error.problem])
    }
    refused = reader.refused
    let isEmpty = entries.isEmpty && saliency.isEmpty && dreams.isEmpty && grids.isEmpty
    guard reader.problems.isEmpty, !isEmpty || refused.isEmpty else {
      throw GalleryPlanError(file: file, problems: reader.problems + refused)
    }
  }
}

extension YamlError {
  /// The mistake, without the snippet that Yams would show.
  fileprivate var problem: GalleryPlanError.Problem {
    switch self {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let context = context.map { " (\($0.text))" } ?? ""
      return .init(line: mark.line, message: "no valid YAML: \(problem)\(context)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { "`\($0)`" }.joined(separator: ", ")
      return .init(line: context.mark.line, message: "\(keys) stands here twice")
    default:
      return .init(line: nil, message: "no valid YAML: \(self)")
    }
  }
}
