import Foundation
import Testing

/// A headless Chromium, by the WebDriver protocol of `chromedriver`.
final class Browser {
  private let driver = Process()
  private var root = ""
  private var session = ""

  /// Starts one.
  ///
  /// - Parameters:
  ///   - width: Of the window, in pixels.
  ///   - height: Of the window, in pixels.
  ///   - isDark: Whether dark pages are preferred.
  /// - Throws: Where there is no driver.
  init(width: Int, height: Int = 900, isDark: Bool = false) throws {
    let output = Pipe()
    driver.executableURL = URL(filePath: "/usr/bin/env")
    driver.arguments = ["chromedriver", "--port=0"]
    driver.standardOutput = output
    driver.standardError = FileHandle.nullDevice
    try driver.run()
    var said = ""
    while root.isEmpty {
      let data = output.fileHandleForReading.availableData
      try #require(!data.isEmpty, "chromedriver did not start: \(said)")
      said += String(decoding: data, as: UTF8.self)
      if let match = said.firstMatch(of: /on port (\d+)\./) {
        root = "http://127.0.0.1:\(match.1)"
      }
    }
    let options: [String: Any] = [
      "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    ]
    let capabilities: [String: Any] = [
      "alwaysMatch": [
        "goog:chromeOptions": options,
        "goog:loggingPrefs": ["browser": "ALL", "performance": "ALL"],
      ]
    ]
    let answer = try call("POST", "/session", ["capabilities": capabilities])
    session = "/session/" + ((answer as? [String: Any])?["sessionId"] as? String ?? "")
    try command(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
    try command(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]]])
  }

  deinit {
    // The driver ends its browser with it.
    _ = try? call("DELETE", session)
    kill(driver.processIdentifier, SIGKILL)
  }

  /// Goes to an address.
  func open(_ address: String) throws { _ = try call("POST", session + "/url", ["url": address]) }

  /// Where it is.
  func address() throws -> String { try call("GET", session + "/url") as? String ?? "" }

  /// What a script returns, as a text.
  @discardableResult
  func run(_ script: String) throws -> String {
    let body: [String: Any] = ["script": script, "args": [Any]()]
    let value = try call("POST", session + "/execute/sync", body)
    return value.map { "\($0)" } ?? ""
  }

  /// Waits until a script returns true; a failure after 60 seconds.
  func wait(for script: String) throws {
    for _ in 0..<2000 {
      if try run("return String(Boolean(\(script)))") == "true" { return }
      Thread.sleep(forTimeInterval: 0.03)
    }
    Issue.record("\(script) did not come true at \(try address())")
    throw WaitError()
  }

  /// Presses keys where the focus is.
  func press(_ keys: String) throws {
    let actions = keys.flatMap { key -> [[String: String]] in
      [["type": "keyDown", "value": "\(key)"], ["type": "keyUp", "value": "\(key)"]]
    }
    let source: [String: Any] = ["type": "key", "id": "keys", "actions": actions]
    _ = try call("POST", session + "/actions", ["actions": [source]])
  }

  /// What the page complained of since the last time.
  func complaints() throws -> [String] {
    try entries("browser").filter { $0["level"] as? String == "SEVERE" }
      .compactMap { $0["message"] as? String }
  }

  /// The hosts that were asked for anything since the last time.
  func hosts() throws -> Set<String> {
    let addresses = try entries("performance").compactMap { entry -> String? in
      guard let message = (entry["message"] as? String)?.data(using: .utf8),
        let event = try JSONSerialization.jsonObject(with: message) as? [String: Any],
        let inner = event["message"] as? [String: Any],
        inner["method"] as? String == "Network.requestWillBeSent",
        let request = (inner["params"] as? [String: Any])?["request"] as? [String: Any]
      else { return nil }
      return request["url"] as? String
    }
    return Set(
      addresses.compactMap { URL(string: $0) }.filter { $0.scheme?.hasPrefix("http") == true }
        .compactMap { $0.host })
  }

  /// What is seen, as PNG.
  func screenshot() throws -> Data {
    Data(base64Encoded: try call("GET", session + "/screenshot") as? String ?? "") ?? Data()
  }

  struct WaitError: Error {}

  private func entries(_ type: String) throws -> [[String: Any]] {
    try call("POST", session + "/se/log", ["type": type]) as? [[String: Any]] ?? []
  }

  /// What a screen reader finds on the page: controls, pictures and meters without a name, and meters without a value.
  func namelessParts() throws -> [String] {
    let tree = try command("Accessibility.getFullAXTree", [:]) as? [String: Any]
    let nodes = tree?["nodes"] as? [[String: Any]] ?? []
    func text(_ node: [String: Any], _ key: String) -> String {
      (node[key] as? [String: Any])?["value"].map { "\($0)" } ?? ""
    }
    let parts = nodes.filter {
      $0["ignored"] as? Bool != true && Self.named.contains(text($0, "role"))
    }
    if parts.isEmpty { return ["nothing is found at all"] }
    return parts.compactMap { node in
      let role = text(node, "role")
      if text(node, "name").trimmingCharacters(in: .whitespaces).isEmpty {
        return "\(role): no name"
      }
      let isMeter = ["meter", "progressbar", "slider"].contains(role)
      return isMeter && text(node, "value").isEmpty
        ? "\(role) \(text(node, "name")): no value" : nil
    }
  }

  private static let named: Set = [
    "button", "link", "textbox", "searchbox", "combobox", "image", "img", "meter", "progressbar",
    "slider", "checkbox", "spinbutton", "ComboBoxSelect", "DisclosureTriangle", "navigation",
    "table",
    "RootWebArea", "listbox",
  ]

  @discardableResult
  private func command(_ name: String, _ parameters: [String: Any]) throws -> Any? {
    try call(
      "POST", session + "/goog/cdp/execute", ["cmd": name, "params": parameters])
  }

  /// One request to the driver.
  private func call(_ method: String, _ path: String, _ body: [String: Any]? = nil) throws -> Any? {
    var arguments = ["curl", "--silent", "--max-time", "60", "--request", method, root + path]
    if let body {
      let data = try JSONSerialization.data(withJSONObject: body)
      arguments += ["--header", "Content-Type: application/json", "--data-binary"]
      arguments.append(String(decoding: data, as: UTF8.self))
    }
    let said = try CommandLineTests.run(
      URL(filePath: "/usr/bin/env"), arguments, in: FileManager.default.temporaryDirectory)
    let answer =
      try JSONSerialization.jsonObject(with: Data(said.output.utf8)) as? [String: Any]
    let value = answer?["value"]
    if let error = (value as? [String: Any])?["error"] as? String {
      let message = (value as? [String: Any])?["message"] as? String ?? ""
      throw DriverError(description: "\(error): \(message.prefix(200))")
    }
    return value is NSNull ? nil : value
  }

  struct DriverError: Error, CustomStringConvertible {
    let description: String
  }
}
