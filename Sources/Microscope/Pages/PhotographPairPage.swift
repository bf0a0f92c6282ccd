import Attribution
import Explanations
import Galleries
import Networks
import Portraits
import Visualization

/// Two photographs and one unit: what the network sees in each, and why, on one scale.
struct PhotographPairPage {
  let first: PhotographSubject
  let second: PhotographSubject
  let microscope: Microscope

  /// The methods that are shown at once.
  private var methods: [String] { [microscope.classMethod, "integrated-gradients"] }

  /// The page.
  var html: String {
    var frame = PageFrame(
      title: "Two photographs", description: "What \(microscope.title) sees in two photographs.",
      depth: 3)
    frame.crumbs = [
      (microscope.title, "index.html"), ("A photograph", "photographs/\(first.name).html"),
    ]
    frame.image = "photographs/\(first.name).png"
    frame.notice = microscope.notice("photographs/\(first.name)/with/\(second.name).html")
    frame.data = [("photograph", first.name), ("with", second.name)]
    return frame.html(
      """
      <h1>One unit in two photographs</h1>
      <div class="pair">\(side(first, "The first", frame.root))\(side(second, "The second", frame.root))</div>
      <section class="explained"><h2>Why, on one scale</h2>
      \(PhotographPage.methodsForm(checking: methods, among: [MicroscopeSite.activations]))
      <div class="maps"></div></section>
      """, by: microscope.provenance.software)
  }

  private func side(_ subject: PhotographSubject, _ title: String, _ root: String) -> String {
    let page = "\(root)photographs/\(subject.name)"
    let classes = subject.photograph.classes.prefix(3).map(subject.words)
    return """
      <section class="side"><h2><a href="\(page).html">\(title)</a></h2>
      <img class="main" width="\(subject.explainer.size.width)" height="\(subject.explainer.size.height)" src="\(page).png" \
      alt="\(title) photograph as the network is shown it">\(PagePart.facts(classes.map { ($0[0], $0[1]) }))</section>
      """
  }
}
