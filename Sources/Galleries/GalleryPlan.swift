/// A scripted gallery: which units, with which settings, from how many seeds.
///
/// ```yaml
/// title: What the network sees
/// model: ../models/everyday64-robust.onnx
/// defaults:
///   steps: 256
/// pictures:
///   - all logits
///   - layer3:0-15
///   - unit: cat
///     seeds: 4
///     l2: 0.5
/// ```
public struct GalleryPlan: Hashable, Sendable {
  /// Units that share their settings.
  public struct Entry: Hashable, Sendable {
    /// Units as people write them, each with the line that it stands on.
    public var units: [Line]
    /// Expressions of units, each with the line that it stands on.
    public var objectives: [Line]
    /// What differs from the defaults: values by the keys of settings, as a plan writes them.
    public var settings: [String: String]
    /// Where the ascents start: a picture each.
    public var seeds: Seeds?
    /// What stands under the pictures, with links as `[words](address)`.
    public var caption: String?
    /// The place among the plan's sections; nil where it has none.
    public var section: Int?

    /// Creates an entry.
    public init(
      units: [Line], objectives: [Line] = [], settings: [String: String] = [:],
      seeds: Seeds? = nil, caption: String? = nil, section: Int? = nil
    ) {
      (self.units, self.objectives) = (units, objectives)
      (self.settings, self.seeds) = (settings, seeds)
      (self.caption, self.section) = (caption, section)
    }
  }

  /// A heading of one's own on the page.
  public struct Section: Hashable, Sendable {
    /// What stands above the pictures.
    public var title: String
    /// A paragraph below the title, with links as `[words](address)`.
    public var description: String?

    /// Creates a section.
    public init(title: String, description: String? = nil) {
      (self.title, self.description) = (title, description)
    }
  }

  /// How many pictures a unit gets, or from which seeds.
  public enum Seeds: Hashable, Sendable {
    /// So many, from the usual seed upwards.
    case count(Int)
    /// These.
    case list([UInt64])
  }

  /// A text of the plan and where it stands.
  public struct Line: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text.
    public var text: String
    /// The line, from 1; nil if the plan was put together in code.
    public var line: Int?

    /// Creates a text with its line.
    public init(_ text: String, line: Int? = nil) {
      (self.text, self.line) = (text, line)
    }

    /// Creates a text without a line.
    public init(stringLiteral text: String) { self.init(text) }
  }

  /// The plan's file, for errors.
  public var file: String
  /// What stands above the gallery.
  public var title: String?
  /// A paragraph below the title, with links as `[words](address)`.
  public var description: String?
  /// The network's file, from the working directory; nil: the one that ships.
  public var model: String?
  /// The folder for the results, from the working directory; nil: `outputs/NAME`.
  public var output: String?
  /// The pictures, in order.
  public var entries: [Entry]
  /// Headings of one's own, in the order of the page; empty: the parts of the network.
  public var sections: [Section]
  /// The photographs that are explained, in order.
  public var saliency: [SaliencyEntry] = []
  /// The photographs that are dreamt on, in order.
  public var dreams: [DreamEntry] = []
  /// The photographs that are shown as layers see them, in order.
  public var grids: [GridEntry] = []
  /// What is wrong with entries that were left out when the plan was read: values that no picture can have.
  public var refused: [GalleryPlanError.Problem] = []
  /// The text of the plan, to be shown with the gallery; empty if it was put together in code.
  public var source: String

  /// Creates a plan.
  public init(
    file: String = "plan", title: String? = nil, description: String? = nil, model: String? = nil,
    output: String? = nil, entries: [Entry], sections: [Section] = [], source: String = ""
  ) {
    self.file = file
    self.title = title
    self.description = description
    self.model = model
    self.output = output
    self.entries = entries
    self.sections = sections
    self.source = source
  }

  /// The file's name without folders and extension.
  public var name: String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let stem = name.split(separator: ".").dropLast(
      name.hasSuffix(".yml") || name.hasSuffix(".yaml") ? 1 : 0)
    return stem.isEmpty ? "gallery" : stem.joined(separator: ".")
  }

  /// Where the results go if nobody says it: what the plan says, or `outputs/NAME`.
  public var folder: String { output ?? "outputs/\(name)" }
}
