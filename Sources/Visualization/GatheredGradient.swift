import Autodiff
import Tensors

/// The sizes of all gradients that reached a picture on the way: where it was worked on.
///
/// Source: Horama `maco_fv.py`, whose pictures are opaque there.
final class GatheredGradient {
  private var sum: Tensor?

  /// A picture whose gradients are gathered.
  func watching(_ picture: Variable) -> Variable {
    Variable(picture.value, operation: "picture", inputs: [picture]) { [self] g in
      let size = g.value.absolute()
      sum = sum.map { $0 + size } ?? size
      return [g]
    }
  }

  /// An opacity for each picture, (batch, 1, height, width) in 0…1: the mean over channels, all of the upper fifth 1;
  /// nil: there were no gradients.
  var opacity: Tensor? {
    guard let sum else { return nil }
    let channels = Float(sum.shape[1])
    let mean = sum.sum(alongAxes: [1], keepingAxes: true) / channels
    let parts = (0..<mean.shape[0]).map { index -> Tensor in
      let one = mean.gathered([index], alongAxis: 0)
      let sorted = one.scalars.sorted()
      let largest = max(sorted[min(sorted.count - 1, sorted.count * 4 / 5)], .leastNormalMagnitude)
      return one.map { min($0 / largest, 1) }
    }
    return .concatenate(parts)
  }
}
