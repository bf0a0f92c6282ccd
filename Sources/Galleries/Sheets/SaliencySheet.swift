import Explanations
import Imaging
import Visualization

/// Maps of what mattered in a photograph: a row a unit, a column a method.
struct SaliencySheet: SheetContent {
  let explainer: Explainer
  /// What is explained; none: the surest classes.
  let subjects: [SaliencyMap.Subject]
  let top: Int
  let methods: [ConfiguredMethod]

  var section: SheetSection { .saliency }

  /// A map is taken to cost one step.
  var work: Double {
    let count = subjects.isEmpty ? top : subjects.count
    return Double(count * methods.count) * Double(explainer.size.height * explainer.size.width)
  }

  func title(of file: String) -> String { "what mattered in \(file)" }

  func picture(of file: String, threads: Int, progress: (Double) -> Void) throws -> Picture {
    let explainer = explainer.with(threads: threads)
    let photograph = try explainer.photograph(Picture(contentsOf: file), named: file)
    let subjects = try self.subjects.isEmpty ? explainer.top(top, of: photograph) : self.subjects
    let count = Double(subjects.count * methods.count)
    var entries: [ExplanationRow.Entry] = []
    for subject in subjects {
      for method in methods {
        let done = Double(entries.count)
        entries.append(
          .map(
            try explainer.map(of: subject, in: photograph, by: method) {
              progress((done + $0) / count)
            }))
      }
    }
    return ExplanationSheet([ExplanationRow(photograph, entries)]).picture()
  }
}
