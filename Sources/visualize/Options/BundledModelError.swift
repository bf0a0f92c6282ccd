/// The model that ships, where it is not.
struct BundledModelError: Error, CustomStringConvertible {
  /// The folder of the program.
  let folder: String

  var description: String {
    "the model that ships is not there: keep the folder models beside the program (in \(folder)), "
      + "or name another model by --model"
  }
}
