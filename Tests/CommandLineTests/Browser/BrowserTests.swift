import Foundation
import Testing

/// The page as a browser sees it, with the model that ships.
///
/// It needs Chromium and its driver, so it is `.ci/browser`, which installs them, that runs it.
@Suite(
  .serialized, .enabled(if: ProcessInfo.processInfo.environment["VISUALIZE_BROWSER"] != nil))
struct BrowserTests {
  private func inPage(
    of models: [String] = [], ofSmall isSmall: Bool = false, _ body: (String, URL) throws -> Void
  ) throws {
    try inEmptyFolder { folder in
      let models = isSmall ? ["small.onnx"] : models
      if isSmall { try writeSmallModel(to: folder.appending(path: "small.onnx")) }
      try FileManager.default.createDirectory(
        at: folder.appending(path: "photographs"), withIntermediateDirectories: true)
      for index in 0..<3 {
        try writePicture(
          to: folder.appending(path: "photographs/\(index).png"), width: 60 + 10 * index)
      }
      let running = try RunningProgram(
        ["serve"] + models + ["--port", "0", "--cache", "cache", "--pictures", "photographs"],
        in: folder)
      defer { _ = running.end(by: SIGTERM) }
      try running.wait { running.said.contains(/http:\/\/127.0.0.1:\d+\/\n/) }
      let match = try #require(running.said.firstMatch(of: /http:\/\/127.0.0.1:\d+\//))
      try body(String(match.0), folder)
    }
  }

  private var repository: URL {
    (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
  }

  /// Keeps what is seen beside the test's results.
  private func attach(_ browser: Browser, _ name: String) throws {
    let data = try browser.screenshot()
    #expect(data.count > 5000)
    guard let folder = ProcessInfo.processInfo.environment["VISUALIZE_BROWSER"], folder != "1"
    else { return }
    try data.write(to: URL(filePath: folder).appending(path: "\(name).png"))
  }

  /// A page without anything that only some can use: what has no name, what is too small to be hit, what is wider than
  /// the window.
  ///
  /// - Parameters:
  ///   - browser: What shows it.
  ///   - name: The name of its picture; nil: none is kept.
  /// - Throws: What talking to the browser throws.
  private func expectAccess(_ browser: Browser, shownAs name: String? = nil) throws {
    let address = try browser.address()
    #expect(try browser.namelessParts() == [], "\(address)")
    #expect(try browser.run(Self.smallTargets) == "", "\(address)")
    let width = try browser.run("return document.documentElement.scrollWidth - innerWidth")
    #expect((Int(width) ?? 1) <= 0, "\(address)")
    if let name { try attach(browser, name) }
  }

  /// The text of a part of a page.
  private func text(of selector: String, in browser: Browser) throws -> String {
    try browser.run("return document.querySelector('\(selector)').textContent")
  }

  /// Targets under 24×24 pixels that are not words of a sentence, and that another one is closer to than 24 pixels
  /// (WCAG 2.2, 2.5.8).
  private static let smallTargets = """
    const closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
    const isShown = part => part.checkVisibility() && !part.closest(".skip");
    const targets = [...document.querySelectorAll("a, button, input, select, summary")].filter(isShown);
    const box = part => (part.matches("input") && part.closest("label") || part).getBoundingClientRect();
    const middle = ({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2];
    const boxes = targets.map(box);
    const small = targets.filter((part, index) => {
      const own = boxes[index];
      if (own.width === 0 || own.width >= 24 && own.height >= 24 || part.closest("p, footer")) return false;
      const [x, y] = middle(own);
      return boxes.some((other, number) => number !== index && other.width > 0
        && Math.hypot(x - Math.min(Math.max(x, other.left), other.right),
          y - Math.min(Math.max(y, other.top), other.bottom)) < 12);
    });
    for (const part of closed) part.open = false;
    return small.map(part => part.outerHTML.slice(0, 120)).join("; ");
    """

  private func expectCleanliness(_ browser: Browser) throws {
    let complaints = try browser.complaints()
    #expect(complaints == [])
    #expect(try browser.hosts().subtracting(["127.0.0.1"]) == [])
  }

  @Test(arguments: [(1280, false), (1280, true), (400, false), (400, true), (2000, false)])
  func everyPageIsShownWhole(width: Int, isDark: Bool) throws {
    try inPage { address, _ in
      let browser = try Browser(width: width, isDark: isDark)
      let name = "\(width)-\(isDark ? "dark" : "light")"
      try browser.open(address)
      try browser.wait(for: "document.querySelectorAll('.icon img').length >= 4")
      try expectAccess(browser, shownAs: "model-\(name)")
      try browser.open(address + "layers/stage3.html")
      try browser.wait(for: "document.querySelectorAll('.icon img').length >= 4")
      try expectAccess(browser, shownAs: "layer-\(name)")
      try browser.open(address + "units/stage3/17.html?steps=24")
      try browser.wait(for: "document.querySelector('.ascent output').value === 'made'")
      try expectAccess(browser, shownAs: "unit-\(name)")
      try expectCleanliness(browser)
    }
  }

  @Test func aUnitIsFoundByItsName() throws {
    try inPage { address, _ in
      let browser = try Browser(width: 1280)
      try browser.open(address)
      try browser.press("/")
      try browser.press("pengu")
      try browser.wait(for: "document.querySelectorAll('#found li').length > 0")
      try browser.press("\u{E007}")
      try browser.wait(for: "/classes\\/\\d+\\.html/.test(location.pathname)")
      #expect(try browser.run("return document.title") == "penguin")
      try browser.open(address)
      try browser.press("/")
      try browser.press("stage3:17")
      try browser.wait(for: "document.querySelectorAll('#found li').length > 0")
      try browser.press("\u{E007}")
      try browser.wait(for: "location.pathname === '/units/stage3/17.html'")
      try expectCleanliness(browser)
    }
  }

  @Test func keysGoThroughAGrid() throws {
    try inPage { address, _ in
      let browser = try Browser(width: 1280)
      try browser.open(address + "layers/stage3.html")
      try browser.press("\u{E014}\u{E014}")
      #expect(try browser.run("return document.activeElement.title").hasPrefix("stage3:1"))
      try browser.press("\u{E007}")
      try browser.wait(for: "location.pathname === '/units/stage3/1.html'")
      try browser.press("\u{E014}")
      try browser.wait(for: "location.pathname === '/units/stage3/2.html'")
      try browser.press("\u{E00C}")
      try browser.wait(for: "location.pathname === '/layers/stage3.html'")
      try expectCleanliness(browser)
    }
  }

  @Test func anAscentIsWatchedStoppedAndFollowedByItsAddress() throws {
    try inPage { address, folder in
      let browser = try Browser(width: 1280)
      try browser.open(address + "units/stage2/3.html?steps=20000")
      try browser.wait(for: "document.querySelector('.main').src.startsWith('data:image/png')")
      try browser.wait(for: "document.querySelector('.ascent output').value.startsWith('step ')")
      try browser.run("document.querySelector('.halt').click()")
      try browser.wait(for: "document.querySelector('.ascent output').value === 'stopped'")
      // A link with settings is the picture with these settings.
      try browser.open(address + "units/stage2/3.html?steps=16&seed=5")
      try browser.wait(for: "document.querySelector('.ascent output').value === 'made'")
      let picture = try browser.run("return document.querySelector('.main').src")
      #expect(picture.contains("/pictures/"))
      #expect(
        try text(of: ".command code", in: browser)
          .contains("--seed 5"))
      try browser.open(address + "units/stage2/3.html?steps=16&seed=5")
      try browser.wait(for: "document.querySelector('.main').src === '\(picture)'")
      // What turns it off is another picture; nonsense is said.
      try browser.open(address + "units/stage2/3.html?steps=16&of=negative")
      try browser.wait(for: "document.querySelector('.ascent output').value === 'made'")
      #expect(try browser.run("return document.querySelector('.main').src") != picture)
      try browser.open(address + "units/stage2/3.html?steps=many")
      try browser.wait(for: "document.querySelector('.ascent output').value.includes('refused')")
      #expect(files(in: folder).contains { $0.hasPrefix("cache/") })
    }
  }

  /// Drops a photograph onto the first page, and waits for its own.
  private func drop(_ browser: Browser, at address: String) throws {
    try browser.open(address)
    try browser.run(
      """
      const canvas = document.createElement("canvas");
      canvas.width = 90; canvas.height = 70;
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#369"; pen.fillRect(0, 0, 90, 70);
      pen.fillStyle = "#fc0"; pen.fillRect(30, 20, 30, 30);
      canvas.toBlob(blob => {
        const data = new DataTransfer();
        data.items.add(new File([blob], "a.png"));
        dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      });
      """)
    try browser.wait(for: "location.pathname.startsWith('/photographs/')")
  }

  @Test func aPhotographIsDroppedInAndExplained() throws {
    try inPage { address, _ in
      let browser = try Browser(width: 1280, height: 1600)
      try drop(browser, at: address)
      try browser.wait(for: "document.querySelectorAll('.maps img').length === 4")
      try browser.run(
        """
        const frame = document.querySelector(".photograph"), box = frame.getBoundingClientRect();
        frame.setPointerCapture = () => {};
        for (const [name, share] of [["pointerdown", .3], ["pointermove", .6], ["pointerup", .7]]) {
          frame.dispatchEvent(new PointerEvent(name, {
            clientX: box.left + share * box.width, clientY: box.top + share * box.height, pointerId: 1 }));
        }
        """)
      try browser.wait(for: "document.querySelectorAll('.changed tr').length > 2")
      try expectAccess(browser, shownAs: "photograph")
      // Without a mouse.
      try browser.run("document.querySelector('.parts').requestSubmit()")
      try browser.wait(for: "location.search.includes('part=0.333')")
      try browser.wait(for: "document.querySelectorAll('.changed tr').length > 2")
      // The same photograph beside itself, on one scale.
      try browser.run(
        "location.href = location.pathname.replace('.html', '/with/') + location.pathname.split('/').at(-1)"
      )
      try browser.wait(for: "document.querySelectorAll('.maps .pair img').length === 4")
      #expect(
        try text(of: ".maps h3", in: browser).contains(
          "colours from"))
      try expectAccess(browser, shownAs: "photographs")
      try expectCleanliness(browser)
    }
  }

  /// With a network that makes a grid in a second.
  @Test func whatALayerSeesIsAnAddress() throws {
    try inPage(ofSmall: true) { address, _ in
      let browser = try Browser(width: 1280, height: 1600)
      let isLookedAt = "document.querySelectorAll('.position .icon').length === 4"
      try drop(browser, at: address)
      try browser.run("document.querySelector('[name=layer]').value = 'conv'")
      try browser.run("document.querySelector('.layers').requestSubmit()")
      try browser.wait(for: "document.querySelector('.seen img')")
      // Without a mouse, then with one.
      try browser.run("document.querySelector('.at').requestSubmit()")
      try browser.wait(for: isLookedAt)
      try browser.run(
        """
        const image = document.querySelector(".seen img"), box = image.getBoundingClientRect();
        image.dispatchEvent(new MouseEvent("click", { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }));
        """)
      try browser.wait(for: "location.search.includes('at=0.5') && \(isLookedAt)")
      try browser.run("document.querySelector('.parts').requestSubmit()")
      try browser.wait(for: "document.querySelectorAll('.changed tr').length > 2")
      try expectAccess(browser, shownAs: "seen")
      let seen =
        "['.seen img', '.position > img', '.changed', '.part'].map(name => document.querySelector(name))"
        + ".map(one => one.src ?? one.style.cssText + one.textContent).join()"
      let link = try browser.address()
      let state = try browser.run("return \(seen)")
      func expectState() throws {
        try browser.wait(
          for: "document.querySelectorAll('.changed tr').length > 2 && \(isLookedAt)")
        #expect(try browser.run("return \(seen)") == state)
        #expect(try browser.address() == link)
      }
      // Each question is a step of the way back, and a page's own.
      try browser.run("history.back()")
      try browser.wait(
        for: "!location.search.includes('part=') && \(isLookedAt)"
          + " && document.querySelectorAll('.changed tr').length === 0")
      try browser.run("history.forward()")
      try expectState()
      // The way back and a copied link lead to the same.
      try browser.run("document.querySelector('.classes a').click()")
      try browser.wait(for: "location.pathname.startsWith('/classes/')")
      try browser.run("history.back()")
      try browser.wait(for: "location.pathname.startsWith('/photographs/')")
      try expectState()
      try browser.open(address)
      try browser.open(link)
      try expectState()
      // Nonsense is said, or nothing.
      let page = link.split(separator: "?")[0]
      try browser.open("\(page)?layer=../../etc&at=a&part=1,2,%3Cb%3E")
      try browser.wait(
        for: "document.querySelector('.changed .note')?.textContent.includes('from 0 to 1')")
      // A layer that the address names would be looked at once the maps have ended.
      try browser.wait(
        for: "document.querySelectorAll('.maps figure').length === 4"
          + " && document.querySelector('.methods output').value === ''")
      #expect(try browser.run("return document.querySelector('.layers output').value") == "")
      #expect(try browser.run("return String(document.querySelector('.seen img'))") == "null")
      try browser.open("\(page)?layer=conv&at=2,a")
      try browser.wait(
        for: "document.querySelector('.position .note')?.textContent.includes('position must')")
      try expectCleanliness(browser)
    }
  }

  @Test func twoModelsAndTwoPreparationsStandSideBySide() throws {
    let model = repository.appending(path: "models/everyday64-robust.onnx").path
    try inPage(of: [model, model]) { address, _ in
      let browser = try Browser(width: 400)
      try browser.open(address)
      try browser.run("document.querySelector('a[href^=\"/compare\"]').click()")
      try browser.wait(
        for:
          "location.pathname === '/compare' && document.querySelectorAll('.compared tr').length > 9"
      )
      try expectAccess(browser, shownAs: "models")
      try browser.open(address + "compare?first=stage3:3&second-model=2")
      try browser.wait(
        for:
          "[...document.querySelectorAll('.side output')].every(words => words.value === 'made' || words.value === '')"
          + " && [...document.querySelectorAll('.side meter')].every(meter => meter.value > 0)")
      // One network twice: one picture, one value.
      #expect(
        try browser.run(
          "return String(new Set([...document.querySelectorAll('.side meter')].map(one => one.value)).size)"
        ) == "1")
      try expectAccess(browser, shownAs: "units")
      // Prepared otherwise: another address, another picture, and it is said.
      try browser.open(address)
      try browser.run("document.querySelector('.preparation').open = true")
      try browser.run("document.querySelector('.presets [value=caffe]').click()")
      try browser.wait(for: "location.pathname.startsWith('/prepared/BGR')")
      #expect(
        try text(of: ".notice", in: browser).contains(
          "BGR in 0…255"))
      try expectAccess(browser, shownAs: "prepared")
      try expectCleanliness(browser)
    }
  }

  @Test func aFolderOfPagesIsSearchedWithoutAServer() throws {
    try inEmptyFolder { folder in
      // Pictures of 8×8 pixels, which are made in a second.
      let run = try visualize(
        "microscope", repository.appending(path: "models/digits.onnx").path, "--cache", "cache",
        "--output", "pages", in: folder)
      try #require(run.status == 0, "\(run.errors)")
      let browser = try Browser(width: 400)
      try browser.open("file://\(folder.path)/pages/index.html")
      try browser.press("/")
      try browser.press("7")
      try browser.wait(for: "document.querySelectorAll('#found li').length > 0")
      try browser.press("\u{E007}")
      try browser.wait(for: "/classes\\/\\d+\\.html/.test(location.pathname)")
      #expect(try browser.run("return document.title") == "7")
      // From a page below another as well.
      try browser.press("/")
      try browser.press("layer1:12")
      try browser.wait(for: "document.querySelectorAll('#found li').length > 0")
      try browser.press("\u{E007}")
      try browser.wait(for: "location.pathname.endsWith('/units/layer1/12.html')")
      try expectAccess(browser)
      #expect(try browser.complaints() == [])
    }
  }
}
