import Testing

/// A file made up to break one rule, or to look as if it did.
struct Plant: Sendable, CustomTestStringConvertible {
    let rule: String
    let file: SourceFile
    /// The lines that must be found; none for a file that only looks like a breach.
    let lines: [Int]

    var testDescription: String { "\(rule) (\(file.path))" }

    init(_ rule: String, _ path: String, _ text: String, lines: Int...) {
        self.rule = rule
        file = SourceFile(path: path, text: text)
        self.lines = lines
    }

    static let all = walls + words + shape

    private static let engine = "Sources/LandlordEngine/Tenants/A.swift"
    private static let domain = "Sources/LandlordDomain/Tenants/A.swift"

    private static let walls = [
        Plant(
            "a folder imports only what its row allows", domain, "import StatesLanguage\nimport Foundation\n",
            lines: 2),
        Plant("a folder imports only what its row allows", engine, "\npublic import GRDB\n", lines: 2),
        Plant(
            "a folder imports only what its row allows", "Sources/LandlordEngine/Storage/A.swift",
            "import GRDB\n"),
        Plant("a folder imports only what its row allows", engine, "import struct Yams.Mark\n", lines: 1),
        Plant("a folder imports only what its row allows", "Sources/Attic/A.swift", "import Glibc\n", lines: 1),
        Plant(
            "a folder imports only what its row allows", "Sources/LandlordTUI/Screens/A.swift",
            "import LandlordEngine\nimport LandlordDomain\n", lines: 1),
        Plant(
            "a folder imports only what its row allows", "Sources/LandlordTUI/App/Model.swift",
            "import LandlordEngine\n",
            lines: 1),
        Plant(
            "a folder imports only what its row allows", "Sources/LandlordTUI/App/Console.swift", "import CTerminal\n",
            lines: 1),
        Plant(
            "a folder imports only what its row allows", "Tests/LandlordDomainTests/A.swift",
            "@testable import landlord\n",
            lines: 1),
        Plant("only CTerminal includes curses", "Sources/CProcess/a.c", "#include <curses.h>\n", lines: 1),
        Plant("only CTerminal includes curses", "Sources/CTerminal/a.c", "#include <curses.h>\n"),
        Plant("SQL stands only in Storage", engine, "let a = 1\nlet q = \"SELECT * FROM a\"\n", lines: 2),
        Plant("SQL stands only in Storage", engine, "// SELECT nothing\nlet q = \"UPDATE_FAILED\"\n"),
        Plant("SQL stands only in Storage", "Sources/LandlordEngine/Storage/A.swift", "let q = \"SELECT 1\"\n"),
        Plant(
            "compute knows neither workflows nor the reconciler", "Sources/LandlordEngine/Compute/A.swift",
            "let a: any WorkflowProvider\n", lines: 1),
        Plant(
            "the reconciler knows tenants and workflows only", "Sources/LandlordEngine/Reconciliation/A.swift",
            "let a: ComputeManager\n", lines: 1),
        Plant("only the assembly names a driver of Storage", engine, "let a: DatabasePool\n", lines: 1),
        Plant(
            "only the assembly names a driver of Storage", "Sources/LandlordEngine/EngineAssembly.swift",
            "let a: DatabasePool\n"),
        Plant("a rule of the domain never waits", domain, "func a() async {}\n", lines: 1),
        Plant("a rule of the domain never waits", domain, "// await nothing\nlet awaited = 1\n"),
        Plant(
            "time, chance and identifiers are passed in", domain,
            "let a = Date()\nlet b = Date.now\nf(.now)\nlet c = Int.random(in: d)\n", lines: 1, 2, 3, 4),
        Plant("time, chance and identifiers are passed in", domain, "let a = stamp.now\nlet b = c().now\n"),
        Plant("time, chance and identifiers are passed in", engine, "let a = Date()\n"),
    ]

    private static let words = [
        Plant("nothing crashes on purpose", engine, "let a = try! b()\nlet c = d as! E\n", lines: 1, 2),
        Plant("nothing crashes on purpose", engine, "let a = \"fatalError\" // as!\n"),
        Plant("the compiler checks every crossing", engine, "struct A: @unchecked Sendable {}\n", lines: 1),
        Plant("no work is detached", engine, "Task.detached { }\n", lines: 1),
        Plant(
            "no task is stored", engine,
            "var a: Task<Void, Never>?\nself.a = Task { }\nlet b: [Int: Task<Void, any Error>]\n", lines: 1, 2, 3),
        Plant("no task is stored", engine, "let a = Task { 1 }\nfunc b() -> Task<Void, Never> { c }\n"),
        Plant(
            "nobody sleeps on the wall clock", engine, "sleep(1)\nusleep(2)\ntry await Task.sleep(for: a)\n", lines: 1,
            2, 3),
        Plant(
            "nobody sleeps on the wall clock", engine, "try await clock.sleep(for: a)\nfunc sleep(until b: Int) {}\n"),
        Plant("a library never prints", engine, "print(1)\n", lines: 1),
        Plant("a library never prints", "Sources/landlord/A.swift", "print(1)\n"),
        Plant("a library never prints", engine, "let a = \"print(1)\" // print(2)\nfingerprint(3)\n"),
        Plant("a library never prints", engine, "let a = \"\\(print(1))\"\n", lines: 1),
        Plant("no work is left as a note", engine, "// FIX" + "ME: later\nlet a = 1 // TO" + "DO\n", lines: 1, 2),
        Plant("no work is left as a note", "scripts/a.sh", "mktemp -d a.XXXXXX\n"),
        Plant("the program has no past", engine, "// Kept for backward" + " compatibility.\n", lines: 1),
        Plant("a name says what the thing is", engine, "struct TenantHelp" + "er {}\nlet cf" + "g = 1\n", lines: 1, 2),
        Plant(
            "a name says what the thing is", "Sources/LandlordEngine/StringUt" + "ils.swift", "let a = 1\n", lines: 1),
        Plant("a name says what the thing is", engine, "Task(priority: .utility) {}\n"),
        Plant("no path of one machine", "docs/a.md", "see /ho" + "me/someone/x\n", lines: 1),
        Plant("no path of one machine", "docs/a.md", "see $PREFIX/../wo" + "rk/x and https://a.example/ho" + "me/b\n"),
        Plant("the sources speak of the product", "docs/a.md", "\nwritten by clau" + "de\n", lines: 2),
    ]

    private static let shape = [
        Plant("a file has at most 500 lines", engine, String(repeating: "\n", count: 501), lines: 501),
        Plant("a file has at most 500 lines", engine, String(repeating: "\n", count: 500)),
        Plant("a line has at most 120 characters", engine, String(repeating: "é", count: 121) + "\n", lines: 1),
        Plant("a line has at most 120 characters", engine, String(repeating: "é", count: 120) + "\n"),
        Plant(
            "a function has at most 70 lines", engine,
            "\nfunc a() {" + String(repeating: "\n", count: 70) + "}\n", lines: 2),
        Plant("a function has at most 70 lines", engine, "func a() {" + String(repeating: "\n", count: 69) + "}\n"),
        Plant(
            "what others may use is documented", engine, "public struct A {\n    package static let b = 1\n}\n",
            lines: 1, 2),
        Plant(
            "what others may use is documented", engine,
            "/// A thing.\n@frozen\npublic struct A {\n    /// A part.\n    public private(set) var b = 1\n}\n"),
        Plant("what others may use is documented", engine, "public import Logging\nlet a = \"public struct B\"\n"),
        Plant("losing an error is explained", engine, "let a = try? b()\n", lines: 1),
        Plant("losing an error is explained", engine, "let a = try? b(\"//\")\n", lines: 1),
        Plant(
            "losing an error is explained", engine,
            "// The file may be gone.\nlet a = try? b()\nlet c = try? d()  // So.\n"),
        Plant(
            "losing an error is explained", engine,
            "// Gone is gone.\nguard let a = try? b(),\n    let c = try? d()\nelse { return }\n"),
    ]
}
