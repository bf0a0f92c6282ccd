public import ArgumentParser
public import Networks
public import Portraits
public import Tensors
public import Visualization

extension NumberList: ExpressibleByArgument {
  /// Reads `104,117,123`.
  public init?(argument: String) { self.init(argument) }
}

extension PictureSize: ExpressibleByArgument {
  /// Reads `224`, or `320x240` for width × height.
  public init?(argument: String) { self.init(argument) }
}

extension Preset: ExpressibleByArgument {}

extension NumberKind: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}

/// The order of a network's channels.
enum ColorArgument: String, ExpressibleByArgument, CaseIterable {
  case rgb
  case bgr
  case gray
}
