import Galleries
import Testing
import Visualization

@Suite struct PlanReadingTests {
  @Test("a plan with everything in it")
  func everything() throws {
    let plan = try GalleryPlan(
      yaml: """
        title: Cats & dogs
        description: Two lines.
        model: ../models/net.onnx
        output: out
        defaults:
          steps: 64
          learning-rate: 0.1
          seeds: 2
        pictures:
          - cat
          - [dog, 281]
          - units:
              - layer3:0-15
              - all logits
            steps: 128
            optimizer: momentum
            size: 320x240
            seeds: [5, 7]
          - unit: lion
            seed: 9
        """, file: "plans/pets.yaml")
    #expect(plan.title == "Cats & dogs")
    #expect(plan.description == "Two lines.")
    #expect(plan.model == "models/net.onnx")
    #expect(plan.output == "plans/out")
    #expect(plan.name == "pets")
    let units = [["cat"], ["dog", "281"], ["layer3:0-15", "all logits"], ["lion"]]
    #expect(plan.entries.map { $0.units.map(\.text) } == units)
    #expect(plan.entries.flatMap { $0.units.map(\.line) } == [10, 11, 11, 13, 14, 19])
    #expect(plan.entries[0].settings == ["steps": "64", "learning-rate": "0.1"])
    let settings = [
      "steps": "128", "learning-rate": "0.1", "optimizer": "momentum", "size": "320x240",
    ]
    #expect(plan.entries[2].settings == settings)
    #expect(plan.entries.map(\.seeds) == [.count(2), .count(2), .list([5, 7]), .list([9])])
  }

  @Test("sections have titles, texts and pictures with captions")
  func sections() throws {
    let plan = try GalleryPlan(
      yaml: """
        defaults: {steps: 9}
        sections:
          - title: Animals
            description: Four [legs](https://example.org/a_(b)?c&d).
            pictures:
              - {unit: cat, caption: Purrs.}
              - dog
          - title: Food
            pictures: [pizza]
        """)
    #expect(
      plan.sections == [
        .init(title: "Animals", description: "Four [legs](https://example.org/a_(b)?c&d)."),
        .init(title: "Food"),
      ])
    #expect(plan.entries.map(\.section) == [0, 0, 1])
    #expect(plan.entries.map(\.caption) == ["Purrs.", nil, nil])
    #expect(plan.entries.allSatisfy { $0.settings == ["steps": "9"] })
  }

  @Test("the folder is the plan's, or outputs and the plan's name")
  func folders() throws {
    #expect(try GalleryPlan(yaml: "pictures: [cat]", file: "a/b.c.yml").folder == "outputs/b.c")
    #expect(try GalleryPlan(yaml: "pictures: [cat]\noutput: /x", file: "a/b.yml").folder == "/x")
    let plan = try GalleryPlan(yaml: "pictures: [cat]\nmodel: ../../m", file: "a/b.yml")
    #expect(plan.model == "../m")
  }

  struct Mistake: CustomTestStringConvertible, Sendable {
    var yaml: String
    var message: String
    var testDescription: String { message }

    init(_ yaml: String, _ message: String) { (self.yaml, self.message) = (yaml, message) }
  }

  @Test(
    "a mistake is named with its line and what was probably meant",
    arguments: [
      Mistake(
        "pictures: [cat]\ntitel: x", "2: a plan has no key `titel`; did you mean `title`"),
      Mistake("pictures: [cat]\nsteps: 5", "2: `steps` belongs under `defaults:`"),
      Mistake(
        "defaults:\n  step: 5\npictures: [cat]",
        "2: `defaults` has no key `step`; did you mean `steps`"),
      Mistake(
        "pictures:\n  - unit: cat\n    learning_rate: 5",
        "3: a picture has no key `learning_rate`; did you mean `learning-rate`"),
      Mistake(
        "pictures:\n  - unit: cat\n    optimizer: adamm",
        "3: `optimizer` is “adamm” and must be one of gradient-descent, momentum, "
          + "momentum-pytorch, rmsprop, adam, nadam; did you mean `adam`?"),
      Mistake(
        "pictures:\n  - unit: cat\n    steps: many",
        "3: `steps` is “many” and must be a whole number from 1 to 1000000"),
      Mistake(
        "pictures:\n  - unit: cat\n    tv: -1", "3: `tv` is “-1” and must be a number, 0 or more"),
      Mistake("pictures:\n  - unit: cat\n    seeds: 0", "3: `seeds` is “0” and must be how many"),
      Mistake(
        "pictures:\n  - unit: cat\n    seeds: [1, x]", "3: `seeds` is a list and must be how many"),
      Mistake(
        "pictures:\n  - unit: cat\n    seeds: 2\n    seed: 3",
        "`seed` and `seeds` exclude each other"),
      Mistake(
        "pictures:\n  - uint: cat", "2: a picture has no key `uint`; did you mean `unit`"),
      Mistake("pictures:\n  - steps: 5", "2: this picture has no `unit`"),
      Mistake(
        "pictures:\n  - {unit: cat, objective: dog}", "2: `unit` and `objective` exclude each other"
      ),
      Mistake(
        "pictures:\n  - unit: cat\n    batch: 0",
        "3: `batch` is “0” and must be a whole number from 1 to 64"),
      Mistake("pictures: []", "1: `pictures` must be a list of units"),
      Mistake("title: x", "the plan has no `pictures:`"),
      Mistake("title: [x]\npictures: [cat]", "1: `title` is a list and must be a text"),
      Mistake("- cat", "1: a plan consists of keys"),
      Mistake(
        "pictures: [cat]\nsections:\n  - {title: A, pictures: [dog]}",
        "3: `pictures` and `sections` exclude each other"),
      Mistake("sections: cat", "1: `sections` must be a list of sections"),
      Mistake("sections: [cat]", "1: a section consists of keys: `title`, `pictures`"),
      Mistake("sections:\n  - pictures: [cat]", "2: this section has no `title`"),
      Mistake("sections:\n  - title: Animals", "2: this section has no `pictures`"),
      Mistake(
        "sections:\n  - {title: A, picturse: [cat], pictures: [cat]}",
        "2: a section has no key `picturse`; did you mean `pictures`"),
      Mistake(
        "pictures:\n  - {unit: cat, caption: [x]}", "2: `caption` is a list and must be a text"),
      Mistake(
        "pictures:\n  - {unit: cat, caption: 'a [b](javascript:alert)'}",
        "2: `caption`: `javascript:alert` is no address for a page"),
      Mistake(
        "pictures: [cat]\ndescription: '[b](/etc/passwd)'", "2: `description`: `/etc/passwd`"),
      Mistake("", "the plan is empty"),
      Mistake("pictures:\n  - [cat", "no valid YAML"),
      Mistake("title: x\ntitle: y\npictures: [cat]", "`title` stands here twice"),
    ])
  func mistakes(_ mistake: Mistake) throws {
    let error = try #require(throws: GalleryPlanError.self) {
      try GalleryPlan(yaml: mistake.yaml, file: "p.yaml")
    }
    #expect("\(error)".hasPrefix("p.yaml:"))
    #expect("\(error)".contains(mistake.message), "\(error)")
    #expect(error.problems.count == 1, "\(error)")
  }

  @Test("every setting is a key, and files are the plan's")
  func settings() throws {
    for setting in Settings.all where setting.key != "seed" {
      let values = setting.choices.map(\.name) + ["3", "0.5", "1", "2,1,0", "a.png"]
      let value = try #require(values.first { (try? setting.normalized($0)) == .some($0) })
      // What it is for alone.
      let other = setting.companion.map { "\($0.key): \($0.values.first ?? "a.png"), " } ?? ""
      let plan = try GalleryPlan(
        yaml: "pictures: [{unit: cat, \(other)\(setting.key): '\(value)'}]", file: "plans/p.yaml")
      #expect(
        plan.entries[0].settings[setting.key] == (setting.isPath ? "plans/\(value)" : value))
    }
  }

  @Test("all mistakes at once, from the top")
  func allAtOnce() throws {
    let error = try #require(throws: GalleryPlanError.self) {
      try GalleryPlan(yaml: "titel: x\npictures:\n  - unit: cat\n    size: big\n    stepps: 3")
    }
    #expect(error.problems.map(\.line) == [1, 4, 5])
  }

  @Test("a plan that is not there")
  func missing() throws {
    let error = try #require(throws: GalleryPlanError.self) {
      try GalleryPlan(contentsOf: "no/such/plan.yaml")
    }
    #expect("\(error)" == "no/such/plan.yaml: No such file or directory; check the path")
  }
}
