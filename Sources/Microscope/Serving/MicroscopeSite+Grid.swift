import Explanations
import Galleries
import Imaging
import Networks
import Portraits
import Tensors
import Visualization

extension MicroscopeSite {
  private struct GridEvent: Encodable {
    let share: Double
    /// Its address, from the root.
    var picture: String?
    var width = 0
    var height = 0
  }

  /// A photograph as a layer sees it: an icon a position, made once.
  func grid(
    of subject: PhotographSubject, _ layer: MicroscopeLayer, _ broadcast: Broadcast
  ) throws {
    let network = PictureNetwork(
      microscope.network, preprocessing: microscope.network.preparation, threads: microscope.threads
    )
    var grid = ActivationGrid()
    (grid.side, grid.steps) = (48, 48)
    let whole = try ActivationGrid.map(
      of: subject.photograph.input, layer: layer.name, in: network)
    grid.stride = max(1, (max(whole.shape[2], whole.shape[3]) + 13) / 14)
    let activations = try grid.activations(
      of: subject.photograph.input, layer: layer.name, in: network)
    let name = PictureCache.name(of: key(of: grid, layer, subject))
    if !microscope.cache.has(name) {
      var last = ContinuousClock.now
      let icons = try grid.icons(
        of: activations.vectors, layer: layer.name, in: network,
        progress: { share in
          try broadcast.check()
          guard ContinuousClock.now - last > .milliseconds(200) else { return }
          last = .now
          broadcast.send("share", GridEvent(share: share), isPassing: true)
        })
      let picture = Picture(sideBySide: icons.tiled(width: activations.width))
      try microscope.cache.keep(try picture.png(), as: name)
    }
    broadcast.send(
      "grid",
      GridEvent(
        share: 1, picture: "pictures/\(name).png", width: activations.width,
        height: activations.height))
  }

  /// Everything that a grid depends on.
  func key(
    of grid: ActivationGrid, _ layer: MicroscopeLayer, _ subject: PhotographSubject
  ) -> String {
    let explainer = subject.explainer
    return
      (["grid", "\(grid)"] + explainer.network.identity + [
        "\(explainer.size)", layer.name, subject.name, microscope.provenance.software,
      ]).joined(separator: "\n")
  }
}
