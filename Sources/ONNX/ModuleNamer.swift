/// Names modules and operations of a list of nodes, each name once.
struct ModuleNamer {
  /// A name and the node whose output it stands for.
  struct Entry {
    var name: String
    /// An index into `origins`.
    var last: Int
    var depth: Int
    var moduleClass: String?
  }

  let origins: [NodeOrigin]
  let operators: [String]
  private let paths: Set<String>
  private var taken: Set<String> = []
  private var counters: [String: Int] = [:]
  private var bareCounts: [String: Int] = [:]
  private var result: [Entry] = []

  init(origins: [NodeOrigin], operators: [String]) {
    self.origins = origins
    self.operators = operators
    paths = Set(origins.flatMap(\.modules))
  }

  /// All entries in the order of their nodes; of two for one node the inner one first.
  mutating func entries() -> [Entry] {
    name(members: Array(origins.indices), depth: 0, path: "", name: "")
    return result.enumerated().sorted {
      ($0.element.last, -$0.element.depth, $0.offset)
        < ($1.element.last, -$1.element.depth, $1.offset)
    }.map(\.element)
  }

  /// Names what is in one call of a module.
  ///
  /// - Parameters:
  ///   - members: The nodes of the call, ascending.
  ///   - depth: How many modules are around them.
  ///   - path: The module's path.
  ///   - name: The call's name: the path, unless the module or one around it is called again.
  private mutating func name(members: [Int], depth: Int, path: String, name: String) {
    var order: [Child] = []
    var positions: [Child: [Int]] = [:]
    for (position, member) in members.enumerated() {
      let child = Child(of: origins[member], depth: depth, position: position)
      if positions[child, default: []].isEmpty { order.append(child) }
      positions[child, default: []].append(position)
    }
    for child in order {
      guard case .module(let key) = child, let positions = positions[child] else { continue }
      for call in calls(positions, of: members) {
        nameModule(key, members: call, depth: depth, path: path, name: name)
      }
    }
    // A layer of one operation is known by the layer's name alone.
    if depth > 0 && order.count == 1 { return }
    for child in order {
      guard case .operation = child, let last = positions[child]?.last else { continue }
      nameOperation(members[last], depth: depth + 1, prefix: name)
    }
  }

  /// What a module is made of: modules, and operations of its own.
  private enum Child: Hashable {
    case module(String)
    case operation(String)

    init(of origin: NodeOrigin, depth: Int, position: Int) {
      if origin.modules.count > depth {
        self = .module(origin.modules[depth])
      } else {
        self = .operation(origin.operation.isEmpty ? "\(position)" : origin.operation)
      }
    }
  }

  private mutating func nameModule(
    _ child: String, members: [Int], depth: Int, path: String, name: String
  ) {
    guard let last = members.last else { return }
    let isInside = !path.isEmpty && child.hasPrefix(path + ".")
    let base = isInside ? name + child.dropFirst(path.count) : child
    let childName = unique(base, mayBePath: base == child)
    let classes = origins[last].classes
    result.append(
      Entry(
        name: childName, last: last, depth: depth + 1,
        moduleClass: classes.indices.contains(depth) ? classes[depth] : nil))
    self.name(members: members, depth: depth + 1, path: child, name: childName)
  }

  private mutating func nameOperation(_ member: Int, depth: Int, prefix: String) {
    let origin = origins[member]
    let word: String
    if origin.operation.isEmpty {
      bareCounts[operators[member], default: 0] += 1
      word = operators[member].operationName + "\(bareCounts[operators[member], default: 0])"
    } else {
      // A colon comes before a channel (`conv1:17`), so TensorFlow's `conv1:0` loses its own.
      let stem = String(origin.operation.prefix { $0 != ":" })
      word = origin.isNamed && !stem.isEmpty ? stem : origin.operation.operationName
    }
    let base = prefix.isEmpty ? word : "\(prefix).\(word)"
    result.append(Entry(name: unique(base, mayBePath: false), last: member, depth: depth))
  }

  /// The calls of a module, from the positions of its nodes among those of the module around it.
  ///
  /// A module is taken to be called again where its nodes come in several runs of the same operators.
  /// Runs of different operators are one call with foreign nodes in between.
  private func calls(_ positions: [Int], of members: [Int]) -> [[Int]] {
    var runs: [[Int]] = []
    var previous = -2
    for position in positions {
      if position != previous + 1 { runs.append([]) }
      runs[runs.count - 1].append(members[position])
      previous = position
    }
    let first = runs.first?.map { operators[$0] }
    let isRepeated = runs.allSatisfy { $0.map { operators[$0] } == first }
    return isRepeated ? runs : [positions.map { members[$0] }]
  }

  /// The name itself, or with the first counter that makes it unique.
  ///
  /// - Parameters:
  ///   - name: What is wanted.
  ///   - mayBePath: Whether the name may be that of a module: it is, or belongs to, that module.
  /// - Returns: A name that was not returned before.
  private mutating func unique(_ name: String, mayBePath: Bool) -> String {
    if !taken.contains(name) && (mayBePath || !paths.contains(name)) {
      taken.insert(name)
      return name
    }
    var counter = counters[name] ?? 1
    while taken.contains("\(name)_\(counter)") || paths.contains("\(name)_\(counter)") {
      counter += 1
    }
    counters[name] = counter + 1
    taken.insert("\(name)_\(counter)")
    return "\(name)_\(counter)"
  }
}

extension String {
  /// The number after the last underscore, if that is all that follows it: 3 for `add_3`.
  var counter: Int? {
    guard let mark = lastIndex(of: "_"), mark > startIndex else { return nil }
    return Int(self[index(after: mark)...])
  }

  /// An exporter's word for an operation, made readable: `add_3` → `add`, `BiasAdd` → `bias_add`,
  /// `_native_batch_norm_legit_no_training` → `batch_norm`.
  var operationName: String {
    var word = counter == nil ? self[...] : self[..<(lastIndex(of: "_") ?? endIndex)]
    if word.hasPrefix("_native_batch_norm") { return "batch_norm" }
    word = word.drop { $0 == "_" }
    var result = ""
    var previous: Character = " "
    for character in word {
      if character.isUppercase && previous.isLowercase { result.append("_") }
      result += character.lowercased()
      previous = character
    }
    return result.isEmpty ? "operation" : result
  }
}
