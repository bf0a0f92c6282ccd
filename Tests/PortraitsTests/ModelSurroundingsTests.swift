import TestSupport
import Testing

@testable import Portraits

/// What lies around a model.
@Suite struct ModelSurroundingsTests {
  private func around(_ files: [(String, String)], model: String = "net.onnx") throws
    -> ModelSurroundings
  {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.file(name, text.utf8) }
    return ModelSurroundings(ofModelAt: "\(folder.path)/\(model)")
  }

  private let processor = """
    {"do_normalize": true, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.2, 0.1],
     "rescale_factor": 0.00392156862745098, "size": {"height": 96, "width": 128},
     "image_processor_type": "ViTImageProcessor"}
    """

  @Test("a configuration of transformers and its processor, beside the file or one folder up")
  func transformers() throws {
    let config = #"{"model_type": "vit", "id2label": {"1": "dog", "0": "cat"}, "image_size": 64}"#
    for folder in ["", "onnx/"] {
      let around = try around(
        [("config.json", config), ("preprocessor_config.json", processor), ("\(folder)keep", "")],
        model: folder + "net.onnx")
      #expect(around.values["labels"] == "cat\ndog")
      #expect(around.values["input.size"] == "96,128")
      #expect(around.values["input.mean"] == "0.5,0.4,0.3" && around.values["input.range"] == "0,1")
      #expect(around.sources["labels"]?.hasSuffix("config.json") == true)
      #expect(around.doubts.isEmpty)
    }
  }

  @Test(
    "a configuration says whether several classes may hold at once, or none is one",
    arguments: [
      ("multi_label_classification", "output.link", "sigmoid"),
      ("regression", "output.kind", "values"),
      ("single_label_classification", "output.link", nil),
    ])
  func problem(type: String, key: String, value: String?) throws {
    let config = #"{"model_type": "vit", "problem_type": "\#(type)"}"#
    #expect(try around([("config.json", config)]).values[key] == value)
  }

  @Test(
    "processors in their other words",
    arguments: [
      (#"{"do_rescale": false, "do_resize": true}"#, "input.range", "0,255"),
      (#"{"rescale_factor": 0.00784313725490196, "rescale_offset": true}"#, "input.range", "-1,1"),
      (#"{"do_resize": true, "do_flip_channel_order": true}"#, "input.color", "BGR"),
      (
        #"{"do_resize": true, "size": {"shortest_edge": 256}, "crop_size": 224}"#, "input.size",
        "224,224"
      ),
      (
        #"{"do_resize": true, "size": {"shortest_edge": 256}, "do_center_crop": false}"#,
        "input.size", "256,256"
      ),
      (#"{"do_normalize": false, "image_mean": [0.5]}"#, "input.mean", nil),
      (#"{"image_mean": 0.5, "image_std": "0.25"}"#, "input.mean", "0.5,0.5,0.5"),
      (#"{"image_mean": 0.5, "image_std": "0.25"}"#, "input.std", "0.25,0.25,0.25"),
      (
        #"{"image_processor_type": "ViTImageProcessor", "do_normalize": true}"#, "input.mean",
        "0.5,0.5,0.5"
      ),
      (
        #"{"image_processor_type": "OtherProcessor", "do_normalize": true}"#, "input.range", nil
      ),
      (
        #"{"image_processor_type": "ViTHybridImageProcessor", "do_normalize": true}"#,
        "input.mean", nil
      ),
      (
        #"{"image_processor_type": "EfficientNetImageProcessor", "image_mean": 0.5, "image_std": 0.5}"#,
        "input.std", "0.25,0.25,0.25"
      ),
      (
        #"""
        {"image_processor_type": "EfficientNetImageProcessor", "image_mean": 0.5, "image_std": 0.5,
        "include_top": false}
        """#, "input.std", "0.5,0.5,0.5"
      ),
      (#"{"sampling_rate": 16000, "do_normalize": true}"#, "input.range", nil),
    ] as [(String, String, String?)])
  func processors(json: String, key: String, value: String?) throws {
    #expect(try around([("preprocessor_config.json", json)]).values[key] == value)
  }

  @Test("a configuration of timm's; names that nobody gave are none")
  func timm() throws {
    let around = try around([
      (
        "config.json",
        """
        {"architecture": "resnet18", "label_names": ["n1", "n2"],
         "label_descriptions": {"n1": "cat", "n2": "dog"},
         "pretrained_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "input_size": [3, 160, 192]}}
        """
      )
    ])
    #expect(around.values["labels"] == "cat\ndog" && around.values["input.size"] == "160,192")
    #expect(around.values["input.std"] == "0.5,0.5,0.5")
    let nameless = try self.around([
      ("config.json", #"{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}"#)
    ])
    #expect(nameless.values["labels"] == nil)
  }

  @Test("a list beside the model; what cannot be read is doubted and stops nothing")
  func lists() throws {
    #expect(try around([("labels.txt", "cat\ndog")]).values["labels"] == "cat\ndog")
    #expect(try around([("net.labels.json", #"["a", "b"]"#)]).values["labels"] == "a\nb")
    let broken = try around([("config.json", "{"), ("classes.txt", "cat")])
    #expect(broken.values["labels"] == "cat")
    #expect(broken.doubts.count == 1 && broken.doubts[0].contains("is no JSON object"))
  }
}
