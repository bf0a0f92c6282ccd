import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Losses that files of trainers end in: how far scores are from labels.
  static let losses: [Operator] = [
    Operator("NegativeLogLikelihoodLoss", .other, makes: .like(0)) { call in
      try likelihoodLoss(call, of: try call.input(0))
    },
    // The logarithms of the shares are the second output.
    Operator("SoftmaxCrossEntropyLoss", .other, makes: .like(0)) { call in
      let x = try call.input(0)
      try call.require(x.shape.rank > 1 && x.shape.count > 0, "scores of \(x.shape)")
      let logarithms = x.withAxisLast(1) { $0.logSoftmax(alongAxis: -1) }
      return call.output == 1 ? logarithms : try likelihoodLoss(call, of: logarithms)
    },
  ]

  /// `−w[t] x[n, t, …]` for the labels t of N×…, each, summed, or as their mean weighted by w.
  private static func likelihoodLoss(_ call: TapeCall, of x: Variable) throws -> Variable {
    let labels = try call.input(1)
    try call.require(
      x.shape.rank > 1 && x.shape.count > 0
        && labels.shape.dimensions == [x.shape[0]] + x.shape.dimensions.dropFirst(2),
      "labels of \(labels.shape) for \(x.shape)")
    let (classes, positions) = (x.shape[1], x.shape.dimensions.dropFirst(2).reduce(1, *))
    let names = try classNames(call, labels.value, classes: classes)
    let places = names.enumerated().map { place, name in
      name < 0 ? -1 : (place / positions * classes + name) * positions + place % positions
    }
    var losses = -x.picked(places, shape: labels.shape)
    let weights = try weights(call, names, classes: classes, shape: labels.shape)
    if let weights { losses = losses * weights }
    switch call.node.string("reduction", default: "mean") {
    case "none": return losses
    case "sum": return losses.sum()
    case "mean":
      return losses.sum() / (weights?.sum() ?? Variable(Float(labels.shape.count)))
    case let other: throw call.invalid("the reduction '\(other)'")
    }
  }

  /// The labels as integers; −1 where one is to be ignored.
  ///
  /// - Throws: `NetworkError` where a constant one names no class; another is held within.
  private static func classNames(
    _ call: TapeCall, _ labels: Tensor, classes: Int
  ) throws -> [Int] {
    var ignored: Int?
    if case .int(let label)? = call.node.attributes["ignore_index"] { ignored = label }
    let isConstant = call.node.input(1).map { call.constants[$0] != nil } ?? false
    return try Constant(labels).integers.map { label in
      if label == ignored { return -1 }
      if (0..<classes).contains(label) { return label }
      guard !isConstant else { throw call.invalid("the label \(label) of \(classes) classes") }
      return max(0, min(classes - 1, label))
    }
  }

  /// What each loss counts; nil where all count the same.
  private static func weights(
    _ call: TapeCall, _ names: [Int], classes: Int, shape: Shape
  ) throws -> Variable? {
    guard let weights = call.optionalInput(2) else {
      guard call.node.attributes["ignore_index"] != nil else { return nil }
      return Variable(Tensor(shape, names.map { $0 < 0 ? 0 : 1 }))
    }
    try call.require(weights.shape == [classes], "weights of \(weights.shape)")
    return weights.picked(names, shape: shape)
  }
}
