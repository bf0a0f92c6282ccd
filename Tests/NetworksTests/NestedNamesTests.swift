import Testing

@testable import Networks

@Suite("Names within names") struct NestedNamesTests {
  @Test("a block has what stands within it, whatever else begins with its name")
  func sums() {
    let names = [
      "stem", "layer1.0.conv", "layer1.0", "layer1", "layer10.0", "layer1-0", "layer1.1",
    ]
    let nested = NestedNames(names)
    #expect(
      names.indices.map(nested.hasParts) == [false, false, true, true, false, false, false])
    let numbers = Array(zip(names, [1, 2, 4, 8, 16, 32, 64]))
    #expect(nested.sums(numbers.map { ($0.0, $0.1) }) == [1, 2, 6, 78, 16, 32, 64])
  }

  @Test("numbers beyond all others do not end the program")
  func saturation() {
    let nested = NestedNames(["a", "a.b", "a.c"])
    #expect(nested.sums([("a.b", .max), ("a.c", 1)])[1] == .max)
    #expect(nested.sums([("a.b", .max), ("a.b", 1)])[1] == .max)
  }
}
