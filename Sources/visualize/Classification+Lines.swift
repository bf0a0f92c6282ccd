import Networks
import Portraits
import Visualization

extension Classification {
  /// A line for each: probability, label, logit; of a number that is no logit, label and number.
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
      guard let probability = one.probability else { return "\(name.padded(to: width))  \(value)" }
      let percent = Double(probability * 100).fixed(1).paddedOnLeft(to: 6)
      let line = "\(percent) %  \(name.padded(to: width))"
      return one.isOwnProbability ? line : "\(line)  logit \(value)"
    }
  }
}
