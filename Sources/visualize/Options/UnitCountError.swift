/// More units than one command makes.
struct UnitCountError: Error, CustomStringConvertible {
  let count: Int
  let most: Int
  var description: String {
    "\(count) units are asked for, and one command takes at most \(most); name fewer, or make a gallery"
  }
}
