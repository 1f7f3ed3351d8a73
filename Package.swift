// swift-tools-version: 6.2
import PackageDescription

/// Every own target is held to the same rules: the next language mode's checks, and no warning survives.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    .treatWarning("StrictLanguageFeatures", as: .error),
]

let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "landlord",
    products: [
        .executable(name: "landlord", targets: ["landlord"]),
        .executable(name: "landlord-supervisor", targets: ["landlord-supervisor"]),
        .library(name: "StatesLanguage", targets: ["StatesLanguage"]),
        .library(name: "LandlordEngine", targets: ["LandlordDomain", "LandlordEngine"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(
            name: "CTerminal",
            cSettings: [.define("_XOPEN_SOURCE_EXTENDED", to: "1"), .define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .target(name: "CProcess", cSettings: [.define("_GNU_SOURCE")]),
        .executableTarget(
            name: "landlord-supervisor",
            cSettings: [.define("_GNU_SOURCE")],
            // One supervisor for each container: without the Swift runtime, which it does not use, it needs under 1 MB.
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-executable"], .when(configuration: .release))]),

        .target(name: "StatesLanguage", swiftSettings: settings),
        .target(name: "LandlordDomain", dependencies: ["StatesLanguage"], swiftSettings: settings),
        .target(
            name: "LandlordEngine",
            dependencies: [
                "CProcess", "LandlordDomain", "StatesLanguage",
                asyncHTTPClient, crypto, grdb, lifecycle, logging, metrics, nioCore, nioHTTP1, nioPosix, nioSSL, yams,
            ],
            resources: [.embedInCode("Workflow/Definitions")],
            swiftSettings: settings),
        .target(
            name: "LandlordTUI",
            dependencies: ["CTerminal", "LandlordDomain", "LandlordEngine", "StatesLanguage"],
            swiftSettings: settings),
        .executableTarget(
            name: "landlord",
            dependencies: [
                "LandlordDomain", "LandlordEngine", "LandlordTUI", "StatesLanguage",
                argumentParser, lifecycle, logging,
            ],
            swiftSettings: settings),
        .target(
            name: "LandlordTestSupport",
            dependencies: [
                "LandlordDomain", "LandlordEngine", "LandlordTUI", "StatesLanguage", logging, nioCore, nioHTTP1,
                nioPosix, nioSSL,
            ],
            swiftSettings: settings),

        .testTarget(
            name: "StatesLanguageTests", dependencies: ["StatesLanguage", crypto], exclude: ["Conformance/Cases"],
            swiftSettings: settings),
        .testTarget(
            name: "LandlordDomainTests",
            dependencies: ["LandlordDomain", "LandlordTestSupport", "StatesLanguage"],
            swiftSettings: settings),
        .target(
            name: "CFaultyDisk", path: "Tests/CFaultyDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
        .testTarget(
            name: "LandlordEngineTests",
            dependencies: [
                "CFaultyDisk", "LandlordDomain", "LandlordEngine", "LandlordTestSupport", "StatesLanguage", grdb,
                lifecycle, logging, nioSSL,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LandlordTUITests",
            dependencies: [
                "LandlordDomain", "LandlordEngine", "LandlordTUI", "LandlordTestSupport", "StatesLanguage", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LandlordCommandTests",
            dependencies: ["LandlordDomain", "LandlordEngine", "LandlordTestSupport", "StatesLanguage", "landlord"],
            swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ]
)
