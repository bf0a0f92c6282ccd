import Galleries
import Visualization
import Portraits
import Networks

/// The address of a comparison: two parts of networks, each as one names it, and which network it is of.
struct ComparisonAddress {
  private var query: [(name: String, value: String)] = []
  private let place: Microscope.Place?

  /// Two networks as wholes.
  init(_ first: Microscope, with second: Microscope) {
    place = nil
    query = [("first-model", first.path), ("second-model", second.path)]
  }

  /// A unit beside what is to be said.
  init(_ microscope: Microscope, _ place: Microscope.Place, _ unit: NetworkUnit) {
    self.place = place
    query = [
      ("first", unit.argument(in: microscope.network)), ("first-model", microscope.path),
      ("second-model", microscope.path),
    ]
  }

  /// Two parts of two networks.
  init(_ first: String, of one: Microscope, _ second: String, of other: Microscope) {
    place = nil
    query = [
      ("first", first), ("first-model", one.path), ("second", second), ("second-model", other.path),
    ]
  }

  /// The same with another network's unit of the same name.
  func with(_ other: Microscope) -> ComparisonAddress {
    var result = self
    result.query.removeAll { $0.name == "second-model" }
    result.query.append(("second-model", other.path))
    return result
  }

  /// A unit beside it, as something to begin with.
  var neighbour: String {
    switch place {
    case .channel(let layer, let channel): "\(layer):\(channel == 0 ? 1 : channel - 1)"
    case .class(let index): "\(index == 0 ? 1 : index - 1)"
    case nil: ""
    }
  }

  /// The address, as HTML has it.
  var html: String {
    let words = query.map { "\($0.name)=\(HTML.address($0.value))" }
    return "/compare?" + words.joined(separator: "&amp;")
  }

  /// The same as fields of a form that nobody sees.
  var fields: String {
    query.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\(HTML.escaped($0.value))\">" }
      .joined()
  }
}

extension Microscope {
  /// Its address without the slash at the end.
  var path: String { String(address.dropLast()) }
}
