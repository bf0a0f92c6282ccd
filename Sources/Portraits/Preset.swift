public import Networks
import Visualization

/// What the models of a family expect of pictures.
public enum Preset: String, CaseIterable, Sendable {
  /// torchvision's and timm's.
  case imagenet
  /// Caffe's.
  case caffe
  /// Most of TensorFlow's.
  case tf
  /// Pictures in 0…1 as they are.
  case none

  /// Those that pictures of so many channels can be prepared by.
  public static func fitting(channels: Int) -> [Preset] {
    allCases.filter { channels == 3 || $0.preprocessing.mean.count < 2 }
  }

  /// What becomes of pictures.
  public var preprocessing: Preprocessing {
    switch self {
    case .imagenet: .imagenet
    case .caffe: .caffe
    case .tf: .tensorflow
    case .none: Preprocessing()
    }
  }
}

extension Preprocessing {
  /// The same in the words of a model's metadata.
  public var settings: [String: String] {
    [
      "input.color": color.rawValue,
      "input.range": "\(rangeLower.plain),\(rangeUpper.plain)",
      "input.mean": (mean.isEmpty ? [0] : mean).map(\.plain).joined(separator: ","),
      "input.std": (standardDeviation.isEmpty ? [1] : standardDeviation).map(\.plain)
        .joined(separator: ","),
    ]
  }
}
