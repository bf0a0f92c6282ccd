import CPages
package import Foundation

/// A file that all pages share: their looks and their script.
package struct Asset {
  package let name: String
  package let type: String
  package let data: Data

  package static let all = [
    Asset(
      name: "style.css", type: "text/css; charset=utf-8",
      data: Data(bytes: page_style, count: page_style_size)),
    Asset(
      name: "script.js", type: "text/javascript; charset=utf-8",
      data: Data(bytes: page_script, count: page_script_size)),
  ]

  /// The file of a name.
  package static func named(_ name: String) -> Asset? { all.first { $0.name == name } }
}
