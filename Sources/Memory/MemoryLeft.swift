#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
  import Foundation
#endif

/// How much memory is left: on the machine, in every control group that the process is in, and under its own
/// limit of addresses.
enum MemoryLeft {
  /// What is left, less a reserve for everything that is not counted: a sixteenth, at least 256 MB, at most a
  /// quarter.
  ///
  /// - Parameter root: The folder that `/proc` and `/sys` lie in.
  /// - Returns: Bytes.
  static func bytes(root: String = "") -> Int {
    let amounts = [onMachine(root), inAddresses(root)] + inGroups(root)
    let left = amounts.compactMap { $0 }.min() ?? 1 << 32
    return left - min(left / 4, max(left / 16, 256 << 20))
  }

  /// What the system could give without swapping; all there is where it does not say.
  private static func onMachine(_ root: String) -> Int? {
    #if os(Linux)
      value(of: "MemAvailable:", in: "\(root)/proc/meminfo").map { $0 * 1024 }
    #else
      Int(clamping: ProcessInfo.processInfo.physicalMemory)
    #endif
  }

  /// What `ulimit -v` leaves.
  private static func inAddresses(_ root: String) -> Int? {
    var limit = rlimit()
    #if os(Linux)
      let status = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      let status = getrlimit(RLIMIT_AS, &limit)
    #endif
    guard status == 0, let most = Int(exactly: limit.rlim_cur), most < 1 << 60 else { return nil }
    let pages = contents("\(root)/proc/self/statm")?.split(separator: " ").first.flatMap { Int($0) }
    return max(0, most - (pages ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  // MARK: Control groups

  /// What is left in each group that has a limit, of either version.
  ///
  /// Within a container a group's path may be the host's, which is not to be seen there: then the groups above
  /// it are looked at, up to the mounted one.
  private static func inGroups(_ root: String) -> [Int] {
    let lines = contents("\(root)/proc/self/cgroup")?.split(separator: "\n") ?? []
    return lines.flatMap { line -> [Int] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      if fields[1].isEmpty {
        return ["\(root)/sys/fs/cgroup", "\(root)/sys/fs/cgroup/unified"].flatMap {
          left(from: $0, fields[2], "memory.max", "memory.current", "inactive_file")
        }
      }
      guard fields[1].split(separator: ",").contains("memory") else { return [] }
      return left(
        from: "\(root)/sys/fs/cgroup/memory", fields[2], "memory.limit_in_bytes",
        "memory.usage_in_bytes", "total_inactive_file")
    }
  }

  /// What is left in a group and in those above it; what only keeps contents of files can be had, too.
  private static func left(
    from base: String, _ path: Substring, _ limit: String, _ usage: String, _ files: String
  ) -> [Int] {
    var parts = path.split(separator: "/")
    var result: [Int] = []
    while true {
      let folder = ([base] + parts.map(String.init)).joined(separator: "/")
      if let most = number("\(folder)/\(limit)"), let used = number("\(folder)/\(usage)") {
        let kept = value(of: files, in: "\(folder)/memory.stat") ?? 0
        result.append(max(0, most - max(0, used - kept)))
      }
      if parts.isEmpty { return result }
      parts.removeLast()
    }
  }

  // MARK: Files

  private static func number(_ path: String) -> Int? {
    contents(path).flatMap { Int($0.prefix { !$0.isNewline }) }
  }

  /// The number after a word that a line begins with.
  private static func value(of word: String, in path: String) -> Int? {
    let line = contents(path)?.split(separator: "\n").first { $0.hasPrefix("\(word) ") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  /// A small file of the system, which says no size; `nil` where there is none.
  private static func contents(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
