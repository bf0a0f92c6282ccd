import Files
import Foundation
import Tensors

/// What an input beside the picture is, as people write it: `0.5`, `640,640` or `FILE.npy`.
struct InputValue {
  let tensor: Tensor
  /// What records say of it: the numbers, or a hash of the file's.
  let words: String

  init(_ text: String) throws {
    if let list = NumberList(text) {
      tensor = Tensor([list.numbers.count], list.numbers)
      words = list.text
    } else {
      tensor = try NumPyFile(contentsOf: text).tensor
      words =
        "\(text.fileName), SHA-256 \(SHA256.hexadecimal(Data(try readFile(at: text))).prefix(16))"
    }
  }
}
