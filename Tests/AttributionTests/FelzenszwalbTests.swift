import Attribution
import Foundation
import Tensors
import Testing

@Suite struct FelzenszwalbTests {
  /// Regions of scikit-image 0.26 at deviation 0.8, by scale and smallest size, each a letter.
  static let recorded: [(scale: Double, smallest: Int, map: String)] = [
    (
      20, 5,
      """
      aaabbbbbbbcdddcccccccc
      aabbbbbbbbcddccccccccc
      abbbbbbbbbcdcccccccccc
      bbbbbbbbbcdccccccccccc
      bbbbbbbbbccccccccccccc
      bbbbbbbbbccccccccccccc
      bbbbbbbbcccccccccccccc
      bbbbbbbbcccccccccccccc
      eeeeeeebcfffffffffffff
      ggggggghiiiiiiiiiiiiii
      jjjjjjjhhhhhhhhhhhhhhh
      jjjjjjjhhhhhhhhhhhhhhh
      jjjjjjkhhhhhhhhhhhhhhl
      jjjjjjkhhhhhhhhhhhhlll
      jjjjjjkhhhhhhhhhhlllll
      jjjjjkhhhhhhhhhhllllll
      jjjjjkhhhhhhhhhlllllll
      jjjjjkhhhhhhhhllllllll
      """
    ),
    (
      100, 20,
      """
      aaaaaaaaabbbbbbbbbbbbb
      aaaaaaaaabbbbbbbbbbbbb
      aaaaaaaaabbbbbbbbbbbbb
      aaaaaaaabbbbbbbbbbbbbb
      aaaaaaaabbbbbbbbbbbbbb
      aaaaaaabbbbbbbbbbbbbbb
      aaaaaaabbbbbbbbbbbbbbb
      aaaaaaabbbbbbbbbbbbbbb
      aaaaaaabbbbbbbbbbbbbbb
      ccccccddeeeeeeeeeeeeee
      ccccccddeeeeeeeeeeeeee
      ccccccddeeeeeeeeeeeeee
      cccccdddeeeeeeeeeeeeee
      cccccddeeeeeeeeeeeeeee
      cccccddeeeeeeeeeeeeeee
      ccccdddeeeeeeeeeeeeeee
      ccccddeeeeeeeeeeeeeeee
      ccccddeeeeeeeeeeeeeeee
      """
    ),
    (
      400, 8,
      """
      aaaaaaaaaabbbbbbbbbbbb
      aaaaaaaaaabbbbbbbbbbbb
      aaaaaaaaaabbbbbbbbbbbb
      aaaaaaaaabbbbbbbbbbbbb
      aaaaaaaaabbbbbbbbbbbbb
      aaaaaaaaabbbbbbbbbbbbb
      aaaaaaaaabbbbbbbbbbbbb
      aaaaaaaaabbbbbbbbbbbbb
      aaaaaaaaaaaaaaaaaaaaaa
      cccccccdeeeeeeeeeeeeee
      cccccccddddddddddddddd
      cccccccddddddddddddddd
      cccccccddddddddddddddd
      cccccccddddddddddddddd
      cccccccddddddddddddddd
      ccccccdddddddddddddddd
      ccccccdddddddddddddddd
      ccccccdddddddddddddddd
      """
    ),
  ]

  /// Four areas, waves over them that no two pixels share, 1×3×18×22.
  static let picture: Tensor = {
    var picture = Tensor([1, 3, 18, 22])
    for c in 0..<3 {
      for row in 0..<18 {
        for column in 0..<22 {
          let (x, y, k) = (Double(column), Double(row), Double(c))
          let steps = [x + y / 3 < 10 ? 0.25 : 0.75, y < 9 ? 0.5 : 0.125, 0.5]
          let waves =
            0.05 * sin(0.91 * x * (k + 1) + 1.37 * y + k) + 0.03 * cos(2.3 * x - 0.77 * y * (k + 1))
          picture[0, c, row, column] = Float(steps[c] + waves)
        }
      }
    }
    return picture
  }()

  @Test("scikit-image's regions", arguments: recorded)
  func regions(scale: Double, smallest: Int, map: String) {
    let labels = Felzenszwalb(Self.picture).labels(scale: scale, smallest: smallest)
    let letters = map.unicodeScalars.filter { $0 != "\n" }.map { Int($0.value) - 97 }
    #expect(labels == letters)
  }

  @Test("a picture of one colour is one region; no region is smaller than it may be")
  func sizes() {
    #expect(Set(Felzenszwalb(Tensor([1, 3, 9, 7])).labels()) == [0])
    let labels = Felzenszwalb(Self.picture).labels(scale: 1, smallest: 30)
    let sizes = Dictionary(grouping: labels) { $0 }.mapValues(\.count)
    #expect(sizes.count > 3 && sizes.values.allSatisfy { $0 >= 30 })
    #expect(Set(labels) == Set(0..<sizes.count))
  }
}
