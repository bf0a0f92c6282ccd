import Memory
import Tensors
import Visualization

extension PreparedPortrait {
  /// Refuses pictures for which there is no room, while they are made or as they are saved.
  ///
  /// - Parameters:
  ///   - shape: The picture's, N×C×H×W.
  ///   - recipe: How it is made.
  /// - Throws: `MemoryError`.
  static func checkRoom(for shape: Shape, by recipe: Recipe) throws {
    let plane = [shape[0], shape[2], shape[3]]
    let size = "\(shape[3])×\(shape[2]) pixels"
    let isPenalized =
      recipe.tv > 0 || recipe.l1 > 0 || recipe.l2 > 0 || recipe.blur > 0
      || recipe.batchNormalization > 0 || recipe.like != nil
    let each = max(bytes[recipe.parameterization] ?? 64, isPenalized ? bytesOfPenalties : 0)
    var held = MemoryLimit.product(plane + [shape[1], each])
    if recipe.parameterization == "pyramid", recipe.levels == "all" {
      // A level of every size: a third of the longer side times as many numbers as the picture has, at 100 bytes.
      let levels = MemoryLimit.product(plane + [shape[1], max(shape[2], shape[3]), 34])
      held = MemoryLimit.sum(held, levels)
    }
    try MemoryLimit.check(bytes: held, of: "the making of \(size)")
    // As they are resized, as bytes, and as a file that may not compress: three times three bytes a pixel.
    let scale = recipe.scale ?? 1
    try MemoryLimit.check(
      bytes: MemoryLimit.product(plane + [scale, scale, 9]),
      of: "the picture at \(scale) times its size")
  }

  /// Bytes that an ascent holds for each number of its picture: parameters, their gradients, what the optimizer keeps
  /// of them and what lies between them and the picture; what the process takes more at 1600×1600 than at 800×800.
  private static let bytes = [
    "cppn": 48, "pixel": 64, "maco": 92, "fourier": 114, "laplacian": 122, "pyramid": 272,
  ]

  /// The same where penalties are weighed against the objective's pull at a picture of their own.
  private static let bytesOfPenalties = 480
}
