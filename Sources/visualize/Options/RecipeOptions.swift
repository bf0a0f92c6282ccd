public import ArgumentParser
public import Visualization

extension Recipe.ParameterizationName: ExpressibleByArgument {}
extension Recipe.OptimizerName: ExpressibleByArgument {}
extension Recipe.TransformsName: ExpressibleByArgument {}

/// How a picture is made; what is not said is left to the model's own settings and the defaults.
struct RecipeOptions: ParsableArguments {
  @Option(name: .long, help: "How many updates. (default: 256)")
  var steps: Int?

  @Option(name: .long, help: "The length of an update. (default: 0.05)")
  var learningRate: Float?

  @Option(name: .long, help: "What all that is random follows from. (default: 0)")
  var seed: UInt64?

  @Option(help: "How a picture is written as parameters. (default: fourier)")
  var parameterization: Recipe.ParameterizationName?

  @Option(help: "The rule of ascent. (default: adam)")
  var optimizer: Recipe.OptimizerName?

  @Option(help: "What the picture should survive. (default: robust)")
  var transforms: Recipe.TransformsName?

  @Option(help: ArgumentHelp("Shift the picture at random by so much.", valueName: "pixels"))
  var jitter: Int?

  @Option(help: ArgumentHelp("Weight of the L1 distance from grey.", valueName: "weight"))
  var l1: Float?

  @Option(help: ArgumentHelp("Weight of the L2 distance from grey.", valueName: "weight"))
  var l2: Float?

  @Option(help: ArgumentHelp("Weight of the total variation.", valueName: "weight"))
  var tv: Float?

  @Option(
    help: ArgumentHelp("Weight of the distance from the blurred picture.", valueName: "weight"))
  var blur: Float?

  func validate() throws {
    if let steps, !(1...1_000_000).contains(steps) {
      throw ValidationError("--steps must be 1 to 1000000, not \(steps).")
    }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate must be positive, not \(learningRate).")
    }
    if let jitter, !(0...1000).contains(jitter) {
      throw ValidationError("--jitter must be 0 to 1000 pixels, not \(jitter).")
    }
    for (name, weight) in [("l1", l1), ("l2", l2), ("tv", tv), ("blur", blur)] {
      if let weight, !(weight >= 0 && weight.isFinite) {
        throw ValidationError("--\(name) must be 0 or more, not \(weight).")
      }
    }
  }

  /// A recipe with what the options say in place of what it said.
  func applied(to recipe: Recipe) -> Recipe {
    var recipe = recipe
    recipe.steps = steps ?? recipe.steps
    recipe.learningRate = learningRate ?? recipe.learningRate
    recipe.seed = seed ?? recipe.seed
    recipe.parameterization = parameterization ?? recipe.parameterization
    recipe.optimizer = optimizer ?? recipe.optimizer
    recipe.transforms = transforms ?? recipe.transforms
    recipe.jitter = jitter ?? recipe.jitter
    recipe.l1 = l1 ?? recipe.l1
    recipe.l2 = l2 ?? recipe.l2
    recipe.tv = tv ?? recipe.tv
    recipe.blur = blur ?? recipe.blur
    return recipe
  }
}
