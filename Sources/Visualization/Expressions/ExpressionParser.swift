import Networks

/// Reads expressions by recursive descent, character by character.
struct ExpressionParser {
  private let text: String
  private let characters: [Character]
  private var place = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  /// The most characters of an expression, so that parentheses cannot be nested beyond the stack.
  private static let limit = 4096

  /// The whole text.
  mutating func expression() throws(ExpressionError) -> ObjectiveExpression.Node {
    guard characters.count <= Self.limit else {
      throw ExpressionError("", at: 0, "an expression has at most \(Self.limit) characters")
    }
    let node = try sum()
    guard let next else { return node }
    throw error(
      next == ")"
        ? "this parenthesis closes nothing"
        : "a sign is missing here; a label with spaces or signs belongs in quotes, such as \"hot dog\""
    )
  }

  // MARK: Signs

  private mutating func sum() throws(ExpressionError) -> ObjectiveExpression.Node {
    var node = try product()
    while let sign = take(["+", "-"]) {
      let other = try product()
      node = sign == "+" ? .sum(node, other) : .difference(node, other)
    }
    return node
  }

  /// Factors, of which all but one may be numbers; where all are, the last is a logit.
  private mutating func product() throws(ExpressionError) -> ObjectiveExpression.Node {
    var weight: Float?
    var node: ObjectiveExpression.Node?
    var isNegative = false
    repeat {
      while let sign = take(["-", "+"]) { if sign == "-" { isNegative.toggle() } }
      skipSpaces()
      let start = place
      if let number = number() {
        guard node == nil, !startsFactor(at: start, number) else {
          node =
            node.map { .scaled(number, $0) } ?? .unit(String(characters[start..<place]), at: start)
          continue
        }
        weight = (weight ?? 1) * number
      } else {
        let factor = try factor()
        node = node.map { .product($0, factor) } ?? factor
      }
    } while take(["*"]) != nil
    guard var result = node else { throw error("a unit is missing here", at: place) }
    if let weight { result = .scaled(weight, result) }
    return isNegative ? .negative(result) : result
  }

  /// Whether a number that has just been read is a logit: no further factor comes after it.
  private func startsFactor(at start: Int, _ number: Float) -> Bool {
    let rest = characters[place...].first { !$0.isWhitespace }
    return rest != "*" && number >= 0 && characters[start..<place].allSatisfy(\.isNumber)
  }

  private mutating func factor() throws(ExpressionError) -> ObjectiveExpression.Node {
    guard let next else { throw error("a unit is missing here") }
    if next == "(" {
      let opening = place
      place += 1
      let node = try sum()
      guard take([")"]) != nil else { throw error("this parenthesis is not closed", at: opening) }
      return node
    }
    let start = place
    if let function = try functionName() { return try call(function, at: start) }
    return .unit(try word(isArgument: false), at: start)
  }

  // MARK: Functions

  /// The name of a function, where one and its parenthesis stand next.
  private mutating func functionName() throws(ExpressionError) -> String? {
    let name = String(characters[place...].prefix { $0.isLetter || $0 == "-" })
    guard !name.isEmpty, characters[checked: place + name.count] == "(" else { return nil }
    guard ObjectiveFunction.named(name) != nil else {
      // `cat-diversity(…)` is a difference.
      let first = name.prefix { $0 != "-" }
      if first.count < name.count { return nil }
      throw error(Self.unknown(name), at: place)
    }
    place += name.count + 1
    return name
  }

  private static func unknown(_ name: String) -> String {
    let names = ObjectiveFunction.all.map(\.name)
    let near = nearest(to: name, in: names, count: 1).first
    return "there is no function `\(name)`; "
      + (near.map { "did you mean `\($0)`?" } ?? "there are \(names.joined(separator: ", "))")
  }

  private mutating func call(
    _ name: String, at start: Int
  ) throws(ExpressionError) -> ObjectiveExpression.Node {
    var arguments: [ObjectiveExpression.Argument] = []
    while next != ")" {
      guard next != nil else { throw error("this function is not closed by `)`", at: start) }
      if !arguments.isEmpty, take([","]) == nil { throw error("a comma or `)` is missing here") }
      skipSpaces()
      let place = place
      arguments.append(.init(text: try word(isArgument: true), place: place))
    }
    place += 1
    if let function = ObjectiveFunction.named(name), !function.takes(arguments.count) {
      throw error("`\(name)` is written \(function.usage)", at: start)
    }
    return .call(name, arguments, at: start)
  }

  // MARK: Words and numbers

  /// A unit, a layer, a path or a number; in quotes, anything.
  private mutating func word(isArgument: Bool) throws(ExpressionError) -> String {
    skipSpaces()
    let start = place
    if characters[checked: place] == "\"" {
      guard let end = characters[(start + 1)...].firstIndex(of: "\"") else {
        throw error("this quote is not closed", at: start)
      }
      place = end + 1
      return String(characters[start + 1..<end])
    }
    while let character = characters[checked: place], isPart(character, of: start, isArgument) {
      place += 1
    }
    guard place > start else { throw error("a unit is missing here") }
    let word = String(characters[start..<place])
    if !isArgument, let range = range(after: word) {
      throw error(
        "`\(range)` reads like channels of a layer, and of these an expression has one by one, "
          + "such as layer:0 + layer:1; a difference has spaces around its sign", at: start)
    }
    return word
  }

  /// A range of channels, or one that is counted from the end, as units have them, where a word and what follows it at once
  /// look so; nil where a number follows that a factor or a fraction begins with.
  private func range(after word: String) -> String? {
    guard let colon = word.lastIndex(of: ":"), characters[checked: place] == "-",
      word[word.index(after: colon)...].allSatisfy(\.isNumber)
    else { return nil }
    let digits = characters[(place + 1)...].prefix { $0.isNumber }
    let rest = characters[(place + 1 + digits.count)...]
    guard !digits.isEmpty, rest.first(where: { !$0.isWhitespace }) != "*",
      rest.first.map({ !".eE".contains($0) }) ?? true
    else { return nil }
    return word + "-" + String(digits)
  }

  /// Whether a character belongs to the word that has begun; the comma of `@4,5` does.
  private func isPart(_ character: Character, of start: Int, _ isArgument: Bool) -> Bool {
    if character.isWhitespace || "()\"".contains(character) { return false }
    if character == "," {
      let before = characters[start..<place].reversed().prefix { $0.isNumber }
      let at = place - before.count - 1
      return !before.isEmpty && at >= start && characters[at] == "@"
        && characters[checked: place + 1]?.isNumber == true
    }
    return isArgument || !"+-*".contains(character)
  }

  private mutating func number() -> Float? {
    guard let first = next, first.isNumber || first == "." else { return nil }
    var end = place
    while let character = characters[checked: end], character.isNumber || character == "." {
      end += 1
    }
    if let exponent = characters[checked: end], "eE".contains(exponent) {
      var digits = end + 1
      if let sign = characters[checked: digits], "+-".contains(sign) { digits += 1 }
      let count = characters[min(digits, characters.count)...].prefix { $0.isNumber }.count
      if count > 0 { end = digits + count }
    }
    if let after = characters[checked: end], !after.isWhitespace, !"+-*()".contains(after) {
      return nil
    }
    guard let number = Float(String(characters[place..<end])), number.isFinite else { return nil }
    place = end
    return number
  }

  // MARK: Characters

  /// The next character that is no space, to which it goes.
  private var next: Character? {
    mutating get {
      skipSpaces()
      return characters[checked: place]
    }
  }

  private mutating func skipSpaces() {
    while characters[checked: place]?.isWhitespace == true { place += 1 }
  }

  private mutating func take(_ wanted: [Character]) -> Character? {
    guard let next, wanted.contains(next) else { return nil }
    place += 1
    return next
  }

  private func error(_ reason: String, at place: Int? = nil) -> ExpressionError {
    ExpressionError(text, at: min(place ?? self.place, characters.count), reason)
  }
}

extension Array {
  fileprivate subscript(checked index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
