import Explanations
import Graphs
import Networks
import Tensors
import TestSupport
import Testing

@testable import Portraits

/// Numbers in place of photographs.
@Suite struct StoredInputTests {
  private func network(_ dimensions: [Int?], turning order: [Int]? = nil) -> Network {
    let nodes =
      order.map {
        [
          Node("Transpose", inputs: ["x"], outputs: ["t"], attributes: ["perm": .ints($0)]),
          Node("Relu", inputs: ["t"], outputs: ["y"]),
        ]
      } ?? [Node("Relu", inputs: ["x"], outputs: ["y"])]
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: dimensions)], outputs: ["y"], nodes: nodes)
    ).takingPictures()
  }

  private func stored(_ tensor: Tensor) throws -> StoredInput {
    let folder = try TemporaryFolder()
    try folder.file("a.npy", NPY.file(of: tensor))
    return try StoredInput(contentsOf: "\(folder.path)/a.npy")
  }

  @Test(
    "what is fed is what the file's own nodes get, and maps of it have the file's axes",
    arguments: [
      [1, 2, 90], [1, 90], [90], [1, 3, 4, 6, 5], [1, 5, 3, 4, 6], [1, 5, 4, 6, 3], [1, 3, 4, 6],
      [1, 40, 7], [1, 16],
    ])
  func axes(dimensions: [Int]) throws {
    let network = network(dimensions.map { $0 })
    var random = SplitMix64(seed: 3)
    let own = Tensor.uniform(Shape(dimensions), using: &random) - 0.5
    let fed = try stored(own).fed(to: network).input
    #expect(fed.shape.rank == 4 && fed.shape == network.inputShape())
    let plan = try network.plan(
      inputShape: fed.shape, readings: [Reading(.value("y"))], feed: .raw, differentiable: false,
      threads: 1)
    let result = try plan.forward(fed)[0]
    #expect(result.shape == own.shape && result.scalars == own.scalars.map { max($0, 0) })
    #expect(network.inputAxes.asInFile(fed, network.form) == own)
  }

  @Test("signals and pictures with their channels at the end")
  func channelsLast() throws {
    for (dimensions, order) in [([1, 50, 3], [0, 2, 1]), ([1, 6, 5, 3], [0, 3, 1, 2])] {
      let network = network(dimensions.map { $0 }, turning: order)
      let own = Tensor(Shape(dimensions), (0..<dimensions.reduce(1, *)).map { Float($0) })
      let fed = try stored(own).fed(to: network).input
      #expect(fed.shape[1] == 3 && fed.scalars[1] == 3)
      #expect(network.inputAxes.asInFile(fed, network.form) == own)
      let plan = try network.plan(
        inputShape: fed.shape, readings: [Reading(.value("y"))], feed: .raw,
        differentiable: false, threads: 1)
      #expect(try plan.forward(fed)[0].scalars == own.transposed(order).scalars)
    }
  }

  @Test(
    "a batch may be left out; other extents, several inputs and sounds for pictures are refused by file"
  )
  func refused() throws {
    let network = network([nil, 2, 90])
    #expect(try stored(Tensor([2, 90])).fed(to: network).input.shape == [1, 2, 1, 90])
    let volume = self.network([1, 1, 5, 4, 6])
    #expect(try stored(Tensor([5, 4, 6])).fed(to: volume).input.shape == [1, 5, 4, 6])
    #expect(try stored(Tensor([1, 2, 70])).fed(to: network).input.shape == [1, 2, 1, 70])
    func message(_ shape: Shape) throws -> String {
      let error = try #require(throws: StoredInputError.self) {
        try stored(Tensor(shape)).fed(to: network)
      }
      return "\(error)"
    }
    #expect(try message([3, 90]).hasSuffix("a.npy is 3×90, and the network takes any×2×90"))
    #expect(try message([4, 2, 90]).contains("holds 4 inputs"))
    #expect(try message([1, 2, 90, 1]).contains("is 1×2×90×1"))
  }

  @Test(
    "a volume whose file leaves its slices open has as many as the array, or as somebody says",
    arguments: [[1, 3, nil, 6, 5], [1, nil, 3, 6, 5], [nil, nil, nil, nil, 3]] as [[Int?]])
  func openSlices(dimensions: [Int?]) throws {
    let network = network(dimensions)
    #expect(network.leavesSlicesOpen && network.form.inWords == "16 frames in colour")
    let own =
      dimensions.count == 5 && dimensions[4] == 3
      ? [1, 7, 6, 5, 3]
      : dimensions[1] == 3 ? [1, 3, 7, 6, 5] : [1, 7, 3, 6, 5]
    let numbers = Tensor(Shape(own), (0..<630).map { Float($0) })
    let file = try stored(numbers)
    #expect(throws: StoredInputError.self) { try file.fed(to: network) }
    let fitting = try file.fitting(network)
    #expect(fitting.form.inWords == "7 frames in colour")
    let fed = try file.fed(to: fitting).input
    #expect(fed.shape == [1, 21, 6, 5])
    let plan = try fitting.plan(
      inputShape: fed.shape, readings: [Reading(.value("y"))], feed: .raw, differentiable: false,
      threads: 1)
    #expect(try plan.forward(fed)[0] == numbers)
    for (slices, shape) in [(0, [1, 1, 0, 1, 1]), (5000, [1, 1, 5000, 1, 1])] {
      let open = self.network([1, 1, nil, nil, nil])
      let error = try #require(throws: StoredInputError.self) {
        try stored(Tensor(Shape(shape))).fitting(open)
      }
      #expect("\(error)".hasSuffix("the input 'x' has 1 to 4095 slices, not \(slices)"), "\(error)")
    }
    #expect(try network.taking(slices: 7).inputShape().dimensions[1] == 21)
    for slices in [0, -1, 4096, .max] {
      #expect(throws: NetworkError.self) { try network.taking(slices: slices) }
    }
  }

  @Test("slices that a file declares stay, and what is no volume has none")
  func declaredSlices() throws {
    let volume = network([1, 1, 8, 6, 5])
    #expect(!volume.leavesSlicesOpen && volume.inputAxesInWords == "1×1×8×6×5")
    #expect(try volume.taking(slices: 8).form == volume.form)
    let error = try #require(throws: NetworkError.self) { try volume.taking(slices: 9) }
    #expect("\(error)".contains("has 8 slices by its file, not 9"))
    #expect(try stored(Tensor([1, 1, 9, 6, 5])).fitting(volume).form == volume.form)
    #expect(throws: NetworkError.self) { try network([1, 3, 6, 5]).taking(slices: 2) }
    #expect(network([1, 1, nil, 6, 5]).inputAxesInWords == "1×1×any×6×5")
  }
}
