public import Autodiff
import Tensors

extension Plan {
  /// Runs the network as one operation of the tape.
  ///
  /// The gradient of a call is that of its own input, however often the plan has run since, and may be taken any
  /// number of times: what a later pass has overwritten is computed once more, which costs a forward pass.
  /// A plan is differentiated once: the gradient of a gradient through it traps.
  ///
  /// - Parameter input: The shape `inputShape`.
  /// - Returns: One variable a reading.
  /// A walk backwards cannot throw: where a gradient rule's replacement does, the gradient is not a number
  /// anywhere, and `failure` says why.
  ///
  /// - Throws: What `forward` throws.
  public func callAsFunction(_ input: Variable) throws -> [Variable] {
    let values = try forward(input.value)
    let pass = pass
    failure = nil
    return Variable.results(values, operation: "network", inputs: [input]) { cotangents in
      let given = (0..<values.count).map { $0 < cotangents.count ? cotangents[$0] : nil }
      let gradient: Tensor
      do {
        try self.resume(pass, at: input.value)
        gradient = try self.backward(given.map { $0?.value })
      } catch {
        self.failure = error
        gradient = Tensor(input.shape, repeating: .nan)
      }
      return [
        Variable(
          gradient, withoutDerivative: "the gradient of a network, which is differentiated once,",
          inputs: [input] + given.compactMap { $0 })
      ]
    }
  }
}
