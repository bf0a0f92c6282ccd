// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Library",
  platforms: [.macOS(.v15)],
  dependencies: [.package(path: "visualize")],
  targets: [
    .executableTarget(
      name: "Library",
      dependencies: [.product(name: "FeatureVisualization", package: "visualize")])
  ]
)
