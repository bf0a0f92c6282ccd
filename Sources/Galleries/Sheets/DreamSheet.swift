import Explanations
import Imaging
import Networks
import Portraits
import Visualization

/// A photograph dreamt on.
struct DreamSheet: SheetContent {
  let network: Network
  let subject: Subject
  let dream: PhotographDream
  let size: PictureSize

  var section: SheetSection { .dreams }

  var work: Double {
    dream.dream.sizes(of: size).reduce(0) {
      $0 + Double(dream.dream.steps) * Double($1.height * $1.width)
    }
  }

  func title(of file: String) -> String {
    "\(Photograph.stem(of: file)), dreamt by \(subject.description)"
  }

  func picture(of file: String, threads: Int, progress: (Double) -> Void) throws -> Picture {
    let start = try dream.start(Picture(contentsOf: file), in: network)
    let total = Double(dream.steps(from: start))
    return Picture(
      try dream.picture(from: start, of: subject, threads: threads) { step, _, _ in
        progress(Double(step) / total)
      })
  }
}
