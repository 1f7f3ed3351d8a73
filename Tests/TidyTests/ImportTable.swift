/// Who may import whom: the one table that keeps the rooms apart.
///
/// The longest folder that a file lies under decides. To add a module, change the row in the same commit and say
/// why. The compiler does not keep these walls: an undeclared import of a package that another one needs builds all
/// the same.
enum ImportTable {
    /// What a folder may import; what is not named here is refused.
    static let rows: [String: Set<String>] = [
        // The ground floor is pure: the C library's mathematics, nothing else.
        "Sources/StatesLanguage": ["Glibc"],
        "Sources/LandlordDomain": ["StatesLanguage"],

        "Sources/LandlordEngine": engine,
        "Sources/LandlordEngine/Storage": engine.union(["GRDB", "GRDBSQLite"]),
        // The logs of runs are chained by digests, which are made for every step.
        "Sources/LandlordEngine/Storage/Workflow": engine.union(["Crypto"]),
        "Sources/LandlordEngine/Configuration": engine.union(["Yams"]),
        "Sources/LandlordEngine/Callbacks": engine.union(http),
        "Sources/LandlordEngine/Compute/Providers": engine.union(http),
        "Sources/LandlordEngine/Compute/Providers/Process": engine.union(http).union(["CProcess"]),
        "Sources/LandlordEngine/Workflow/Providers": engine.union(http),

        "Sources/LandlordTUI": pureConsole,
        "Sources/LandlordTUI/App": console,
        // The effect runner: the one part of the console that calls the engine's services.
        "Sources/LandlordTUI/Engine": console,
        "Sources/LandlordTUI/Terminal": console.union(["CTerminal"]),
        "Sources/LandlordTUI/Themes": console,

        "Sources/landlord": engine.union(["ArgumentParser", "LandlordEngine", "LandlordTUI"]),
        // A receiver of webhooks that answers as a test says is a server of the same network library.
        "Sources/LandlordTestSupport": console.union([
            "LandlordTUI", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "Testing",
        ]),

        "Tests/StatesLanguageTests": tests.union(["Crypto"]),
        "Tests/LandlordDomainTests": tests.union(["LandlordDomain", "LandlordTestSupport"]),
        "Tests/LandlordEngineTests": tests.union(engine).union(["GRDB", "LandlordEngine", "LandlordTestSupport"]),
        "Tests/LandlordEngineTests/Storage/Disk": tests.union([
            "CFaultyDisk", "GRDB", "LandlordEngine", "LandlordTestSupport",
        ]),
        // Which certificates the deliverer trusts is said in the words of the TLS library.
        "Tests/LandlordEngineTests/Callbacks": tests.union(engine).union([
            "LandlordEngine", "LandlordTestSupport", "NIOSSL",
        ]),
        "Tests/LandlordTUITests": tests.union(["LandlordDomain", "LandlordTestSupport", "LandlordTUI"]),
        // The console on a real engine.
        "Tests/LandlordTUITests/Engine": tests.union(console).union(["LandlordTestSupport", "LandlordTUI"]),
        "Tests/LandlordCommandTests": tests.union(engine).union([
            "ArgumentParser", "LandlordEngine", "LandlordTUI", "LandlordTestSupport", "landlord",
        ]),
        "Tests/TidyTests": ["Foundation", "Glibc", "Testing"],
        "Package.swift": ["PackageDescription"],

        // Outside the program: it may measure what it wants, the C API of SQLite among it.
        "Benchmarks/Sources": engine.union(http).union(["CSQLite", "LandlordEngine"]),
        "Benchmarks/Package.swift": ["PackageDescription"],

        // What is fuzzed is the language alone.
        "Fuzz/Sources": ["FuzzSupport", "StatesLanguage"],
        "Fuzz/Package.swift": ["PackageDescription"],
    ]

    /// Folders of the console whose files decide and draw, and so know no engine, in the words of the table.
    private static let pureConsole: Set<String> = ["LandlordDomain", "StatesLanguage"]

    private static let console: Set<String> = [
        "Dispatch", "Foundation", "Glibc", "LandlordDomain", "LandlordEngine", "Logging", "ServiceLifecycle",
        "StatesLanguage", "Synchronization",
    ]

    private static let engine: Set<String> = [
        "Dispatch", "Foundation", "Glibc", "LandlordDomain", "Logging", "Metrics", "ServiceLifecycle", "StatesLanguage",
        "Synchronization",
    ]

    private static let http: Set<String> = [
        "AsyncHTTPClient", "Crypto", "NIOCore", "NIOFoundationCompat", "NIOHTTP1", "NIOPosix", "NIOSSL",
    ]

    private static let tests: Set<String> = ["Foundation", "Glibc", "StatesLanguage", "Synchronization", "Testing"]

    /// Files that decide inside a folder whose other files act: they are held to the pure console's row.
    private static let pureFiles = ["Sources/LandlordTUI/App/Model", "Sources/LandlordTUI/App/Update"]

    /// The modules that a file may import, or nil where no row speaks of it.
    static func allowed(for path: String) -> Set<String>? {
        if pureFiles.contains(where: path.hasPrefix) { return pureConsole }
        let row = rows.filter { path == $0.key || path.hasPrefix($0.key + "/") }.max { $0.key.count < $1.key.count }
        return row?.value
    }

    /// The module that a line of code imports, or nil.
    static func module(importedBy line: String) -> String? {
        var words = line.split(separator: " ").map(String.init)
        let modifiers: Set<String> = [
            "public", "package", "internal", "fileprivate", "private", "@testable", "@preconcurrency", "@_exported",
            "@_implementationOnly",
        ]
        while let first = words.first, modifiers.contains(first) { words.removeFirst() }
        guard words.first == "import", words.count > 1 else { return nil }
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]
        let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
        return name.split(separator: ".").first.map(String.init)
    }

    /// The lines whose import the table does not allow.
    static func lines(in file: SourceFile) -> [Int] {
        file.lines(of: ["import"], in: \.code).filter { line in
            guard let module = module(importedBy: file.text(ofLine: line, in: \.code)) else { return false }
            guard let allowed = allowed(for: file.path) else { return true }
            return !allowed.contains(module)
        }
    }
}
