public import Optimizers
public import Tensors

/// Modules and who feeds whom: forward in topological order, backward in reverse.
///
/// ```swift
/// var graph = ComputationalGraph()
/// graph.add("x1", Linear(w0), of: "x0")
/// graph.add("x2", Pointwise(.tanh), of: "x1")
/// graph.add("x3", Linear(w1), of: "x2")
/// graph.add("loss", EuclideanCost(), of: "x3", "y")
/// let loss = graph.forward(["x0": input, "y": target])
/// let inputGradients = graph.backward()
/// graph.update(by: &optimizer)
/// ```
///
/// A name is a value: that of the module that makes it, or an input. The one value that nobody uses is the
/// result.
public struct ComputationalGraph: Sendable {
  /// The strength λ of L2 weight decay: `λ/2 Σ W²` over all weights is added to the result.
  public var weightDecay: Float = 0

  private struct Gate: Sendable {
    var module: any Module
    let inputs: [String]
  }

  private var gates: [String: Gate] = [:]

  /// The names of the modules' values, each after those it is computed from.
  public private(set) var order: [String] = []

  private var added: [String] = []
  private var values: [String: Tensor] = [:]
  private var cotangents: [String: Tensor] = [:]

  /// Creates an empty graph.
  public init() {}

  /// Adds a module; its inputs may be added later.
  ///
  /// - Parameters:
  ///   - name: The name of its value.
  ///   - module: The module.
  ///   - inputs: The names of the values it is applied to.
  public mutating func add(_ name: String, _ module: some Module, of inputs: String...) {
    precondition(gates[name] == nil, "ComputationalGraph: two modules make “\(name)”")
    gates[name] = Gate(module: module, inputs: inputs)
    added.append(name)
    sortTopologically()
  }

  /// The module that makes a value.
  public func module(_ name: String) -> (any Module)? { gates[name]?.module }

  /// A value of the last forward pass.
  public subscript(name: String) -> Tensor? { values[name] }

  /// The gradient of the result by a value, of the last backward pass.
  public func gradient(by name: String) -> Tensor? { cotangents[name] }

  /// Runs the modules in topological order.
  ///
  /// - Parameters:
  ///   - inputs: The values that no module makes, by name.
  ///   - training: Whether to behave as in training.
  /// - Returns: The result: the value that nobody uses.
  /// - Precondition: There is one result, and no cycle.
  public mutating func forward(_ inputs: [String: Tensor], training: Bool = true) -> Tensor {
    (values, cotangents) = (inputs, [:])
    for name in order {
      guard var gate = gates.removeValue(forKey: name) else { continue }
      let arguments = gate.inputs.map { input in
        guard let value = values[input] else {
          preconditionFailure("ComputationalGraph: no value for “\(input)”, which “\(name)” needs")
        }
        return value
      }
      values[name] = gate.module.forward(arguments, training: training)
      gates[name] = gate
    }
    var result = values[resultName] ?? Tensor(0)
    if weightDecay != 0 { result = result + Tensor(weightDecay / 2 * squaredWeights) }
    values[resultName] = result
    return result
  }

  /// Runs the modules' backward passes in reverse order: the chain rule, one module at a time.
  ///
  /// - Returns: The gradients by the inputs, by name.
  /// - Precondition: The result of the last forward pass is a scalar.
  @discardableResult
  public mutating func backward() -> [String: Tensor] {
    let result = resultName
    guard let value = values[result], value.count == 1 else {
      preconditionFailure("backward: the result \(values[result]?.shape ?? []) is no scalar")
    }
    cotangents = [result: Tensor(value.shape, repeating: 1)]
    for name in order.reversed() {
      guard let gate = gates[name], let upstream = cotangents[name] else { continue }
      for (input, cotangent) in zip(gate.inputs, gate.module.backpropToInputs(upstream)) {
        cotangents[input] = cotangents[input].map { $0 + cotangent } ?? cotangent
      }
    }
    return cotangents.filter { gates[$0.key] == nil }
  }

  /// All weights, module by module in topological order.
  public var weights: [Tensor] { order.flatMap { gates[$0]?.module.weights ?? [] } }

  /// The gradients by all weights after a backward pass, in the order of `weights`.
  public var weightGradients: [Tensor] { order.flatMap(weightGradients(of:)) }

  /// The gradients by one module's weights after a backward pass.
  public func weightGradients(of name: String) -> [Tensor] {
    guard let module = gates[name]?.module, let upstream = cotangents[name] else { return [] }
    let gradients = module.backpropToWeights(upstream)
    if weightDecay == 0 { return gradients }
    return zip(gradients, module.weights).map { $0 + weightDecay * $1 }
  }

  /// Moves all weights one step downhill.
  public mutating func update(by optimizer: inout some Optimizer) {
    let gradients = weightGradients
    var moved = weights
    optimizer.update(&moved, along: gradients)
    var first = 0
    for name in order {
      guard let count = gates[name]?.module.weights.count, count > 0 else { continue }
      gates[name]?.module.weights = Array(moved[first..<first + count])
      first += count
    }
  }

  private var squaredWeights: Float { weights.reduce(0) { $0 + Tensor.dot($1, $1) } }

  /// The value that nobody uses.
  private var resultName: String {
    let used = Set(gates.values.flatMap(\.inputs))
    let ends = added.filter { !used.contains($0) }
    precondition(ends.count == 1, "ComputationalGraph: the results are \(ends), not one")
    return ends[0]
  }

  /// Orders the modules so that each comes after those that feed it.
  ///
  /// Source: Kahn, "Topological sorting of
  /// large networks", CACM 1962.
  private mutating func sortTopologically() {
    order = []
    var waiting = added
    var done: Set<String> = []
    while !waiting.isEmpty {
      let ready = waiting.filter { name in
        gates[name]?.inputs.allSatisfy { gates[$0] == nil || done.contains($0) } ?? false
      }
      precondition(!ready.isEmpty, "ComputationalGraph: \(waiting) feed each other in a circle")
      order += ready
      done.formUnion(ready)
      waiting.removeAll(where: done.contains)
    }
  }
}
