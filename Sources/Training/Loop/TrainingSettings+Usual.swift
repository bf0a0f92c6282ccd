import Tensors

extension TrainingSettings {
  /// The fewest steps that an epoch should have.
  private static let leastSteps = 8
  /// The fewest pictures of a step that an epoch is shortened to.
  private static let leastBatch = 8
  /// The inputs of a fully connected layer above which its rate falls.
  private static let usualInputs: Float = 1024

  /// Takes the batch and the rate that suit some data; those that are said stay.
  ///
  /// With few pictures a step takes fewer of them, so that an epoch has steps enough, and the rate falls in
  /// proportion (Goyal et al., "Accurate, Large Minibatch SGD", 2017). A network that is fully connected from its
  /// first layer on has nothing that normalizes what its units add up, and one step changes that by the rate times
  /// the number of inputs: from 1024 inputs on the rate falls in proportion. Adam, whose steps do not grow with the
  /// gradient, keeps its rate.
  ///
  /// - Parameters:
  ///   - architecture: The network.
  ///   - data: The pictures.
  ///   - batch: The pictures of a step; nil: 128, or fewer for fewer than 1024 pictures.
  ///   - learningRate: The greatest step size; nil: 0.15, or less as above; 0.001 for Adam.
  public mutating func suit(
    _ architecture: Architecture, _ data: TrainingData, batch: Int? = nil,
    learningRate: Float? = nil
  ) {
    let usual = TrainingSettings(threads: threads)
    self.batch = batch ?? usual.batch
    if batch == nil {
      while self.batch > Self.leastBatch, self.batch * Self.leastSteps > data.training.count {
        self.batch /= 2
      }
    }
    if let learningRate {
      self.learningRate = learningRate
    } else if case .adam = rule {
      self.learningRate = 0.001
    } else {
      self.learningRate = usual.learningRate
      if batch == nil { self.learningRate *= Float(self.batch) / Float(usual.batch) }
      if architecture.family == .mlp {
        self.learningRate *= min(1, Self.usualInputs / Float(data.training.shape.count))
      }
    }
  }
}
