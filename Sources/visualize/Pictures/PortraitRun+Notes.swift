import Explanations
import Files
import Imaging
import Networks
import Portraits
import Visualization

extension PortraitRun {
  /// Says what is worth knowing before the work.
  func note() {
    if let cut = prepared.startFraming?.cut {
      Terminal.note("--init: starting from the \(cut); --fit pad takes all of it.")
    }
    if let words = prepared.subject.embeddingInWords {
      Terminal.note("--toward: the network's embedding is taken to be \(words).")
    }
    if !isKindNamed, let name = prepared.recipe.kind, let kind = NetworkKind.named(name) {
      Terminal.note(
        "\(prepared.network.name): \(kind.help) (--recipe \(name); --recipe conv for the usual ones)."
      )
    }
    if case .fixed(let height, let width) = prepared.ascent.inputSize {
      Terminal.note(
        "The network sees \(prepared.ascent.views) views of \(width)×\(height) a step, of a picture of "
          + "\(prepared.size.width)×\(prepared.size.height).")
    }
  }

  /// What was reached: the unit's activation, for a class how sure the network is of it, and what was chosen or left
  /// out on the way.
  func report(_ portrait: Portrait) -> String {
    var way = [portrait.before, portrait.after].map { Double($0).fixed(2) }
    // What differs is shown to differ.
    for digits in 4...9 where way[0] == way[1] && !portrait.isUnmoved {
      way = [portrait.before, portrait.after].map { $0.significant(digits) }
    }
    var report = "\(prepared.subject): \(way[0]) → \(way[1])"
    if let probability = portrait.probability {
      let own = "\(Double(probability * 100).fixed(1)) %"
      if let first = portrait.first, first.index != prepared.subject.logit {
        let label = NetworkUnit.title(ofLogit: first.index, labels: prepared.network.labels)
          .withVisibleControls
        report +=
          "; top class: \(label) \(Double(first.probability * 100).fixed(1)) %, "
          + "\(prepared.subject.title) \(own)"
      } else {
        report += ", probability \(own)"
      }
    }
    if portrait.steps < prepared.recipe.steps {
      report += "; no better after step \(portrait.steps)"
    }
    if prepared.recipe.tries > 1 {
      report += "; seed \(portrait.seed) was the best of \(prepared.recipe.tries)"
    }
    return report
  }
}
