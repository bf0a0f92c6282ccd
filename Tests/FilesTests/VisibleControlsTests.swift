import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct VisibleControlsTests {
  @Test(
    "what a terminal obeys, what turns the direction of writing, and what nobody sees is written out",
    arguments: [
      ("\u{1B}[31mred", #"\u{1B}[31mred"#), ("nul\u{0}", #"nul\u{0}"#),
      ("a\nb\tc", #"a\u{A}b\u{9}c"#),
      ("\u{9B}2J", #"\u{9B}2J"#), ("\u{7F}", #"\u{7F}"#), ("\u{202E}gnp", #"\u{202E}gnp"#),
      ("\u{2066}x\u{2069}", #"\u{2066}x\u{2069}"#), ("\u{FEFF}x", #"\u{FEFF}x"#),
      ("a\u{2028}b", #"a\u{2028}b"#), ("a\r\nb", #"a\u{D}\u{A}b"#),
    ])
  func writtenOut(_ text: String, _ shown: String) {
    #expect(text.withVisibleControls == shown)
  }

  @Test(
    "letters of all scripts stay as they are",
    arguments: [
      "tabby cat", "Käse, größer", "猫", "קָטָן", "e\u{301}", "👩\u{200D}🔬", "نمی\u{200C}خواهم", "",
    ])
  func letters(_ text: String) {
    #expect(text.withVisibleControls == text)
  }

  @Test("a text of several lines keeps them")
  func lines() {
    #expect("a\n\tb\u{7}\r".withVisibleControlsInLines == "a\n\tb\\u{7}\\u{D}")
  }

  @Test("a pipe that nobody writes to, a device and a folder are no files; a pipe with a writer is")
  func kinds() throws {
    let folder = try TemporaryFolder()
    let pipe = "\(folder.path)/pipe"
    mkfifo(pipe, 0o600)
    for (path, words) in [
      (pipe, "nobody writes to"), ("/dev/zero", "it is a device"), (folder.path, "it is a folder"),
    ] {
      #expect {
        try readFile(at: path)
      } throws: {
        "\($0)".contains(words)
      }
    }
    let writer = Thread {
      guard let file = fopen(pipe, "w") else { return }
      fputs("first", file)
      fflush(file)
      Thread.sleep(forTimeInterval: 0.2)
      fputs(" last", file)
      fclose(file)
    }
    // Opened for both, so that the writer is there before the reader.
    let both = open(pipe, O_RDWR | O_NONBLOCK)
    writer.start()
    Thread.sleep(forTimeInterval: 0.1)
    close(both)
    #expect(String(decoding: try readFile(at: pipe), as: UTF8.self) == "first last")
  }
}
