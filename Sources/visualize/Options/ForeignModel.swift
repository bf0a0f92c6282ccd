import Foundation

/// A file of another program's network, with what makes an ONNX file of it.
struct ForeignModelError: Error, CustomStringConvertible {
  let file: String
  private let kind: (name: String, lines: String)

  /// Recognizes a file by its name; nil: it may be an ONNX file.
  init?(_ file: String) {
    let suffix = URL(filePath: file).pathExtension.lowercased()
    let name = URL(filePath: file).lastPathComponent
    let stem = URL(filePath: file).deletingPathExtension().lastPathComponent
    guard let kind = Self.kind(suffix, name: name, output: "\(stem).onnx") else { return nil }
    (self.file, self.kind) = (file, kind)
  }

  var description: String {
    "\(file) is \(kind.name), and not ONNX. In Python, this exports it:\n\n"
      + kind.lines.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n") + "\n"
  }

  private static func kind(
    _ suffix: String, name: String, output: String
  ) -> (name: String, lines: String)? {
    switch suffix {
    case "pt", "pth", "ckpt", "t7":
      return (
        "a file of PyTorch's (weights, or a whole module)",
        """
        import torch; model = MyNetwork(); model.load_state_dict(torch.load("\(name)")); model.eval()
        open_axes = ({0: torch.export.Dim.AUTO, 2: torch.export.Dim.AUTO, 3: torch.export.Dim.AUTO},)
        torch.onnx.export(model, (torch.rand(1, 3, 224, 224),), "\(output)", dynamo=True, dynamic_shapes=open_axes)
        # of Ultralytics: from ultralytics import YOLO; YOLO("\(name)").export(format="onnx")
        """
      )
    case "safetensors", "bin":
      return (
        "the weights of a network without the network",
        """
        # of transformers, with config.json in the same folder (pip install "optimum[onnxruntime]"):
        from optimum.exporters.onnx import main_export
        main_export(".", output="onnx", task="image-classification")
        # of timm: timm.create_model("NAME", checkpoint_path="\(name)"), then torch.onnx.export as for PyTorch
        """
      )
    case "h5", "hdf5", "keras":
      return (
        "a file of Keras'",
        """
        import keras
        model = keras.saving.load_model("\(name)")
        signature = [keras.InputSpec(shape=model.input_shape, dtype="float32")]
        model.export("\(output)", format="onnx", input_signature=signature)
        """
      )
    case "pb", "savedmodel":
      return (
        "a file of TensorFlow's",
        "# pip install tf2onnx\npython -m tf2onnx.convert --saved-model FOLDER --output \(output)"
      )
    case "tflite", "lite":
      return (
        "a file of TensorFlow Lite's",
        "# pip install tf2onnx\npython -m tf2onnx.convert --tflite \(name) --output \(output)"
      )
    case "pdmodel", "pdiparams":
      return (
        "a file of Paddle's",
        """
        # pip install paddle2onnx
        paddle2onnx --model_dir . --model_filename MODEL.pdmodel --params_filename MODEL.pdiparams \\
          --save_file \(output)
        """
      )
    default: return nil
    }
  }
}
