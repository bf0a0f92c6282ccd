import Graphs
import Imaging
import Networks
import Portraits
import Tensors
import Testing
import Visualization

/// Pictures that are none of colours: signals, volumes, films.
@Suite struct ShownTests {
  private func network(_ dimensions: [Int?]) -> Network {
    Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: dimensions)], outputs: ["y"],
        nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])])
    ).takingPictures()
  }

  @Test(
    "sizes that pages are told are those of the pictures",
    arguments: [
      [1, 2, 90], [1, 90], [1, 1, 5, 4, 6], [1, 3, 5, 4, 6], [1, 4, 4, 6], [1, 3, 4, 6],
    ])
  func sizes(dimensions: [Int]) {
    let network = network(dimensions.map { $0 })
    let shape = Shape([2] + network.inputShape().dimensions.dropFirst())
    let picture = network.shown(Tensor(shape, repeating: 0.5), scale: 3)
    let size = network.shownSize(
      of: PictureSize(height: shape[2], width: shape[3]), count: 2, scale: 3)
    #expect((picture.width, picture.height) == (size.width, size.height))
  }

  @Test("frames stand on a sheet in colour, from the left and from the top")
  func film() {
    let network = network([1, 4, 3, 2, 2])
    let numbers = (0..<4).flatMap { frame in
      (0..<3).flatMap { [Float](repeating: $0 == frame % 3 ? 1 : 0, count: 4) }
    }
    let sheet = network.shown(Tensor([1, 12, 2, 2], numbers))
    func color(_ x: Int, _ y: Int) -> [UInt8] {
      let place = 3 * (y * sheet.width + x)
      return Array(sheet.bytes[place..<place + 3])
    }
    #expect((sheet.width, sheet.height) == (6, 6))
    #expect(color(0, 0) == [255, 0, 0] && color(5, 1) == [0, 255, 0])
    #expect(color(0, 5) == [0, 0, 255] && color(5, 5) == [255, 0, 0])
  }

  @Test("what is believed of a signal is said in its words")
  func words() {
    let network = network([1, 12, 1000])
    let said = network.preflight(size: PictureSize(height: 1, width: 1000))
    #expect(said.contains("Assuming a signal of 12 bands in -1…1, 1000 samples."))
    #expect(network.pictureSize(PictureSize(height: 64, width: 64)).height == 1)
  }
}
