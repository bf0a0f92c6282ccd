import Galleries
import Visualization
import Networks
import Portraits

/// How pictures are prepared for the network, who says so, and a form that has them prepared otherwise.
///
/// It leads to the same pages at an address that says how: nothing is remembered but by that.
struct PreparationForm {
  let microscope: Microscope

  /// The form.
  var html: String {
    let network = microscope.network
    let settings = network.preparation.settings
    let rows = [
      ("range", "Black and white", "what 0 and 1 become"),
      ("mean", "Less", "one number, or one a channel"),
      ("std", "Divided by", "one number, or one a channel"),
    ].map { key, title, help in
      """
      <label title="\(help)"><span>\(title)</span><input name="\(key)" value="\(HTML.escaped(settings["input.\(key)"] ?? ""))" \
      autocomplete="off" spellcheck="false"></label>
      """
    }
    return """
      <details class="preparation"\(microscope.believed == nil ? "" : " open")><summary>How pictures are prepared</summary>
      <p class="note">\(HTML.escaped(belief)) A wrong preparation makes a network see badly without saying so. \
      Another one here leads to the same pages at an address of its own: every picture is made anew, and every \
      photograph shown anew.</p>
      <form class="presets" action="prepare"><span>As for</span>\(presets)</form>
      <form class="settings" action="prepare">\(colors)\(rows.joined())\
      <button type="submit">Prepare so</button></form></details>

      """
  }

  private var belief: String {
    let believed = microscope.believed?.network ?? microscope.network
    guard believed.preprocessing != nil else {
      return "Nobody says how; \(believed.preparationInWords) is assumed."
    }
    let source = (believed.preparationSource ?? "the file’s metadata").withoutFolders
    return "Believed is \(believed.preparationInWords), by \(source)."
  }

  private var presets: String {
    let network = microscope.network
    let channels = network.colorChannels ?? 3
    return Preset.fitting(channels: channels).map {
      preset in
      let isChosen = preset.preprocessing.isSame(as: network.preparation, channels: channels)
      return """
        <button name="preset" value="\(preset.rawValue)" aria-pressed="\(isChosen)" \
        title="\(HTML.escaped(preset.preprocessing.inWords))">\(preset.inWords)</button>
        """
    }.joined()
  }

  /// The order of colours, where there are three.
  private var colors: String {
    let color = microscope.network.preparation.color
    guard microscope.network.colorChannels == 3, color == .rgb || color == .bgr else { return "" }
    let options = [Preprocessing.Color.rgb, .bgr].map {
      "<option\($0 == color ? " selected" : "")>\($0.rawValue)</option>"
    }
    return
      "<label><span>Order</span><select name=\"color\">\(options.joined())</select></label>"
  }
}

extension Preset {
  /// Whose models they are.
  fileprivate var inWords: String {
    switch self {
    case .imagenet: "torchvision, timm"
    case .caffe: "Caffe"
    case .tf: "TensorFlow"
    case .none: "0…1 as they are"
    }
  }
}
