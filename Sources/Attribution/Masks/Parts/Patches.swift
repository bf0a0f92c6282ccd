/// Labelled pixels as patches in one piece each, joined by their sides.
struct Patches {
  private let labels: [Int]
  private let height: Int
  private let width: Int

  /// Takes a label for each pixel, row by row.
  init(_ labels: [Int], height: Int, width: Int) {
    (self.labels, self.height, self.width) = (labels, height, width)
  }

  /// A number for each pixel's patch, where patches smaller than that have gone to one beside them.
  ///
  /// Patches are found row by row; a small one goes to that before its first pixel.
  func merged(below smallest: Int) -> [Int] {
    var patches = [Int](repeating: -1, count: labels.count)
    var next = 0
    for start in labels.indices where patches[start] < 0 {
      let (x, y) = (start % width, start / width)
      let beside = x > 0 ? patches[start - 1] : y > 0 ? patches[start - width] : nil
      let pixels = fill(&patches, from: start, with: next)
      if let beside, pixels.count < smallest {
        for pixel in pixels { patches[pixel] = beside }
      } else {
        next += 1
      }
    }
    return patches
  }

  /// Gives a number to all pixels of a patch.
  private func fill(_ patches: inout [Int], from start: Int, with number: Int) -> [Int] {
    var pixels = [start]
    patches[start] = number
    var done = 0
    while done < pixels.count {
      let pixel = pixels[done]
      done += 1
      let (x, y) = (pixel % width, pixel / width)
      for (h, v) in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
      where (0..<width).contains(h) && (0..<height).contains(v) {
        let other = v * width + h
        if patches[other] < 0, labels[other] == labels[start] {
          patches[other] = number
          pixels.append(other)
        }
      }
    }
    return pixels
  }
}
