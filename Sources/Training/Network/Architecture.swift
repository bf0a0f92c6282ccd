import Blocks

/// A network in a few words, to be trained from scratch.
///
/// - `mlp:256,128`: fully connected layers of that width, each with ReLU, and one for the classes.
/// - `cnn:32,64/2,128/2`: convolutions of that many channels, each with batch norm and ReLU, then the mean
///   over all pixels and a fully connected layer for the classes. `/2` halves height and width: a window
///   of 4×4 at stride 2, in general 2s×2s at stride s, which leaves no checkerboards in the gradient;
///   without, a window of 3×3.
/// - `resnet:32,64/2,128/2+1,192/2+1`: the same, and `+n` adds n residual blocks of two 3×3
///   convolutions. This one is the architecture of `everyday64-robust`.
public struct Architecture: Sendable, Equatable {
  /// The families of networks.
  public enum Family: String, Sendable, CaseIterable {
    case mlp, cnn, resnet
  }

  /// One part between commas: `192/2+1`.
  struct Stage: Sendable, Equatable {
    var width: Int
    var stride = 1
    var blocks = 0
  }

  /// The description as it was given.
  public let text: String
  /// The family of networks.
  public let family: Family
  let stages: [Stage]

  /// Reads a description.
  ///
  /// - Throws: `TrainingError.architecture`, with what is wrong and an example.
  public init(_ text: String) throws {
    self.text = text
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let family = Family(rawValue: String(parts[0])), parts.count == 2 else {
      throw TrainingError.architecture(
        text, reason: "write for example mlp:128, cnn:32,64/2 or resnet:32,64/2,128/2+1")
    }
    self.family = family
    stages = try parts[1].split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let stage = Stage(part) else {
        throw TrainingError.architecture(
          text,
          reason: "'\(part)' is not a width such as 64, 64/2 or 64/2+1 (widths go up to 8192, "
            + "strides to 16, blocks to 64)")
      }
      return stage
    }
    for stage in stages
    where (family == .mlp && stage.stride > 1) || (family != .resnet && stage.blocks > 0) {
      throw TrainingError.architecture(
        text, reason: "\(family.rawValue) has no \(stage.blocks > 0 ? "+blocks" : "/stride")")
    }
  }

  /// The layers for pictures of a size.
  func layers(channels: Int, height: Int, width: Int, classes: Int) throws -> [Layer] {
    family == .mlp
      ? denseLayers(inputs: channels * height * width, classes: classes)
      : try convolutionalLayers(
        channels: channels, height: height, width: width, classes: classes)
  }

  private func denseLayers(inputs: Int, classes: Int) -> [Layer] {
    var (layers, inputs) = ([Layer](), inputs)
    for (i, stage) in stages.enumerated() {
      layers.append(
        Layer(
          name: "layer\(i + 1)", kind: .dense, isRectified: true, inputs: inputs,
          outputs: stage.width))
      inputs = stage.width
    }
    layers.append(Layer(name: "fc", kind: .dense, inputs: inputs, outputs: classes))
    return layers
  }

  private func convolutionalLayers(
    channels: Int, height: Int, width: Int, classes: Int
  ) throws -> [Layer] {
    var layers: [Layer] = []
    var (channels, height, width) = (channels, height, width)
    func add(_ name: String, _ outputs: Int, _ window: Window, addend: Int? = nil) {
      height = window.outputCount(for: height)
      width = window.outputCount(for: width)
      layers.append(
        Layer(
          name: name, kind: .convolution(window), addend: addend, isRectified: true,
          inputs: channels, outputs: outputs, height: height, width: width))
      channels = outputs
    }
    for (i, stage) in stages.enumerated() {
      let name = i == 0 && stage.blocks == 0 ? "stem" : "stage\(i)"
      guard height >= stage.stride, width >= stage.stride else {
        throw TrainingError.architecture(
          text, reason: "nothing is left of a picture to take 1/\(stage.stride) of in \(name)")
      }
      add(stage.blocks > 0 ? "\(name).0" : name, stage.width, .halving(stride: stage.stride))
      for block in 1..<stage.blocks + 1 {
        let start = layers.count - 1
        add("\(name).\(block).conv1", stage.width, .halving(stride: 1))
        add("\(name).\(block).conv2", stage.width, .halving(stride: 1), addend: start)
      }
    }
    layers.append(Layer(name: "pool", kind: .globalMean, inputs: channels, outputs: channels))
    layers.append(Layer(name: "fc", kind: .dense, inputs: channels, outputs: classes))
    return layers
  }
}

extension Architecture.Stage {
  /// Reads `WIDTH[/STRIDE][+BLOCKS]`.
  init?(_ text: Substring) {
    let sum = text.split(separator: "+", omittingEmptySubsequences: false)
    let quotient = (sum.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(sum.count), (1...2).contains(quotient.count),
      let width = Int(quotient[0]), (1...8192).contains(width)
    else { return nil }
    self.width = width
    if quotient.count == 2 {
      guard let stride = Int(quotient[1]), (1...16).contains(stride) else { return nil }
      self.stride = stride
    }
    if sum.count == 2 {
      guard let blocks = Int(sum[1]), (0...64).contains(blocks) else { return nil }
      self.blocks = blocks
    }
  }
}

extension Window {
  /// 3 taps that keep the extent, or 2s taps that divide it by s.
  fileprivate static func halving(stride: Int) -> Window {
    stride == 1
      ? Window(size: 3, padBefore: 1, padAfter: 1)
      : Window(
        size: 2 * stride, stride: stride, padBefore: stride / 2, padAfter: stride - stride / 2)
  }
}
