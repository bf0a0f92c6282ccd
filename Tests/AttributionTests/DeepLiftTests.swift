import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct DeepLiftTests {
  @Test(
    "maps add up to the rise exactly: rectifiers, a max pool, gates, products",
    arguments: [false, true])
  func completeness(branched: Bool) throws {
    let network = branched ? SmallNetwork.branched() : SmallNetwork.convolutional()
    let pictures = SmallNetwork.picture(samples: 2)
    let explained = Explained(.logit(2), in: network, inputShape: pictures.shape)
    let method = DeepLift(baseline: .input(SmallNetwork.picture(seed: 3)))
    let map = try explained.map(of: pictures, by: method)
    let totals = try method.total(at: pictures, of: explained)
    for sample in 0..<2 {
      let sum = map.gathered([sample], alongAxis: 0).total
      // Differences of Float over differences of Float, some of them near nothing.
      #expect(abs(sum - totals[sample]) < 2e-3 * abs(totals[sample]), "\(sum) \(totals[sample])")
    }
    // From another baseline by the same plan.
    let other = DeepLift(baseline: 0.5)
    let sum = try explained.map(of: pictures, by: other).gathered([0], alongAxis: 0).total
    let total = try other.total(at: pictures, of: explained)[0]
    #expect(abs(sum - total) < 5e-3 * abs(total))
  }

  @Test("softmax passes the mean of its derivative: probabilities add up as well")
  func probabilities() throws {
    let picture = SmallNetwork.picture()
    let explained = Explained(
      .channel("probabilities", 2), in: SmallNetwork.convolutional(), inputShape: picture.shape)
    let method = DeepLift(baseline: .input(SmallNetwork.picture(seed: 3)))
    let map = try explained.map(of: picture, by: method)
    let total = try method.total(at: picture, of: explained)[0]
    #expect(abs(map.total - total) < 2e-3 * map.absolute().total)
    let plain = DeepLift(baseline: method.baseline, rules: .captum)
    let other = try explained.map(of: picture, by: plain)
    #expect(abs(other.total - total) > 1e-2 * other.absolute().total)
  }

  @Test(
    "a product that is written as an Einsum, and the largest of an axis, add up as their twins do")
  func twins() throws {
    var random = SplitMix64(seed: 4)
    let constants = [
      "w": Constant(.normal([4, 3, 1, 1], using: &random)),
      "v": Constant(.normal([4, 3, 1, 1], using: &random)),
      "both": Constant(Tensor([2], [2, 3]), isInteger: true),
    ]
    func network(_ nodes: [Node]) -> Network {
      let first = [
        Node("Conv", inputs: ["input", "w"], outputs: ["a"]),
        Node("Conv", inputs: ["input", "v"], outputs: ["b"]),
      ]
      return Network(
        graph: Graph(
          inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])], outputs: ["z"],
          nodes: first + nodes, constants: constants))
    }
    let product = [
      network([
        Node("Mul", inputs: ["a", "b"], outputs: ["m"]),
        Node(
          "ReduceSum", inputs: ["m", "both"], outputs: ["z"], attributes: ["keepdims": .int(0)]),
      ]),
      network([
        Node(
          "Einsum", inputs: ["a", "b"], outputs: ["z"],
          attributes: ["equation": .string("nchw,nchw->nc")])
      ]),
    ]
    let largest = [
      network([
        Node("GlobalMaxPool", inputs: ["a"], outputs: ["m"]),
        Node("Flatten", inputs: ["m"], outputs: ["z"]),
      ]),
      network([
        Node(
          "ReduceMax", inputs: ["a", "both"], outputs: ["z"], attributes: ["keepdims": .int(0)])
      ]),
    ]
    let picture = SmallNetwork.picture()
    let method = DeepLift(baseline: .input(SmallNetwork.picture(seed: 3)))
    for twins in [product, largest] {
      let maps = try twins.map { network in
        let explained = Explained(.channel("z", 1), in: network, inputShape: picture.shape)
        let map = try explained.map(of: picture, by: method)
        let total = try method.total(at: picture, of: explained)[0]
        #expect(abs(map.total - total) < 2e-3 * map.absolute().total)
        return map
      }
      #expect(relativeError(maps[1], maps[0]) < 1e-4)
    }
  }

  @Test("a square, a quotient and a maximum of two values by Shapley's rule")
  func pairs() throws {
    let constants = [
      "w": Constant(Tensor([1, 3, 1, 1], [1, 2, -1])), "b": Constant(Tensor([1], [5])),
    ]
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])], outputs: ["z"],
        nodes: [
          Node("Conv", inputs: ["input", "w", "b"], outputs: ["s"]),
          Node("Mul", inputs: ["s", "s"], outputs: ["square"]),
          Node("Div", inputs: ["square", "s"], outputs: ["quotient"]),
          Node("Max", inputs: ["quotient", "square"], outputs: ["m"]),
          Node("GlobalAveragePool", inputs: ["m"], outputs: ["p"]),
          Node("Flatten", inputs: ["p"], outputs: ["z"]),
        ], constants: constants))
    let picture = SmallNetwork.picture()
    let explained = Explained(.logit(0), in: network, inputShape: picture.shape)
    let method = DeepLift(baseline: .input(SmallNetwork.picture(seed: 3)))
    let map = try explained.map(of: picture, by: method)
    let total = try method.total(at: picture, of: explained)[0]
    #expect(abs(map.total - total) < 1e-3 * abs(total))
    // The derivative in place of the rules does not add up.
    let plain = DeepLift(baseline: method.baseline, rules: .captum)
    #expect(abs(try explained.map(of: picture, by: plain).total - total) > 1e-2 * abs(total))
  }
}
