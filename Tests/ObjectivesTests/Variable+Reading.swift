import Autodiff
import Networks

extension Variable {
  /// What a reading hands out of a layer's activations, N×C×H×W or N×C.
  func read(_ reading: Reading) -> Variable {
    let some = reading.channels.map { gathered($0, alongAxis: 1) } ?? self
    guard let (row, column) = try? reading.position(in: shape) else { return some }
    return some.sliced(row..<row + 1, alongAxis: 2).sliced(column..<column + 1, alongAxis: 3)
  }
}
