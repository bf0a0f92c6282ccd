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
    "\(file) is not ONNX but \(kind.name). \(kind.lines.contains("import ") ? "In Python, this" : "This") exports it:\n\n"
      + kind.lines.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n") + "\n"
  }

  private static func kind(
    _ suffix: String, name: String, output: String
  ) -> (name: String, lines: String)? {
    switch suffix {
    case "torchscript", "ts", "ptl":
      return (
        "a TorchScript file of PyTorch's",
        """
        import torch; model = torch.jit.load("\(name)", map_location="cpu").eval()
        torch.onnx.export(model, (torch.rand(1, 3, 224, 224),), "\(output)", dynamo=False, opset_version=17,
            input_names=["input"], dynamic_axes={"input": {0: "batch", 2: "height", 3: "width"}})
        # of Ultralytics, better from its .pt file: from ultralytics import YOLO; YOLO("FILE.pt").export(format="onnx")
        """
      )
    case "engine", "plan", "trt":
      return (
        "an engine of TensorRT's, made for one graphics card: nothing makes a network of it again",
        """
        # export what the engine was made of; of Ultralytics:
        from ultralytics import YOLO; YOLO("FILE.pt").export(format="onnx")
        # of PyTorch: torch.onnx.export(model, (torch.rand(1, 3, 224, 224),), "\(output)", dynamo=True)
        """
      )
    case "mlpackage":
      return (
        "a package of Core ML's, for which there is no way back to ONNX",
        """
        # export what the package was made of; of Ultralytics:
        from ultralytics import YOLO; YOLO("FILE.pt").export(format="onnx")
        # of PyTorch: torch.onnx.export(model, (torch.rand(1, 3, 224, 224),), "\(output)", dynamo=True)
        """
      )
    case "mlmodel":
      return (
        "a file of Core ML's",
        """
        # of the older kind, a neural network, and not of an ML program; later versions than these fail (Python 3.11):
        # pip install coremltools onnxmltools==1.11.2 onnx==1.14.1 onnxconverter-common==1.13.0 skl2onnx==1.15.0 "protobuf<4" "numpy<2"
        import coremltools, onnxmltools
        model = onnxmltools.convert_coreml(coremltools.utils.load_spec("\(name)"))
        onnxmltools.utils.save_model(model, "\(output)")
        """
      )
    case "ort":
      return (
        "a file in ONNX Runtime's own format, for which there is no way back",
        "# take the ONNX file that it was converted from: python -m onnxruntime.tools.convert_onnx_models_to_ort"
      )
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
    case "pb" where name != "saved_model.pb":
      return (
        "a frozen graph of TensorFlow's",
        """
        # pip install tf2onnx; INPUT and OUTPUT are the names of its tensors
        python -m tf2onnx.convert --graphdef \(name) --inputs INPUT:0 --outputs OUTPUT:0 --output \(output)
        """
      )
    case "pb", "savedmodel":
      return (
        "a file of TensorFlow's",
        """
        # pip install tf2onnx; FOLDER is the one that saved_model.pb stands in
        python -m tf2onnx.convert --saved-model FOLDER --output \(output)
        """
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
