import TestSupport
import Testing

@testable import Memory

/// What is left of a machine that files describe.
@Suite struct MemoryLeftTests {
  private let gigabyte = 1 << 30

  /// What is left where `/proc` and `/sys` hold these files.
  private func left(_ files: [String: String]) throws -> Int {
    let folder = try TemporaryFolder()
    for (path, text) in files { try folder.file(path, text.utf8) }
    return MemoryLeft.bytes(root: folder.path)
  }

  private var machine: [String: String] {
    ["proc/meminfo": "MemTotal:       67108864 kB\nMemAvailable:   33554432 kB\n"]
  }

  #if os(Linux)
    @Test("of a machine a sixteenth is kept")
    func onMachine() throws {
      #expect(try left(machine) == 30 * gigabyte)
    }

    @Test("of little, a quarter is kept")
    func little() throws {
      #expect(try left(["proc/meminfo": "MemAvailable:   524288 kB\n"]) == 384 << 20)
    }

    @Test("the second version of control groups, a group above with a limit")
    func second() throws {
      let group = "sys/fs/cgroup/a/memory"
      let files = machine.merging([
        "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "max\n",
        "sys/fs/cgroup/a/b/memory.current": "17\n",
        "\(group).max": "\(8 * gigabyte)\n", "\(group).current": "\(6 * gigabyte)\n",
        "\(group).stat": "anon 1\ninactive_file \(2 * gigabyte)\n",
      ]) { $1 }
      #expect(try left(files) == 4 * gigabyte - 256 << 20)
    }

    @Test("the first version, in a container that does not see its own path")
    func first() throws {
      let group = "sys/fs/cgroup/memory/memory"
      let files = machine.merging([
        "proc/self/cgroup": "5:cpu:/\n4:hugetlb,memory:/docker/0123\n0::/\n",
        "\(group).limit_in_bytes": "\(gigabyte)\n",
        "\(group).usage_in_bytes": "\(gigabyte / 2)\n",
        "\(group).stat": "total_inactive_file 0\n",
      ]) { $1 }
      #expect(try left(files) == gigabyte / 2 - gigabyte / 8)
    }

    @Test("a group that is full leaves nothing")
    func full() throws {
      let files = machine.merging([
        "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1000\n",
        "sys/fs/cgroup/memory.current": "2000\n",
      ]) { $1 }
      #expect(try left(files) == 0)
    }
  #endif
}
