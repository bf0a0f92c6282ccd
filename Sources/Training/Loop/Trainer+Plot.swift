import Blocks
public import Imaging

extension Trainer {
  /// Loss and accuracy over the epochs so far, one plot above the other.
  public func plot() -> Picture {
    func points(_ value: (EpochRecord) -> Double?) -> [(x: Double, y: Double)] {
      history.compactMap { record in value(record).map { (Double(record.epoch), $0) } }
    }
    var loss = LinePlot("Loss", x: "epoch", y: "cross-entropy")
    loss.add("training", points(\.loss))
    loss.add("validation", points(\.validationLoss))
    var accuracy = LinePlot("Accuracy", x: "epoch", y: "%")
    accuracy.add("training", points { 100 * $0.accuracy })
    accuracy.add("validation", points { 100 * $0.validationAccuracy })
    let attacked = points { $0.robustAccuracy.map { 100 * $0 } }
    if !attacked.isEmpty { accuracy.add("validation, attacked", attacked) }
    let (above, below) = (loss.picture(), accuracy.picture())
    return Picture(
      width: above.width, height: above.height + below.height, bytes: above.bytes + below.bytes)
  }
}
