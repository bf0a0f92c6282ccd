import Autodiff
import Networks
import Tensors
import Visualization

/// A network that adds up the time spent in it.
final class TimedNetwork: VisualizableNetwork {
  private let network: PictureNetwork
  private(set) var spent = Duration.zero
  var threads: Int { network.threads }

  init(_ network: PictureNetwork) { self.network = network }

  func compile(
    readings: [Reading], inputShape: Shape, redirecting: Bool
  ) throws -> any DifferentiableModel {
    let model = try network.compile(
      readings: readings, inputShape: inputShape, redirecting: redirecting)
    return TimedModel(model) { self.spent += $0 }
  }

  private final class TimedModel: DifferentiableModel {
    private let model: any DifferentiableModel
    private let report: (Duration) -> Void
    private var start = ContinuousClock.now

    init(_ model: any DifferentiableModel, _ report: @escaping (Duration) -> Void) {
      self.model = model
      self.report = report
    }

    func activations(_ input: Variable) throws -> [Variable] {
      start = .now
      // Marks before and after the network, which the gradient passes in turn.
      let entry = Variable(input.value, operation: "network begins", inputs: [input]) { g in
        self.report(.now - self.start)
        return [g]
      }
      let results = try model.activations(entry)
      report(.now - start)
      return results.map { result in
        Variable(result.value, operation: "network ends", inputs: [result]) { g in
          self.start = .now
          return [g]
        }
      }
    }
  }
}
