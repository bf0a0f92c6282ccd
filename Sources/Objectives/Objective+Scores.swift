import Autodiff
public import Networks
public import Tensors

extension Objective {
  /// A class of a detector or a segmenter.
  ///
  /// Of a detector the mean score at its best places, where an objectness counts too, or at those that are named; of
  /// a segmenter the sum over the pixels that it takes for the class (Seg-Grad-CAM), or over those that are named, and
  /// where there are none the mean at the best hundredth.
  /// Which places these are is not differentiated; those that are not named are each picture's own.
  ///
  /// - Parameters:
  ///   - index: The class.
  ///   - scores: Where the network scores classes.
  ///   - places: The places; nil: the best.
  /// - Returns: The objective.
  public static func score(_ index: Int, of scores: ClassScores, places: [Int]? = nil) -> Objective
  {
    let isWhole = scores.task == .segmentation
    func reading(_ index: Int, _ head: ClassScores.Head) -> Reading {
      head.narrows && !isWhole
        ? Reading(.value(head.value), channels: head.channels(of: index), as: .stored)
        : Reading(.value(head.value))
    }
    let readings = scores.heads.map { reading(index, $0) }
    let others = scores.objectness.map { reading(0, $0) }
    return Objective("class \(index)", reading: readings + others) { evaluation in
      func all(_ index: Int, _ heads: [ClassScores.Head], _ readings: [Reading]) -> Variable {
        concatenate(
          zip(heads, readings).map { evaluation[$1].ofClass(index, in: $0) }, alongAxis: 1)
      }
      let own = all(index, scores.heads, readings)
      let chosen: Tensor
      if isWhole, let places {
        chosen = own.value.chosen(places) * Float(places.count)
      } else if isWhole {
        chosen = scores.mask(of: index, in: evaluation[readings[0]].value, own.value)
      } else if others.isEmpty {
        chosen = own.value.chosen(places)
      } else {
        let ranks = ClassScores.ranks(
          own.value.scalars, all(0, scores.objectness, others).value.scalars)
        chosen = Tensor(own.shape, ranks).chosen(places)
      }
      return dot(own, Variable(chosen))
    }
  }
}

extension ClassScores {
  /// The pixels of a picture that a segmenter takes for a class.
  ///
  /// - Parameters:
  ///   - index: The class.
  ///   - value: The value of the segmenter's head, of one picture.
  /// - Returns: Their numbers, row by row; none where it takes no pixel for it.
  public func pixels(of index: Int, in value: Tensor) -> [Int] {
    let mask = isHighest(index, in: value)
    return mask.indices.filter { mask[$0] }
  }
}

extension Variable {
  /// One class's scores, N×places.
  fileprivate func ofClass(_ index: Int, in head: ClassScores.Head) -> Variable {
    let channels = head.channels(of: index)
    let all = head.order.map { transposed($0) } ?? self
    let one =
      all.shape[head.axis] == channels.count ? all : all.gathered(channels, alongAxis: head.axis)
    return one.reshaped(to: [all.shape[0], one.value.count / max(1, all.shape[0])])
  }
}

extension Tensor {
  /// Weights of 1 over their number at the chosen places, of N×places scores.
  fileprivate func chosen(_ places: [Int]?, of count: Int = ClassScores.bestCount) -> Tensor {
    var weights = [Float](repeating: 0, count: self.count)
    let width = shape[1]
    for row in 0..<shape[0] {
      let scores = Array(scalars[row * width..<(row + 1) * width])
      let best = places ?? ClassScores.best(of: scores, count)
      for place in best where place < width { weights[row * width + place] = 1 / Float(best.count) }
    }
    return Tensor(shape, weights)
  }
}

extension ClassScores {
  /// 1 at the pixels of N×C×H×W whose highest score is a class's, of a single class those above 0; the best hundredth
  /// of a picture without any, whose weights add up to 1.
  fileprivate func mask(of index: Int, in value: Tensor, _ scores: Tensor) -> Tensor {
    let (count, places) = (scores.shape[0], scores.shape[1])
    var mask: [Float] = isHighest(index, in: value).map { $0 ? 1 : 0 }
    let best = scores.chosen(nil, of: max(1, places / 100)).scalars
    for row in 0..<count where !mask[row * places..<(row + 1) * places].contains(1) {
      mask.replaceSubrange(
        row * places..<(row + 1) * places, with: best[row * places..<(row + 1) * places])
    }
    return Tensor([count, places], mask)
  }

  /// Of each pixel of N×C×H×W, whether a class's score is the highest, of a single class whether it is above 0.
  fileprivate func isHighest(_ index: Int, in value: Tensor) -> [Bool] {
    let head = heads[0]
    let others = value.shape.dimensions.indices.dropFirst().filter { $0 != head.axis }
    let (classes, wanted) = (value.shape[head.axis], head.first + index)
    return value.transposed([0] + others + [head.axis]).withUnsafeBufferPointer { all in
      (0..<all.count / classes).map { place in
        let own = all[place * classes + wanted]
        return (0..<classes).allSatisfy { all[place * classes + $0] <= own }
          && (classes > 1 || own > 0)
      }
    }
  }
}
