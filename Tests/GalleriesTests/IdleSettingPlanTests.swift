import Networks
import Portraits
import TestSupport
import Testing
import Visualization

@testable import Galleries

/// Keys of a plan that would change nothing.
@Suite struct IdleSettingPlanTests {
  private func messages(_ yaml: String) throws -> [String] {
    try GalleryPlan(yaml: yaml).refused.map(\.message)
  }

  @Test(
    "are refused where a picture says them",
    arguments: [
      ("{unit: dog, levels: all}", "`levels` is for `parameterization` pyramid only"),
      ("{unit: dog, like-weight: 2}", "`like-weight` is for `like` only"),
      ("{unit: dog, fit: pad}", "`fit` is for `init` only"),
      (
        "{unit: dog, parameterization: maco, jitter: 3}",
        "`jitter` is for `transforms` robust, colors, standard, none only"
      ),
    ])
  func own(entry: String, message: String) throws {
    #expect(try messages("pictures: [cat, \(entry)]") == [message])
  }

  @Test("are refused as defaults where they change no picture, and are for those that they change")
  func defaults() throws {
    let plan = "defaults: {levels: all}\npictures:\n  - cat\n"
    #expect(
      try messages(plan) == ["`defaults`: `levels` is for `parameterization` pyramid only"])
    let pyramid = plan + "  - {unit: dog, parameterization: pyramid}\n"
    #expect(try messages(pyramid).isEmpty)
    let folder = try TemporaryFolder()
    let gallery = try Gallery(
      GalleryPlan(yaml: "defaults: {levels: all, size: 24}\n" + pyramid.dropFirst(24)),
      network: TinyNetwork.network(), folder: folder.path,
      provenance: .init(software: "visualize 0", command: "visualize gallery plan.yaml"))
    #expect(gallery.refused == nil)
    #expect(gallery.items.map(\.recipe.levels) == [nil, "all"])
  }

  @Test("what is explained is named, or counted; shifts have something to do")
  func sheets() throws {
    #expect(
      try messages("saliency: [{picture: a.png, units: [cat], top: 3}]\npictures: [cat]").first?
        .contains("`top`") == true)
    #expect(
      try messages("dreams: [{picture: a.png, unit: relu, octaves: 1, ratio: 2}]\npictures: [cat]")
        .first?.contains("`ratio` is for several `octaves`") == true)
    #expect(
      try messages(
        "grids: [{picture: a.png, layer: relu, components: true, steps: 5}]\npictures: [cat]"
      ).first?.contains("goes without `steps` and `seed`") == true)
  }
}
