// swift-tools-version: 6.2
import PackageDescription

// What `make fuzz` runs. A package of its own, so that the program never builds it. Each target is one function that
// libFuzzer calls with bytes, in a library to which `scripts/fuzz` links the `main` of libFuzzer.

let targets = ["DefinitionFuzz", "IntrinsicFuzz", "JSONFuzz", "JSONataFuzz", "PathFuzz"]
let settings: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
let language = Target.Dependency.product(name: "StatesLanguage", package: "landlord")

let package = Package(
    name: "landlord-fuzz",
    products: targets.map { .library(name: $0, type: .static, targets: [$0]) },
    dependencies: [.package(name: "landlord", path: "..")],
    targets: [.target(name: "FuzzSupport", dependencies: [language], swiftSettings: settings)]
        + targets.map { .target(name: $0, dependencies: ["FuzzSupport", language], swiftSettings: settings) }
)
