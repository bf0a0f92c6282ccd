// swift-tools-version: 6.2
import PackageDescription

// `swift run` and `swift test` build the debug configuration. It is optimized too, so that what people
// type is fast; a package that depends on this one may not pass unsafe flags and goes without.
let isRoot = !Context.packageDirectory.contains("/checkouts/")

let swiftSettings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
  + (isRoot ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : [])

let cSettings: [CSetting] =
  isRoot ? [.unsafeFlags(["-O3", "-Wall", "-Werror"])] : []

/// A Swift target of this package, with the settings they all share.
func target(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
    swiftSettings: swiftSettings)
}

let package = Package(
  name: "visualize",
  platforms: [.macOS(.v15)],
  products: [
    .library(
      name: "FeatureVisualization",
      targets: ["FeatureVisualization"]),
    // Snippets are linked with what is in a library.
    .library(
      name: "Backpropagation",
      targets: ["Backpropagation"]),
    .executable(name: "visualize", targets: ["visualize"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // MARK: C
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .target(name: "CKernels", cSettings: cSettings),

    // MARK: The engine
    target("Contracts", []),
    target("Memory", []),
    target("Files", []),
    target("Tensors", ["CKernels", "Contracts", "Memory"]),
    target("Autodiff", ["Contracts", "Tensors"]),
    .target(
      name: "ONNX",
      dependencies: [
        "Files", "Memory", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["onnx.proto"], swiftSettings: swiftSettings),
    target("Blocks", ["CKernels", "Contracts", "Memory", "Tensors"]),
    target(
      "Graphs",
      [
        "CKernels", "Files", "Memory", "Tensors", "Autodiff", "Blocks", "ONNX",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    target("Plans", ["CKernels", "Memory", "Tensors", "Autodiff", "Blocks", "Graphs"]),
    target("Networks", ["Files", "Memory", "Tensors", "ONNX", "Blocks", "Graphs", "Plans"]),
    target("Objectives", ["Contracts", "Tensors", "Autodiff", "Networks"]),
    target("Optimizers", ["Tensors", "CKernels"]),
    target("Modules", ["Tensors", "Optimizers"]),

    // MARK: Pictures
    target("Imaging", ["CPNG", "Contracts", "Files", "Memory", "Tensors"]),
    target("Visualization", ["Tensors", "Autodiff", "Networks", "Objectives", "Optimizers"]),
    target(
      "Training",
      ["CKernels", "Files", "Memory", "Tensors", "ONNX", "Blocks", "Optimizers", "Imaging"]),
    target(
      "Attribution",
      ["Contracts", "Memory", "Tensors", "Autodiff", "Blocks", "Networks", "Objectives"]),
    target("Verification", ["Tensors", "ONNX", "Networks", "Objectives", "Attribution"]),
    target(
      "Portraits",
      [
        "Files", "Memory", "Tensors", "Networks", "Objectives", "Optimizers", "Visualization",
        "Imaging",
      ]),
    target(
      "Galleries",
      [
        "Files", "Memory", "Tensors", "Networks", "Visualization", "Imaging", "Portraits",
        .product(name: "Yams", package: "Yams"),
      ]),
    target("Backpropagation", ["Tensors", "Autodiff", "Optimizers", "Modules", "Training"]),
    target(
      "FeatureVisualization",
      [
        "Memory", "Tensors", "Autodiff", "Graphs", "Plans", "Networks", "Objectives", "Optimizers",
        "Imaging", "Visualization", "Attribution", "Portraits",
      ]),
    .executableTarget(
      name: "visualize",
      dependencies: [
        "Memory", "Tensors", "Autodiff", "Blocks", "CKernels", "Files", "Networks", "Objectives",
        "Imaging", "Visualization", "Training", "Attribution", "Portraits", "Galleries",
        "Verification",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    // MARK: Tests
    .target(name: "TestSupport", path: "Tests/Support", swiftSettings: swiftSettings),
    tests("Memory", ["TestSupport"]),
    tests("Files", ["TestSupport"]),
    tests("Tensors"),
    tests("Autodiff", ["Tensors"]),
    tests("ONNX", ["Memory", "TestSupport"]),
    tests(
      "Networks",
      [
        "Memory", "Tensors", "Autodiff", "ONNX", "CKernels", "Blocks", "Graphs", "Plans",
        "Verification", "TestSupport",
      ]),
    tests("Objectives", ["Tensors", "Autodiff", "Networks"]),
    tests("Optimizers", ["Tensors"]),
    tests("Modules", ["Tensors", "Autodiff", "Optimizers"]),
    tests("Imaging", ["Files", "Tensors", "TestSupport"]),
    tests(
      "Visualization",
      [
        "Tensors", "Autodiff", "Networks", "Objectives", "Optimizers", "Verification",
        "TestSupport",
      ]),
    tests(
      "Training",
      [
        "CKernels", "Tensors", "ONNX", "Blocks", "Networks", "Imaging", "Optimizers",
        "TestSupport",
      ]),
    tests("Attribution", ["Tensors", "Autodiff", "Networks", "Objectives"]),
    tests("FeatureVisualization"),
    tests("Verification", ["Tensors", "Networks", "Objectives", "Attribution", "TestSupport"]),
    tests("Portraits", ["Tensors", "Networks", "Visualization", "Imaging", "TestSupport"]),
    tests(
      "Galleries",
      [
        "Files", "Memory", "Tensors", "Networks", "Visualization", "Imaging", "Portraits",
        "TestSupport",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["visualize", "Attribution", "Imaging", "Memory", "ONNX", "TestSupport"],
      swiftSettings: swiftSettings),
  ]
)

// The fuzzer's `main` is libFuzzer's, which `swift build --sanitize fuzzer` alone brings along.
if Context.environment["VISUALIZE_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz", dependencies: ["Memory", "Tensors", "ONNX", "Blocks", "Networks"],
      path: "Tests/Fuzzing",
      exclude: ["Corpus", "Regressions"],
      swiftSettings: swiftSettings + [.unsafeFlags(["-parse-as-library"])]))
}
