import Blocks
import Graphs
import Plans
package import Tensors

extension Network.Feed {
  /// What the network's input receives.
  ///
  /// - Parameter input: N×C×H×W.
  /// - Returns: The same shape; a picture in the network's order and range.
  package func applied(to input: Tensor) -> Tensor {
    guard case .picture(let preprocessing) = self, input.shape.rank == 4 else { return input }
    let map = preprocessing.channelMap(channels: input.shape[1])
    let channels: Shape = [1, input.shape[1], 1, 1]
    return input.gathered(map.order, alongAxis: 1) * Tensor(channels, map.scale)
      + Tensor(channels, map.shift)
  }

  /// A map over the network's channels with the channels in the order of what is fed.
  ///
  /// - Parameter map: N×C×H×W.
  /// - Returns: The same shape.
  package func inFedOrder(_ map: Tensor) -> Tensor {
    guard case .picture(let preprocessing) = self, map.shape.rank == 4 else { return map }
    let order = preprocessing.channelMap(channels: map.shape[1]).order
    return map.scattered(order, alongAxis: 1, extent: map.shape[1])
  }
}
