import ArgumentParser
import Networks
import Portraits
import Tensors

extension UnitSelection {
  /// A selection that refuses to stand for too many units.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - shapes: What its `shapes(inputShape:)` returned.
  ///   - most: How many units one command takes.
  init(network: Network, shapes: [String: Shape], most: Int) {
    self.init(network: network, shapes: shapes) { count in
      guard count <= most else { throw UnitCountError(count: count, most: most) }
    }
  }

  /// The one unit that an option takes.
  ///
  /// - Parameters:
  ///   - text: The unit as people write it.
  ///   - option: The option.
  /// - Returns: The unit.
  /// - Throws: `ValidationError` for several; `UnitError` or `NetworkError`, with the nearest names or the range.
  func unit(_ text: String, of option: String) throws -> NetworkUnit {
    do {
      return try one(text)
    } catch let error as SeveralUnitsError {
      throw ValidationError("\(option): \(error).")
    }
  }
}
