package import Autodiff
import Blocks
import Memory
package import Tensors

/// A node about to be computed on the tape.
package struct TapeCall {
  package let node: Node
  /// What is known of the node's inputs before the network runs.
  package private(set) var constants: [String: Constant]
  /// The types of inputs that are no constants, where they are no plain floats.
  package let kinds: [String: ElementType]
  /// Which of the node's outputs is computed.
  var output = 0
  private var variables: [String: Variable] = [:]
  private var shapes: [String: Shape] = [:]
  /// The most multiplications that are added up that it may take.
  private var workLimit = Int.max
  /// Whether the shape of the result is all that is wanted: what is costly may then yield zeros.
  private(set) var isOnlyForShape = false

  package init(node: Node, constants: [String: Constant], kinds: [String: ElementType] = [:]) {
    self.node = node
    self.constants = constants
    self.kinds = kinds
  }

  /// The names of the inputs that are no constants, each once, in order.
  package var variableNames: [String] {
    var seen = Set<String>()
    return node.inputs.filter { !$0.isEmpty && constants[$0] == nil && seen.insert($0).inserted }
  }

  /// The same with values for `variableNames`, and the most multiplications that are added up that it may
  /// take.
  package func with(_ values: [Variable], workLimit: Int = .max) -> TapeCall {
    var call = self
    call.workLimit = workLimit
    call.variables = Dictionary(uniqueKeysWithValues: zip(variableNames, values))
    return call
  }

  /// The same where only the shape of the result is wanted: constants that have not been unpacked stay so.
  package var onlyForShape: TapeCall {
    var call = self
    call.isOnlyForShape = true
    call.constants = constants.mapValues(\.standIn)
    return call
  }

  /// The same with values for all inputs by position, constants among them.
  package func with(inputs: [Variable]) -> TapeCall {
    var call = self
    for (name, value) in zip(node.inputs, inputs) where !name.isEmpty {
      call.variables[name] = value
    }
    return call
  }

  /// The same for another of the node's outputs.
  package func with(output: Int) -> TapeCall {
    var call = self
    call.output = output
    return call
  }

  /// The same with the shapes of inputs whose values are not known.
  package func with(shapes: [String: Shape]) -> TapeCall {
    var call = self
    call.shapes = shapes
    return call
  }

  // MARK: Inputs

  /// The input at a position.
  ///
  /// - Throws: `NetworkError` where it is left out.
  func input(_ position: Int) throws -> Variable {
    guard let variable = optionalInput(position) else {
      throw invalid("input \(position) is missing")
    }
    return variable
  }

  func optionalInput(_ position: Int) -> Variable? {
    guard let name = node.input(position) else { return nil }
    return variables[name] ?? constants[name].map { Variable($0.tensor) }
  }

  /// The shape of the input at a position, which may be known where its values are not.
  ///
  /// - Throws: `NetworkError` where it is left out.
  func inputShape(_ position: Int) throws -> Shape {
    if let name = node.input(position), let shape = shapes[name] { return shape }
    return try input(position).shape
  }

  /// All inputs; at least one.
  func inputs() throws -> [Variable] {
    guard !node.inputs.isEmpty else { throw invalid("it has no inputs") }
    return try node.inputs.indices.map { try input($0) }
  }

  /// The constant input at a position, or `nil` where it is left out.
  ///
  /// - Throws: `NetworkError` where it is there but no constant.
  func constant(_ position: Int) throws -> Constant? {
    guard let name = node.input(position) else { return nil }
    guard let constant = constants[name] else {
      let reason =
        Operator.table[node.type]?.countsByValue == true
        ? "how much there is of its result depends on the picture, by '\(name)'; take a unit or an output before it"
        : "input \(position) ('\(name)') must be a constant"
      throw NetworkError.dependsOnValues(node.title, reason: reason)
    }
    return constant
  }

  /// The only number of a constant input, or `nil` where it is left out.
  func scalar(_ position: Int) throws -> Float? {
    guard let constant = try constant(position) else { return nil }
    guard constant.count == 1 else {
      throw invalid("input \(position) must be one number, not \(constant.shape)")
    }
    return constant.tensor.scalars[0]
  }

  /// Integers given as an attribute or, in later operator sets, as a constant input.
  func integers(_ attribute: String, orInput position: Int) throws -> [Int]? {
    if let values = node.ints(attribute) { return values }
    return try constant(position)?.integers
  }

  /// Indices into an axis, negative ones from its end: an input that need not be a constant.
  ///
  /// - Throws: `NetworkError` where a constant one lies outside; another is held within.
  func indices(_ position: Int, extent: Int) throws -> [Int] {
    let isConstant = node.input(position).map { constants[$0] != nil } ?? false
    let values = Constant(try input(position).value).integers
    guard extent > 0 || values.isEmpty else { throw invalid("an index into an empty axis") }
    return try values.map { value in
      let place = value < 0 ? value + extent : value
      if (0..<extent).contains(place) { return place }
      guard !isConstant else { throw invalid("index \(value) of an axis of \(extent)") }
      return place < 0 ? 0 : extent - 1
    }
  }

  /// Whether the input at a position is integers or Booleans.
  package func isInteger(_ position: Int) -> Bool { kind(position).isInteger }

  /// The kind of numbers that the input at a position is.
  func kind(_ position: Int) -> ElementType {
    guard let name = node.input(position) else { return .float }
    return constants[name]?.type ?? kinds[name] ?? .float
  }

  // MARK: Checks

  func invalid(_ reason: String) -> NetworkError {
    .invalidNode(node.title, reason: reason)
  }

  /// An axis counted from the first.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    let place = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(place) else { throw invalid("axis \(axis) of \(rank)") }
    return place
  }

  /// Distinct axes counted from the first.
  func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    let places = try axes.map { try axis($0, rank: rank) }
    guard Set(places).count == places.count else { throw invalid("axes \(axes) repeat") }
    return places
  }

  /// A shape, if such a tensor can be.
  package func shape(_ dimensions: [Int]) throws -> Shape {
    guard MemoryLimit.allows(dimensions) else {
      throw NetworkError.noRoom(
        node.title, result: dimensions.map(String.init).joined(separator: "×"))
    }
    return Shape(dimensions)
  }

  /// Refuses products of so many multiplications, where there is a limit.
  func checkWork(_ extents: [Int]) throws {
    if MemoryLimit.product(extents) > workLimit { throw Self.tooMuchWork(node) }
  }

  /// A node that takes far longer to compute beforehand than its file is large.
  package static func tooMuchWork(_ node: Node) -> NetworkError {
    .invalidNode(
      node.title,
      reason: "what comes up to it takes too much computing before the network even runs; "
        + "that fits no file of this size")
  }

  /// The shape that some shapes broadcast to.
  func broadcast(_ shapes: Shape...) throws -> Shape { try broadcast(shapes) }

  func broadcast(_ shapes: [Shape]) throws -> Shape {
    var result: [Int] = []
    for shape in shapes {
      let rank = max(result.count, shape.rank)
      let mine = [Int](repeating: 1, count: rank - result.count) + result
      let other = [Int](repeating: 1, count: rank - shape.rank) + shape.dimensions
      result = try zip(mine, other).map { a, b in
        guard a == b || a == 1 || b == 1 else {
          throw invalid("shapes \(shapes.map(\.description).joined(separator: ", ")) do not fit")
        }
        return a == 1 ? b : a
      }
    }
    return try shape(result)
  }

  /// Checks that a shape broadcasts to another and leaves it what it is.
  func check(_ shape: Shape, stretchesTo target: Shape) throws {
    guard try broadcast(shape, target) == target else {
      throw invalid("\(shape) does not stretch to \(target)")
    }
  }

  /// An attribute that is one of some words, the first where it is not given.
  func word(_ name: String, of words: [String]) throws -> String {
    let word = node.string(name, default: words[0])
    try require(words.contains(word), "the \(name) '\(word)'")
    return word
  }

  /// Checks that something holds.
  func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
    guard condition else { throw invalid(reason()) }
  }
}
