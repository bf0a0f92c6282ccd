import Blocks
import CKernels
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a pass cost, over its images.
struct Loss: Sendable, Equatable {
  /// The sum of the images' losses.
  var total = 0.0
  /// How many images are classified rightly, and how many there are.
  var correct = 0
  var count = 0

  /// The mean loss of an image.
  var mean: Double { total / Double(max(count, 1)) }
  /// The share that is classified rightly.
  var accuracy: Double { Double(correct) / Double(max(count, 1)) }

  static func += (sum: inout Loss, part: Loss) {
    sum.total += part.total
    sum.correct += part.correct
    sum.count += part.count
  }
}

extension TrainableNetwork {
  /// The cross-entropy of softmax with labels, and its gradient (of the mean over the images) in the
  /// last layer's place.
  ///
  /// - Parameters:
  ///   - labels: The class of each image.
  ///   - smoothing: The share of the target that is spread over all classes.
  /// - Returns: The loss, summed over the images.
  func crossEntropy(_ labels: [Int], smoothing: Float = 0) -> Loss {
    let (value, gradient) = (maps[layers.count - 1].value, maps[layers.count - 1].gradient)
    let classes = value.channels
    let spread = smoothing / Float(classes)
    var loss = Loss(count: count)
    for image in 0..<count {
      guard let x = value.kernelMap(image: image).data,
        let g = gradient.kernelMap(image: image).data
      else { continue }
      let label = labels[image]
      var best = 0
      for c in 1..<max(classes, 1) where x[c] > x[best] { best = c }
      let greatest = x[best]
      var sum: Float = 0
      var mean: Float = 0
      for c in 0..<classes {
        g[c] = exp(x[c] - greatest)
        sum += g[c]
        mean += x[c] - greatest
      }
      let logarithm = log(sum)
      loss.total += Double(
        logarithm - (1 - smoothing) * (x[label] - greatest) - spread * mean)
      if best == label, x[label].isFinite { loss.correct += 1 }
      for c in 0..<classes {
        let target = spread + (c == label ? 1 - smoothing : 0)
        g[c] = (g[c] / sum - target) / Float(count)
      }
      for c in classes..<value.blocks * 16 { g[c] = 0 }
    }
    return loss
  }
}
