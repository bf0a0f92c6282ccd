extension Settings {
  /// The bands that are shown as red, green and blue.
  public static let bands = Setting<[Int]?>(
    "bands", .optional(.bands), usual: nil, usualInWords: "each as a grey picture",
    help: "The bands to show as red, green and blue, of a network that takes other than 3 or 1.",
    valueName: "r,g,b")
}

extension SettingKind where Value == [Int] {
  /// Three numbers from 0, with commas between them.
  fileprivate static let bands = SettingKind(
    expected: "three numbers of bands from 0, such as 3,2,1",
    value: { text in
      let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      let bands = numbers.compactMap { $0 }
      return numbers.count == 3 && bands.count == 3 && bands.allSatisfy { $0 >= 0 } ? bands : nil
    }, text: { $0.map(String.init).joined(separator: ",") })
}

extension Recipe {
  /// The bands that are shown as red, green and blue; nil: each as a grey picture.
  public var bands: [Int]? {
    get { self[Settings.bands] }
    set { self[Settings.bands] = newValue }
  }
}
