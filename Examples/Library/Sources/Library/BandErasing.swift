import FeatureVisualization

/// How far the objective falls when a band of rows is made grey, and a band of columns.
struct BandErasing: AttributionMethod {
  /// How many bands each way.
  let bands: Int

  func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let (height, width) = (pictures.shape[2], pictures.shape[3])
    // Masks of 1 where the picture stays, first those of rows, then those of columns.
    let masks = (0..<2 * bands).map { index in
      let band = index % bands
      let isRow = index < bands
      return Tensor(
        [1, 1, height, width],
        (0..<height * width).map { pixel in
          let place = isRow ? pixel / width * bands / height : pixel % width * bands / width
          return place == band ? 0 : 1
        })
    }
    let value = try explained.values(at: pictures)[0]
    let values = try explained.values(of: masks.count, progress: progress) { index in
      pictures * masks[index] + 0.5 * (1 - masks[index])
    }
    var map = Tensor([1, 1, height, width])
    for (mask, erased) in zip(masks, values) { map += (1 - mask) * (value - erased) }
    return map.broadcast(to: pictures.shape)
  }
}
