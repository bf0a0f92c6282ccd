public import Networks
import Objectives
public import Tensors

extension Explained {
  /// Why nothing can be learnt from the objective at a picture, if that can be found out.
  ///
  /// - Parameter picture: 1×C×H×W.
  /// - Returns: What the network's diagnosis says of the first reading that something is wrong with.
  /// - Throws: `NetworkError`.
  public func diagnosis(at picture: Tensor) throws -> Diagnosis? {
    for reading in objective.readings {
      if let diagnosis = try network.diagnosis(
        of: reading, at: picture, feed: feed, threads: threads)
      {
        return diagnosis
      }
    }
    return nil
  }

  /// The objective's value at a picture, which a map would be drawn for.
  ///
  /// - Parameter picture: 1×C×H×W.
  /// - Returns: The value.
  /// - Throws: `NotFiniteError` naming the layer where it is no number; `NetworkError`.
  public func finiteValue(at picture: Tensor) throws -> Float {
    let value = try values(at: picture)[0]
    guard value.isFinite else {
      throw NotFiniteError(objective.name, try diagnosis(at: picture))
    }
    return value
  }
}
