import ArgumentParser
import Files
import Foundation
import Galleries
import Memory

/// Where pictures are kept, so that none is made twice, be it by a gallery, a page or a folder of pages.
struct CacheOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where pictures are kept, so that none is made twice. (default: MODEL.cache beside the model)",
      valueName: "folder"), completion: .directory)
  var cache: String?

  @Option(
    help: ArgumentHelp("How much the cache may hold, such as 500MB or 4GB.", valueName: "amount"),
    transform: Self.amount)
  var cacheLimit: Int = 2 << 30

  @Sendable private static func amount(_ text: String) throws -> Int {
    guard let bytes = MemoryLimit.amount(text) else {
      throw ValidationError("--cache-limit must be an amount such as 500MB, not “\(text)”.")
    }
    return bytes
  }

  /// The cache of a model; nothing is written yet.
  ///
  /// - Parameter path: The model's file.
  /// - Returns: The cache.
  func cache(of path: String) -> PictureCache {
    PictureCache(folder: folder(of: path), limit: cacheLimit)
  }

  /// Beside the model; where that cannot be written to, among the caches of whoever asks, or in a folder that goes away.
  private func folder(of path: String) -> String {
    if let cache { return cache }
    let beside = path + ".cache"
    if Self.isWritable(beside) { return beside }
    let name = "visualize/\(URL(filePath: beside).lastPathComponent)"
    let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask)
    let others = (caches + [FileManager.default.temporaryDirectory]).map {
      $0.appending(path: name).path
    }
    let other = others.first(where: Self.isWritable) ?? beside
    Terminal.note("\(beside) cannot be written to; pictures are kept in \(other).")
    return other
  }

  private static func isWritable(_ folder: String) -> Bool {
    // Why it is not does not matter: another one is taken, and that is said.
    (try? checkWritable(folder: folder)) != nil
  }
}
