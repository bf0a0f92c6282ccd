import Networks
import Portraits
import Visualization

extension Classification {
  /// A line for each: probability, label, logit; of a number that is no logit, label and number; of a segmenter's class
  /// its share of the map before these.
  ///
  /// Where the network yields no numbers, one line says so.
  static func lines(
    _ classes: some Collection<Classification>, labels: [String]
  ) -> [String] {
    guard classes.allSatisfy(\.logit.isFinite) else {
      return ["numbers that are infinite or not numbers"]
    }
    let names = classes.map { NetworkUnit.title(ofLogit: $0.index, labels: labels, of: $0.numbers) }
    let width = min(44, names.map(\.count).max() ?? 0)
    return zip(classes, names).map { one, name in
      let value = Double(one.logit).fixed(2)
      let name = share(of: one) + name.padded(to: width)
      guard let probability = one.probability else { return "\(name)  \(value)" }
      let line = "\(percent(probability))  \(name)"
      return one.isOwnProbability ? line : "\(line)  logit \(value)"
    }
  }

  private static func share(of one: Classification) -> String {
    one.share.map { "\(percent($0)) of the map  " } ?? ""
  }

  private static func percent(_ share: Float) -> String {
    "\(Double(share * 100).fixed(1).paddedOnLeft(to: 6)) %"
  }
}
