extension MethodEvaluation {
  /// The entries as comma-separated values (RFC 4180), a line each, under a line of names.
  ///
  /// `picture,unit,method,measure,value,standard_error,kept,of,absent`; `kept` of `of` pairs counted, and
  /// `absent` says why there is no value.
  public var csv: String {
    let lines = entries.map { entry in
      var fields = [entry.picture, entry.unit, entry.method, entry.measure]
      switch entry.result {
      case .success(let found):
        fields += [
          "\(found.value)", found.standardError.map { "\($0)" } ?? "",
          found.counted.map { "\($0.kept)" } ?? "", found.counted.map { "\($0.total)" } ?? "", "",
        ]
      case .failure(let error): fields += ["", "", "", "", "\(error)"]
      }
      return fields.map(Self.quoted).joined(separator: ",")
    }
    let names = "picture,unit,method,measure,value,standard_error,kept,of,absent"
    return ([names] + lines).joined(separator: "\r\n") + "\r\n"
  }

  /// A field, in quotes where it needs them.
  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
