import TestSupport
import Testing

@testable import Portraits

/// Labels as people have them.
@Suite struct LabelListTests {
  private func labels(_ name: String, _ text: String) throws -> [String] {
    let folder = try TemporaryFolder()
    try folder.file(name, text.utf8)
    return try LabelList(contentsOf: "\(folder.path)/\(name)").labels
  }

  @Test(
    "text, JSON, tables and YAML",
    arguments: [
      ("a.txt", "cat\ndog\n\n"), ("a.txt", "\u{FEFF}cat\r\ndog\r\n"), ("a.txt", "0: cat\n1: dog"),
      ("a.txt", "0 cat\n1 dog\n"), ("a.txt", "n02123045 cat\nn02123159 dog\n"),
      ("a.labels", "cat\ndog"),
      ("a.json", #"["cat", "dog"]"#), ("a.json", #"{"1": "dog", "0": "cat"}"#),
      ("a.json", #"{"id2label": {"0": "cat", "1": "dog"}}"#), ("a.json", #"{"dog": 1, "cat": 0}"#),
      ("a.json", #"{"0": ["n1", "cat"], "1": ["n2", "dog"]}"#),
      ("a.json", #"{"categories": [{"id": 0, "name": "cat"}, {"id": 1, "name": "dog"}]}"#),
      ("a.json", #"[{"id": 1, "name": "dog"}, {"id": 0, "name": "cat"}]"#),
      ("a.json", #"{"categories": [{"id": 2, "name": "dog"}, {"id": 1, "name": "cat"}]}"#),
      // Ninety numbers for eighty classes: in their order.
      ("a.json", #"[{"id": 13, "name": "cat"}, {"id": 90, "name": "dog"}]"#),
      ("a.json", #"[{"name": "cat"}, {"name": "dog"}]"#),
      ("a.txt", "1: dog\n0: cat"), ("a.txt", "2: dog\n1: cat\n"), ("a.txt", "1, cat\n2, dog"),
      ("a.txt", "1 cat\n2 dog"),
      (
        "a.json", #"[{"id": 17, "index": 1, "name": "dog"}, {"id": 20, "index": 0, "name": "cat"}]"#
      ),
      ("a.json", #"[{"id": "1", "name": "dog"}, {"id": "0", "name": "cat"}]"#),
      ("a.csv", "cat\ndog\n"), ("a.csv", "id,name\n1,dog\n0,cat\n"), ("a.csv", "0,cat\n1,dog"),
      ("a.csv", "id;name\n1;dog\n0;cat\n"), ("a.csv", "0;cat\n1;dog"), ("a.txt", "cat 0\ndog 1\n"),
      ("a.txt", "dog\t1\ncat\t0"), ("a.txt", "cat: 1\ndog: 2"),
      ("a.csv", "name,id\n\"cat\",0\n\"dog\",1\n"), ("a.tsv", "0\tcat\n1\tdog"),
      ("a.yaml", "names:\n  0: cat\n  1: dog\nnc: 2\n"), ("a.yaml", "names:\n- cat\n- dog\n"),
      ("a.yml", "nc: 2 # classes\nnames: [cat, 'dog']\n"), ("a.yaml", "- cat\n- \"dog\"\n"),
      ("a.yaml", "names: {0: cat, 1: dog}"),
    ])
  func forms(name: String, text: String) throws {
    #expect(try labels(name, text) == ["cat", "dog"])
  }

  @Test("labels that begin with numbers or have commas stay whole")
  func plain() throws {
    #expect(try labels("a.txt", "3 dogs\n2 cats") == ["3 dogs", "2 cats"])
    // As folders are sorted by their names.
    for lines in [
      ["1 ant", "10 yak", "2 bee", "3 cow", "4 dog", "5 elk", "6 fox", "7 gnu", "8 hen", "9 ibex"],
      ["2 doors", "1 door"], ["1 star", "2 stars", "3 stars"],
      ["digit 0", "digit 1"], ["Boeing 707", "Boeing 717"], ["route 1", "exit 0"],
    ] {
      #expect(try labels("a.txt", lines.joined(separator: "\n")) == lines)
    }
    #expect(try labels("a.txt", "tabby, tabby cat\ntiger") == ["tabby, tabby cat", "tiger"])
    #expect(try labels("a.csv", "0;tabby, cat\n1;dog") == ["tabby, cat", "dog"])
    #expect(try labels("a.csv", "0,\"tabby, cat\"\n1,dog") == ["tabby, cat", "dog"])
  }

  @Test(
    "what has no labels is refused",
    arguments: [
      ("a.json", "{"), ("a.json", "3"), ("a.json", #"{"a": {"b": 1}}"#), ("a.txt", "\n\n"),
      ("a.json", #"[{"id": 7, "name": "dog"}, {"id": 3, "name": "cat"}]"#),
      ("a.json", #"[{"id": 0, "name": "dog"}, {"id": 0, "name": "cat"}]"#),
      ("a.yaml", "train: x\nval: y"), ("a.csv", "\n"),
    ])
  func refused(name: String, text: String) {
    #expect(throws: ModelSettingsError.self) { try labels(name, text) }
  }
}
