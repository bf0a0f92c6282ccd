import ArgumentParser
import Networks

/// Numbers with commas between them: `104,117,123`.
struct NumberList: ExpressibleByArgument {
  let numbers: [Float]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { part in
      Float(part.filter { !$0.isWhitespace }).flatMap { $0.isFinite ? $0 : nil }
    }
    numbers = parts.compactMap { $0 }
    if numbers.count != parts.count { return nil }
  }

  /// As people write it, without needless zeros.
  var text: String { numbers.map(\.short).joined(separator: ",") }
}

extension Float {
  /// The number without a needless `.0`.
  var short: String {
    self == rounded() && abs(self) < 1e9 ? String(Int(self)) : String(self)
  }
}

/// A picture's size: `224`, or `320x240` for width × height.
struct SizeArgument: ExpressibleByArgument {
  let height: Int
  let width: Int

  static let limit = 8192

  init?(argument: String) {
    let parts = argument.lowercased().split(omittingEmptySubsequences: false) {
      $0 == "x" || $0 == "×"
    }
    .map { Int($0) ?? 0 }
    guard (1...2).contains(parts.count), parts.allSatisfy({ (1...Self.limit).contains($0) }) else {
      return nil
    }
    (width, height) = (parts[0], parts[parts.count - 1])
  }
}

/// What the models of a family expect.
enum Preset: String, ExpressibleByArgument, CaseIterable {
  case imagenet
  case caffe
  case tf
  case none

  /// What becomes of pictures.
  var preprocessing: Preprocessing {
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
  var settings: [String: String] {
    [
      "input.color": color.rawValue,
      "input.range": "\(rangeLower.short),\(rangeUpper.short)",
      "input.mean": (mean.isEmpty ? [0] : mean).map(\.short).joined(separator: ","),
      "input.std": (standardDeviation.isEmpty ? [1] : standardDeviation).map(\.short)
        .joined(separator: ","),
    ]
  }
}

/// The order of a network's channels.
enum ColorArgument: String, ExpressibleByArgument, CaseIterable {
  case rgb
  case bgr
  case gray
}
