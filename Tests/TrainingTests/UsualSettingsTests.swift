import Tensors
import Testing

@testable import Training

@Suite struct UsualSettingsTests {
  private func settings(
    _ architecture: String, pictures: Int, side: Int = 8, batch: Int? = nil, rate: Float? = nil,
    rule: UpdateRule = .sgd
  ) throws -> TrainingSettings {
    let set = PictureSet(
      shape: [3, side, side], bytes: [UInt8](repeating: 0, count: pictures * 3 * side * side),
      labels: [Int](repeating: 0, count: pictures))
    var settings = TrainingSettings(threads: 1)
    settings.rule = rule
    try settings.suit(
      Architecture(architecture),
      TrainingData(classes: ["a", "b"], training: set, validation: set), batch: batch,
      learningRate: rate)
    return settings
  }

  @Test func manyPicturesAreTrainedAsEver() throws {
    for architecture in ["mlp:16", "cnn:16", "resnet:16+1"] {
      let usual = try settings(architecture, pictures: 1024)
      #expect(usual.batch == 128 && usual.learningRate == 0.15)
    }
  }

  @Test func fewPicturesAreTrainedInMoreAndSmallerSteps() throws {
    let few = try settings("cnn:16", pictures: 146)
    #expect(few.batch == 16 && few.learningRate == 0.15 / 8)
    let fewest = try settings("cnn:16", pictures: 18)
    #expect(fewest.batch == 8 && fewest.learningRate == 0.15 / 16)
  }

  @Test func manyInputsOfAFullyConnectedLayerLowerTheRate() throws {
    let vast = try settings("mlp:16", pictures: 1024, side: 64)
    #expect(abs(vast.learningRate - 0.15 / 12) < 1e-6)
    #expect(try settings("cnn:16", pictures: 1024, side: 64).learningRate == 0.15)
  }

  @Test func whatIsSaidStays() throws {
    let said = try settings("cnn:16", pictures: 18, batch: 4)
    #expect(said.batch == 4 && said.learningRate == 0.15)
    #expect(try settings("mlp:16", pictures: 18, side: 64, rate: 0.3).learningRate == 0.3)
    #expect(try settings("mlp:16", pictures: 18, rule: .adam).learningRate == 0.001)
  }

  /// A hundred noisy pictures of 24×24: with a step size of 0.15 the loss explodes.
  @Test func aFullyConnectedNetworkLearnsFromFewLargePictures() throws {
    let data = easyData(shape: [3, 24, 24], each: 30)
    func run(_ change: (inout TrainingSettings) -> Void) throws -> Trainer {
      var settings = TrainingSettings(threads: 1)
      let architecture = try Architecture("mlp:16")
      settings.suit(architecture, data)
      settings.augmentation = .none
      change(&settings)
      let trainer = try Trainer(architecture, data: data, settings: settings)
      try trainer.run()
      return trainer
    }
    let last = try #require(try run { _ in }.history.last)
    #expect(last.validationAccuracy > 0.9 && last.loss < 0.7)
    #expect(throws: TrainingError.self) {
      try run { ($0.batch, $0.learningRate) = (128, 1.5) }
    }
  }
}
