import Networks
import Portraits
import Visualization

extension Classification {
  /// A line for each: probability, label, logit.
  static func lines(
    _ classes: some Collection<Classification>, labels: [String]
  ) -> [String] {
    let names = classes.map { NetworkUnit.title(ofLogit: $0.index, labels: labels) }
    let width = min(44, names.map(\.count).max() ?? 0)
    return zip(classes, names).map { one, name in
      let percent = Double(one.probability * 100).fixed(1).paddedOnLeft(to: 6)
      return "\(percent) %  \(name.padded(to: width))  logit \(Double(one.logit).fixed(2))"
    }
  }
}

extension Network {
  /// Why no class can be chosen.
  var noTopClass: any Error {
    let unsupported = unsupported
    return unsupported.isEmpty
      ? UnitError.noLogits("the top class") : NetworkError.unsupported(unsupported)
  }
}
