// swift-tools-version: 6.2
import PackageDescription

// `swift run` and `swift test` build the debug configuration. What computes is optimized there too, so that what
// people type is fast; what only arranges is not, and builds sooner. A package that depends on this one may not pass
// unsafe flags and goes without.
let isRoot = !Context.packageDirectory.contains("/checkouts/")

let plainSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let swiftSettings =
  plainSettings + (isRoot ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : [])

/// For targets of few files, which cost more to compile in two pieces than in one.
let smallSettings =
  swiftSettings
  + (isRoot ? [.unsafeFlags(["-driver-batch-count", "1"], .when(configuration: .debug))] : [])

let cSettings: [CSetting] =
  isRoot ? [.unsafeFlags(["-O3", "-Wall", "-Werror"])] : []

/// A Swift target of this package, with the settings that most share.
func target(
  _ name: String, _ dependencies: [Target.Dependency],
  _ swiftSettings: [SwiftSetting] = swiftSettings
) -> Target {
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
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // MARK: C
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CFreeType", pkgConfig: "freetype2",
      providers: [.apt(["libfreetype-dev"]), .brew(["freetype"])]),
    .target(
      name: "CTypefaces",
      exclude: ["Inter-Regular.otf", "Inter-SemiBold.otf", "OFL.txt", "README.md"],
      cSettings: cSettings),
    .target(
      name: "CPages",
      exclude: ["gallery.css", "gallery.js", "photograph.js", "script.js", "style.css", "unit.js"],
      cSettings: cSettings),
    .target(name: "CKernels", cSettings: cSettings),

    // MARK: The engine
    target("Contracts", [], smallSettings),
    target("Memory", [], smallSettings),
    target("Files", [], smallSettings),
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
    target("Exactness", ["Memory", "Tensors", "Autodiff", "Blocks", "Graphs"]),
    target("Networks", ["Files", "Memory", "Tensors", "ONNX", "Blocks", "Graphs", "Plans"]),
    target("Objectives", ["Contracts", "Tensors", "Autodiff", "Networks"], smallSettings),
    target("Optimizers", ["Tensors", "CKernels"], smallSettings),
    target("Modules", ["Tensors", "Optimizers"], smallSettings),

    // MARK: Pictures
    target(
      "Imaging", ["CFreeType", "CPNG", "CTypefaces", "Contracts", "Files", "Memory", "Tensors"]),
    target(
      "Visualization", ["CKernels", "Tensors", "Autodiff", "Networks", "Objectives", "Optimizers"]),
    target(
      "Training",
      ["CKernels", "Files", "Memory", "Tensors", "ONNX", "Blocks", "Optimizers", "Imaging"]),
    target(
      "Attribution",
      ["Contracts", "Memory", "Tensors", "Autodiff", "Blocks", "Networks", "Objectives"]),
    target(
      "Faithfulness", ["Tensors", "Autodiff", "Networks", "Objectives", "Imaging", "Attribution"]),
    target(
      "Verification",
      [
        "Tensors", "ONNX", "Blocks", "Graphs", "Plans", "Exactness", "Networks", "Objectives",
        "Attribution", "Faithfulness",
      ], plainSettings),
    target(
      "Portraits",
      [
        "Files", "Memory", "Tensors", "Networks", "Objectives", "Optimizers", "Visualization",
        "Imaging",
      ],
      plainSettings),
    target(
      "Explanations",
      [
        "Tensors", "Networks", "Objectives", "Visualization", "Imaging", "Attribution", "Portraits",
      ]),
    target(
      "Galleries",
      [
        "CPages", "Files", "Memory", "Tensors", "Networks", "Visualization", "Imaging",
        "Attribution",
        "Portraits", "Explanations",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "Server", dependencies: [.product(name: "FlyingSocks", package: "FlyingFox")],
      swiftSettings: plainSettings),
    target(
      "Microscope",
      [
        "Files", "Memory", "Tensors", "Graphs", "Plans", "Networks", "Objectives",
        "Visualization", "Imaging", "Attribution", "Portraits", "Explanations", "Galleries",
        "Server",
      ]),
    target(
      "Backpropagation", ["Tensors", "Autodiff", "Optimizers", "Modules", "Training"], plainSettings
    ),
    target(
      "FeatureVisualization",
      [
        "Memory", "Tensors", "Autodiff", "Graphs", "Plans", "Networks", "Objectives", "Optimizers",
        "Imaging",
        "Visualization", "Attribution", "Faithfulness", "Portraits", "Explanations",
      ], plainSettings),
    .executableTarget(
      name: "visualize",
      dependencies: [
        "Memory", "Tensors", "Autodiff", "Blocks", "CKernels", "Files", "Networks", "Objectives",
        "Imaging",
        "Visualization", "Training", "Attribution", "Faithfulness", "Portraits", "Explanations",
        "Galleries", "Server", "Microscope", "Exactness", "Verification",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: plainSettings),

    // MARK: Tests
    .target(
      name: "TestSupport", dependencies: ["Tensors", "Networks"], path: "Tests/Support",
      swiftSettings: swiftSettings),
    tests("Memory", ["TestSupport"]),
    tests("Files", ["TestSupport"]),
    tests("Tensors"),
    tests("Autodiff", ["Tensors"]),
    tests("ONNX", ["Memory", "TestSupport"]),
    tests(
      "Networks",
      [
        "Memory", "Tensors", "Autodiff", "ONNX", "CKernels", "Blocks", "Graphs", "Plans",
        "Exactness", "Verification", "TestSupport",
      ]),
    tests("Objectives", ["Tensors", "Autodiff", "Networks", "TestSupport"]),
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
    tests(
      "Attribution", ["Tensors", "Autodiff", "Graphs", "Networks", "Objectives", "TestSupport"]),
    tests(
      "Faithfulness",
      [
        "Tensors", "Autodiff", "Networks", "Objectives", "Imaging", "Attribution", "Graphs",
        "Verification", "TestSupport",
      ]),
    tests("FeatureVisualization"),
    tests(
      "Verification",
      [
        "Tensors", "Graphs", "Exactness", "Networks", "Objectives", "Attribution", "TestSupport",
      ]),
    tests(
      "Portraits",
      [
        "Tensors", "Graphs", "Networks", "Objectives", "Visualization", "Imaging", "Explanations",
        "Memory", "TestSupport",
      ]),
    tests(
      "Explanations",
      [
        "Tensors", "Networks", "Objectives", "Visualization", "Imaging", "Attribution", "Portraits",
        "TestSupport",
      ]),
    tests(
      "Galleries",
      [
        "Files", "Memory", "Tensors", "Networks", "Visualization", "Imaging", "Portraits",
        "TestSupport",
      ]),
    tests("Server", ["TestSupport"]),
    tests(
      "Microscope",
      [
        "Tensors", "Graphs", "Networks", "Imaging", "Portraits", "Server", "TestSupport",
      ]),
    .testTarget(
      name: "ValueTests",
      dependencies: ["Tensors", "Autodiff", "Graphs", "Networks", "Objectives", "Attribution"],
      swiftSettings: swiftSettings),
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
      name: "fuzz", dependencies: ["Memory", "Tensors", "ONNX", "Blocks", "Graphs", "Networks"],
      path: "Tests/Fuzzing",
      exclude: ["Corpus", "Regressions"],
      swiftSettings: swiftSettings + [.unsafeFlags(["-parse-as-library"])]))
}
