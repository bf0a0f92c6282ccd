import Blocks
import Graphs
import Tensors

/// What a graph itself says of its pictures.
struct GraphPreparation {
  /// What its pictures are to be.
  var preprocessing: Preprocessing
  /// Whether it changes the order of the channels and nothing says from which.
  var isColorGuess = false
}

extension Graph {
  /// What the graph itself says of its pictures: by its input's type, or by what it does to them first.
  ///
  /// Bytes are 0…255. Of what else becomes of a picture before the first layer, in whatever order it is written, only the
  /// mean that is taken off each channel and the deviation that it is divided by count, both on the input's scale. A mean
  /// beyond 2 is for 0…255 and a smaller one for 0…1; without a mean a division by 255, by some 127.5 or by deviations
  /// beyond 20 is for 0…255, one by those of ImageNet for 0…1, as is what pads. What is brought from ImageNet's scale to
  /// −1…1, or from −1…1 to 0…1, takes that. Means and deviations of ImageNet say the order of the channels.
  ///
  /// - Returns: nil where it says nothing.
  var preparation: GraphPreparation? {
    guard inputs.indices.contains(picturePlace), inputs[picturePlace].dimensions.count == 4 else {
      return nil
    }
    let isBytes = inputs[picturePlace].isInteger
    let bytes = Preprocessing(rangeUpper: 255)
    var search = PreparationSearch(self)
    guard var map = search.affineMap() else {
      return isBytes ? GraphPreparation(preprocessing: bytes) : nil
    }
    if map.isLearnt, map.range == nil {
      search.takesNorms = false
      map = search.affineMap() ?? map
    }
    if !isBytes, map.bringsImageNet { return GraphPreparation(preprocessing: .imagenet) }
    guard var found = isBytes ? bytes : map.range else { return nil }
    let color = map.color
    found.color = color ?? .rgb
    return GraphPreparation(
      preprocessing: found,
      isColorGuess: color == nil && map.order.count == 3 && map.order != [0, 1, 2])
  }
}

/// How the numbers that reach the first layer follow from a picture: `(x − mean) / deviation`, a channel each.
struct PictureMap {
  /// On the input's scale, in the order of its channels.
  var means: [Float] = []
  /// On the input's scale, in the order of its channels.
  var deviations: [Float] = []
  /// The input's channels in the order in which they arrive.
  var order: [Int] = []
  /// What pads, on the input's scale; nil where nothing does.
  var margin: Float?
  /// Whether its last means and deviations are those that a batch norm has learnt.
  var isLearnt = false

  /// ImageNet's means of red, green and blue as shares of their sum, and its deviations.
  private static let shares: (means: [Float], deviations: [Float]) = (
    [0.36, 0.3385, 0.3015], [0.3378, 0.3304, 0.3319]
  )

  private var mean: Float { means.reduce(0, +) / Float(means.count) }
  private var deviation: Float {
    deviations.reduce(0) { $0 + abs($1) } / Float(deviations.count)
  }

  /// Whether black and white on ImageNet's scale become −1 and 1, as in torchvision's `transform_input`.
  fileprivate var bringsImageNet: Bool {
    let from = Preprocessing.imagenet
    return means.count == 3
      && means.indices.allSatisfy { i in
        [(Float(0), Float(-1)), (1, 1)].allSatisfy { color, result in
          let x = (color - from.mean[i]) / from.standardDeviation[i]
          return abs((x - means[i]) / deviations[i] - result) < 0.01
        }
      }
  }

  /// What black and white are in the input; nil where nothing says it.
  fileprivate var range: Preprocessing? {
    let (bytes, shares) = (Preprocessing(rangeUpper: 255), Preprocessing())
    if isLearnt {
      if mean > 20, (20...120).contains(deviation) { return bytes }
      return (0.2...0.8).contains(mean) && (0.1...0.45).contains(deviation) ? shares : nil
    }
    switch mean {
    case -1.05 ... -0.95: return Preprocessing(rangeLower: -1)
    case -0.3..<0.1 where isOfSigned: return Preprocessing(rangeLower: -1)
    case 2...: return bytes
    case 0.1..<2: return shares
    case -0.1..<0.1 where (20...300).contains(deviation): return bytes
    case -0.1..<0.1 where orderOfDeviations != nil && deviation < 0.5,
      -0.1..<0.1 where (1.0 / 300...1.0 / 200).contains(deviation):
      return shares
    case -0.1..<0.1:
      guard let margin, margin > 0.01 else { return nil }
      return margin > 2 ? bytes : margin < 1 ? shares : nil
    default: return nil
    }
  }

  /// The order of the input's channels; nil where nothing says it.
  fileprivate var color: Preprocessing.Color? {
    let means = isOfSigned ? means.map { $0 + 1 } : means
    return order(of: means, by: Self.shares.means, within: 0.01) ?? orderOfDeviations
  }

  /// Whether a range of 255 is made of one of 2, −1…1.
  private var isOfSigned: Bool { (1.0 / 129...1.0 / 126).contains(deviation) }

  private var orderOfDeviations: Preprocessing.Color? {
    order(of: deviations, by: Self.shares.deviations, within: 5e-4)
  }

  /// The order in which three numbers have known shares of their sum; nil where they have not.
  private func order(
    of numbers: [Float], by shares: [Float], within tolerance: Float
  ) -> Preprocessing.Color? {
    let sum = numbers.reduce(0, +)
    guard numbers.count == 3, sum != 0 else { return nil }
    func areNear(_ shares: [Float]) -> Bool {
      zip(numbers, shares).allSatisfy { abs($0 / sum - $1) < tolerance }
    }
    return areNear(shares) ? .rgb : areNear(shares.reversed()) ? .bgr : nil
  }
}
