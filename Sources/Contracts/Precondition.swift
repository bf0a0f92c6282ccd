/// Ends the program with a sentence where a caller has broken what a function asks for.
///
/// The library's function of that name drops the sentence in optimized builds, and all builds here are optimized; this
/// one takes its place in every file that imports the module.
///
/// - Parameters:
///   - condition: What must hold.
///   - message: What does not, with the numbers.
///   - file: Where it is asked for.
///   - line: Where it is asked for.
@inlinable
package func precondition(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = String(),
  file: StaticString = #file, line: UInt = #line
) {
  if !condition() { fatalError(message(), file: file, line: line) }
}

/// Ends the program with a sentence where it cannot be right to go on.
///
/// - Parameters:
///   - message: What is wrong.
///   - file: Where it is asked for.
///   - line: Where it is asked for.
@inlinable
package func preconditionFailure(
  _ message: @autoclosure () -> String = String(), file: StaticString = #file, line: UInt = #line
) -> Never {
  fatalError(message(), file: file, line: line)
}
