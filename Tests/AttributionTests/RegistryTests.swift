import Attribution
import Testing

@Suite struct RegistryTests {
  @Test("every name is there once, and finds its method")
  func names() throws {
    let names = RegisteredMethod.all.map(\.name)
    #expect(Set(names).count == names.count)
    for method in RegisteredMethod.all {
      #expect(try RegisteredMethod.named(method.name).summary == method.summary)
      #expect(!method.summary.isEmpty && method.name == method.name.lowercased())
    }
  }

  @Test("a name that nobody has is an error with those most like it")
  func unknown() {
    let error = #expect(throws: AttributionError.self) { try RegisteredMethod.named("gradcam") }
    #expect(error?.description.contains("did you mean grad-cam") == true)
    let other = #expect(throws: AttributionError.self) { try RegisteredMethod.named("zzzzzzzzz") }
    #expect(other?.description.contains("there are gradient, saliency") == true)
  }

  @Test(
    "which methods make maps of several layers into one, and which weigh channels by means over places"
  )
  func properties() {
    let fusing = RegisteredMethod.all.filter(\.fusesLayers).map(\.name)
    #expect(
      fusing == [
        "guided-grad-cam", "grad-cam", "grad-cam++", "hires-cam", "xgrad-cam", "layer-cam",
        "elementwise-grad-cam",
        "score-cam", "ablation-cam", "shapley-cam", "finer-cam", "eigen-cam", "eigen-grad-cam",
        "seg-eigen-cam", "kpca-cam", "fem",
      ])
    #expect(
      RegisteredMethod.all.filter(\.weighsByMeans).map(\.name) == [
        "guided-grad-cam", "grad-cam", "grad-cam++", "xgrad-cam", "shapley-cam", "finer-cam",
      ])
  }

  @Test("what is said reaches the method")
  func settings() throws {
    let gradCAM = try RegisteredMethod.named("grad-cam").method(.init(layers: ["b"])) as? GradCAM
    #expect(gradCAM?.layer == "b")
    let smoothGrad = try RegisteredMethod.named("smoothgrad").method(.init(seed: 9)) as? SmoothGrad
    #expect(smoothGrad?.seed == 9)
    let occlusion =
      try RegisteredMethod.named("occlusion").method(.init(window: 15, stride: 8)) as? Occlusion
    #expect(occlusion?.window == .init(height: 15, width: 15))
    #expect(occlusion?.stride == .init(height: 8, width: 8))
  }
}
