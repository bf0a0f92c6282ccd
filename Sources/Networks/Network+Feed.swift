import Graphs
import Plans
package import Tensors

extension Network {
  /// What becomes of pictures on their way in: what the file says, or if that says nothing, RGB (or grey)
  /// in 0…1, and signals in −1…1; channels that are no colours are bands.
  public var preparation: Preprocessing {
    var preparation = preprocessing ?? Preprocessing(rangeLower: form == .signal ? -1 : 0)
    switch colorChannels ?? 3 {
    case 1: preparation.color = form == .signal ? .bands : .gray
    case 3 where form != .signal: break
    default: preparation.color = .bands
    }
    return preparation
  }

  /// The channels of a picture, or of each slice of a volume, if the file says it.
  public var colorChannels: Int? {
    if case .volume(let volume) = form { volume.channels } else { inputChannels }
  }

  /// How the channels of what is fed become those of the network's input; `nil` where they stay.
  func channelMap(of feed: Feed, inputShape: Shape) -> ChannelMap? {
    guard case .picture(let preprocessing) = feed, inputShape.rank == 4 else { return nil }
    let preparation = preprocessing ?? preparation
    guard case .volume(let volume) = form, inputShape[1] == volume.channels * volume.depth else {
      return preparation.channelMap(channels: inputShape[1])
    }
    return preparation.channelMap(channels: volume.channels).repeated(over: volume)
  }

  /// What the network's input receives.
  ///
  /// - Parameters:
  ///   - input: What is fed, N×C×H×W.
  ///   - feed: What that is.
  /// - Returns: The same shape; a picture in the network's order and range.
  package func received(_ input: Tensor, as feed: Feed) -> Tensor {
    guard let map = channelMap(of: feed, inputShape: input.shape) else { return input }
    let channels: Shape = [1, input.shape[1], 1, 1]
    return input.gathered(map.order, alongAxis: 1) * Tensor(channels, map.scale)
      + Tensor(channels, map.shift)
  }

  /// A map over the network's channels with the channels in the order of what is fed.
  ///
  /// - Parameters:
  ///   - map: N×C×H×W.
  ///   - feed: What is fed.
  /// - Returns: The same shape.
  package func inFedOrder(_ map: Tensor, as feed: Feed) -> Tensor {
    guard let order = channelMap(of: feed, inputShape: map.shape)?.order else { return map }
    return map.scattered(order, alongAxis: 1, extent: map.shape[1])
  }
}

extension ChannelMap {
  /// The same for every slice of a volume.
  fileprivate func repeated(over volume: InputForm.Volume) -> ChannelMap {
    var map = ChannelMap(channels: volume.channels * volume.depth)
    for slice in 0..<volume.depth {
      for channel in 0..<volume.channels {
        let band = volume.band(channel: channel, slice: slice)
        map.order[band] = volume.band(channel: order[channel], slice: slice)
        (map.scale[band], map.shift[band]) = (scale[channel], shift[channel])
      }
    }
    return map
  }
}
