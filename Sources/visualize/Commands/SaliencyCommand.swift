import ArgumentParser

struct SaliencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "saliency")
  @OptionGroup(title: "Model") var model: ModelOptions
}
