import Microscope
import Testing

@Suite struct ModelTitleTests {
  @Test(arguments: [
    (["resnet.onnx"], ["resnet.onnx"]),
    (["a/m.onnx", "b/m.onnx"], ["a/m.onnx", "b/m.onnx"]),
    (
      ["old/a/m.onnx", "new/a/m.onnx", "new/a/n.onnx"], ["old/a/m.onnx", "new/a/m.onnx", "n.onnx"]
    ),
    (["x/m.onnx", "y/n.onnx", "z/n.onnx"], ["m.onnx", "y/n.onnx", "z/n.onnx"]),
    (["m.onnx", "./m.onnx", "m.onnx"], ["m.onnx", "m.onnx (2)", "m.onnx (3)"]),
    (["/m.onnx", "/a/m.onnx"], ["m.onnx", "a/m.onnx"]),
  ])
  func namesakesAreToldApart(files: [String], titles: [String]) {
    #expect(ModelTitles(ofFilesAt: files).titles == titles)
  }
}
