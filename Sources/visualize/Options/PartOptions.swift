import ArgumentParser
import Files
import Galleries

/// How several machines divide the pictures of one folder among themselves.
struct PartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Make one share of the pictures, such as 2/4, and no page; others make the rest into the same folder.",
      valueName: "number/count"),
    transform: Self.part)
  var part: Part?

  @Flag(help: "Make the page of what several --part made, and no picture.")
  var merge = false

  /// Whether other machines make pictures of the same list.
  var isShared: Bool { part != nil || merge }

  @Sendable private static func part(_ text: String) throws -> Part {
    guard let part = Part(text) else {
      throw ValidationError(
        "--part must be a number and a count, from 1/4 to 4/4 for four shares, not “\(text)”.")
    }
    return part
  }

  func validate() throws {
    if merge, let part {
      throw ValidationError(
        "--part \(part) makes pictures and --merge the page of all that are there; say one of them."
      )
    }
  }

  /// Stores a file whole or not at all and, of a part, prints the path of every picture: its log says who made what.
  @Sendable func write(_ bytes: [UInt8], to path: String) throws {
    try Interruption.deferred {
      try writeAtomically(bytes, to: path)
      guard part != nil, path.hasSuffix(".png") else { return }
      print(path)
      try Terminal.flushOutput()
    }
  }
}
