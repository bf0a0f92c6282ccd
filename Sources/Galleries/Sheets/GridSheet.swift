import Explanations
import Imaging
import Visualization

/// A photograph as a layer sees it.
struct GridSheet: SheetContent {
  let explainer: Explainer
  let layer: String
  let grid: PhotographGrid
  /// How many positions the layer has.
  let positions: Int

  var section: SheetSection { .grids }

  var work: Double {
    if grid.showsComponents { return Double(explainer.size.height * explainer.size.width) }
    let icons = grid.groups == 0 ? positions / (grid.stride * grid.stride) : grid.groups
    return Double(max(1, icons) * grid.steps) * Double(grid.side * grid.side)
  }

  func title(of file: String) -> String { grid.title(of: file, layer: layer) }

  func picture(of file: String, threads: Int, progress: (Double) -> Void) throws -> Picture {
    let explainer = explainer.with(threads: threads)
    let photograph = try explainer.photograph(Picture(contentsOf: file), named: file)
    return try grid.picture(of: photograph, layer: layer, by: explainer, progress: progress)
  }
}
