import CKernels

extension FeatureMap {
  /// Keeps a gradient where an activation is strictly within its clamp, and elsewhere only what would
  /// bring it back: negative where the activation is at the lower end, positive at the upper.
  func redirect(where activation: FeatureMap, isOutside clamp: Clamp) {
    for image in 0..<batch {
      for block in 0..<blocks {
        let gradient = kernelMap(image: image, block: block)
        let value = activation.kernelMap(image: image, block: block)
        guard let g = gradient.data, let v = value.data else { continue }
        for y in 0..<height {
          for i in 0..<width * 16 {
            let place = y * gradient.row + i
            let x = v[y * value.row + i]
            if x <= clamp.lower {
              g[place] = min(g[place], 0)
            } else if x >= clamp.upper {
              g[place] = max(g[place], 0)
            }
          }
        }
      }
    }
  }
}
