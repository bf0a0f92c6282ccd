import Foundation
import Imaging
import Networks
import Portraits
import Tensors
import TestSupport
import Testing
import Visualization

@Suite struct JudgeTests {
  /// A grey picture with a stripe, another on each side.
  private var picture: Picture {
    var picture = Picture(width: 40, height: 30, filledWith: Color(0x336699))
    picture.fill(Color(0xFFCC00), x: 5, y: 3, width: 9, height: 20)
    return picture
  }

  private func judge(labels: [String]) throws -> Judge {
    try Judge(
      smallNetwork().overriding(metadata: [
        "labels": labels.joined(separator: "\n"), "input.size": "20,20",
      ]))
  }

  @Test("a name stands for the classes of the same name, else for those that end in it")
  func names() throws {
    let judge = try judge(labels: ["king penguin, bird", "teddy, teddy bear", "Penguin-suit"])
    #expect(judge.classes(called: "penguin") == [0])
    #expect(judge.classes(called: "teddy") == [1] && judge.classes(called: "bear") == [1])
    #expect(judge.classes(called: "king-penguin") == [0])
    #expect(judge.classes(called: "suit") == [2] && judge.classes(called: "cat").isEmpty)
    let others = ["cat": ["bird", "penguin suit"], "bear": ["brown bear"]]
    #expect(judge.classes(called: "cat", knownAs: others) == [0, 2])
    // What a file says is believed, also where it leads nowhere.
    #expect(judge.classes(called: "bear", knownAs: others).isEmpty)
  }

  @Test("the verdict is that of the mean of probabilities over twelve views")
  func verdict() throws {
    let judge = try judge(labels: ["cat", "dog", "hot dog"])
    let plan = try judge.network.plan(
      inputShape: [1, 3, 20, 20], readings: [Reading(.logits)], feed: .picture(),
      differentiable: false)
    var mean: [Double] = [0, 0, 0]
    let corners = [(2, 1), (0, 0), (4, 0), (0, 3), (4, 3)].map {
      picture.cropped(x: $0.0, y: $0.1, width: 36, height: 27)
    }
    for view in [picture] + corners {
      let input = try judge.network.input(view, size: PictureSize(height: 20, width: 20))
      let mirrored = input.gathered((0..<20).reversed(), alongAxis: 3)
      for input in [input, mirrored] {
        let logits = try plan.forward(input)[0].scalars.map { Double($0) }
        let sum = logits.map { exp($0) }.reduce(0, +)
        for (index, logit) in logits.enumerated() { mean[index] += exp(logit) / sum / 12 }
      }
    }
    let order = [0, 1, 2].sorted { mean[$0] > mean[$1] }
    for (place, index) in order.enumerated() {
      let verdict = try judge.verdict(on: picture, classes: [index])
      #expect(verdict.rank == place + 1 && verdict.first == ["cat", "dog", "hot dog"][order[0]])
      #expect(abs(Double(verdict.probability ?? 0) - mean[index]) <= 1e-5)
    }
    let both = try judge.verdict(on: picture, classes: [order[1], order[2]])
    #expect(both.rank == 2)
    #expect(abs(Double(both.probability ?? 0) - mean[order[1]] - mean[order[2]]) <= 1e-5)
    #expect(try judge.verdict(on: picture, classes: []).rank == nil)
  }

  @Test("a file of names, and what is wrong with one")
  func file() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/names.txt"
    try Data("# what\n\ncat: tabby; tiger cat \n hot dog : hotdog\n".utf8).write(
      to: URL(filePath: path))
    #expect(
      try ClassNames(contentsOf: path).names
        == ["cat": ["tabby", "tiger cat"], "hot dog": ["hotdog"]])
    try Data("cat: tabby\ndog\n".utf8).write(to: URL(filePath: path))
    let error = try #require(throws: ClassNamesError.self) { try ClassNames(contentsOf: path) }
    #expect("\(error)".contains("names.txt, line 2: there is no colon"))
  }

  @Test("how calm a picture is")
  func traits() {
    let grey = PictureTraits(Picture(width: 20, height: 20, filledWith: Color(0x808080)))
    #expect(grey.saturation == 0 && grey.detail == 0 && grey.clipped == 0)
    var checks = Picture(width: 20, height: 20, filledWith: Color(0xFF0000))
    for i in 0..<400 where (i % 20 + i / 20) % 2 == 0 { checks[x: i % 20, y: i / 20] = Color(0) }
    let loud = PictureTraits(checks)
    #expect(abs(loud.saturation - 0.5) < 1e-9 && loud.clipped == 1)
    // Of three colours, one differs from its neighbours' mean by 1.
    #expect(abs(loud.detail - (1.0 / 3).squareRoot()) < 1e-9)
  }
}
