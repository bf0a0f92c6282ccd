import Networks
public import Portraits
public import Visualization

/// One picture of a gallery, to be made or made already.
public struct GalleryItem: Hashable, Sendable {
  /// What it shows.
  public let subject: Subject
  /// How it is made; seed and size are settled.
  public let recipe: Recipe
  /// The file's name in the gallery's folder, with the extension; no other item has it.
  public let fileName: String
  /// What tells it from other pictures of the same subject: `seed 2`, `l2 0.5`; empty if it is the only one.
  public let variant: String
  /// What the plan has under it; the file and what is known of it do not depend on that.
  public internal(set) var caption: String?
  /// Which of the plan's sections show it, each with a number by which its pictures are in order; empty where the page
  /// goes by the parts of the network.
  public internal(set) var sections: [Int: Int] = [:]

  init(
    subject: Subject, recipe: Recipe, fileName: String, variant: String
  ) {
    (self.subject, self.recipe) = (subject, recipe)
    (self.fileName, self.variant) = (fileName, variant)
  }

  /// Creates a picture that stands in no gallery.
  ///
  /// - Parameters:
  ///   - subject: What it shows.
  ///   - recipe: How it is made; seed and size are settled.
  package init(_ subject: Subject, by recipe: Recipe) {
    self.init(subject: subject, recipe: recipe, fileName: "\(subject.fileName).png", variant: "")
  }

  /// The part of the network that it belongs to.
  public var group: Group { Group(of: subject) }

  /// What stands under the picture.
  public var title: String { variant.isEmpty ? subject.title : "\(subject.title), \(variant)" }

  /// A part of a network.
  public enum Group: Hashable, Sendable {
    /// The numbers at the end.
    case logits
    /// A layer, by its name.
    case layer(String)
    /// Layers as wholes.
    case wholeLayers
    /// Expressions of several units.
    case objectives

    init(of subject: Subject) {
      guard case .unit(let unit) = subject.kind else {
        self = .objectives
        return
      }
      switch unit.kind {
      case .logit, .score: self = .logits
      case .channel(let layer, _), .neuron(let layer, _, _, _), .classToken(let layer, _):
        self = .layer(layer)
      case .layer: self = .wholeLayers
      }
    }
  }
}
