import Testing

extension Rule {
    /// Every wall.
    static let all = walls + words + shape
}

@Suite struct TidyTests {
    @Test(arguments: Rule.all) func `the sources keep every rule`(_ rule: Rule) {
        for breach in Project.files.flatMap(rule.breaches(in:)) {
            Issue.record("\(breach)")
        }
    }

    @Test func `the sources were found`() {
        #expect(Project.paths.contains("Package.swift"))
        #expect(Project.files.count { $0.path.hasPrefix("Sources/") && $0.isSwift } > 3)
    }

    @Test func `no copy of a file is left behind`() {
        let copies = Project.paths.filter { path in
            [".bak", ".orig", ".rej", ".swp", "~"].contains(where: path.hasSuffix)
        }
        #expect(copies.isEmpty, "delete them; the history remembers")
    }

    @Test func `every source folder has a row in the table of imports`() {
        let missing = Project.files.filter { $0.isSwift && ImportTable.allowed(for: $0.path) == nil }
            .filter { !$0.path.hasPrefix("Benchmarks/") }
        #expect(missing.map(\.path).isEmpty, "add a row to Tests/TidyTests/ImportTable.swift")
    }

    @Test(arguments: Plant.all) func `a planted breach is found where it stands`(_ plant: Plant) {
        let found = Rule.all.flatMap { $0.breaches(in: plant.file) }
        let ours = found.filter { $0.reason.hasPrefix(plant.rule) }
        #expect(ours.map(\.line) == plant.lines, "\(plant.rule) in \(plant.file.path): \(found)")
    }

    @Test func `every rule has a planted breach`() {
        let planted = Set(Plant.all.filter { !$0.lines.isEmpty }.map(\.rule))
        #expect(Set(Rule.all.map(\.name)).subtracting(planted).isEmpty)
        #expect(planted.subtracting(Rule.all.map(\.name)).isEmpty)
    }
}

@Suite struct MaskTests {
    @Test(arguments: [
        ("let a = \"x // y\" // z", "let a =             ", "         x // y     "),
        ("f(\"a \\(g(\"b\")) c\")", "f(     g(   )    )", "   a       b    c "),
        ("a /* b /* c */ d */ e", "a                   e", "                     "),
        ("#\"a \"b\" \\(c)\"#", "               ", "  a \"b\" \\(c)  "),
        ("func `it's \"x\"`()", "func __________()", "                 "),
        ("\"\" + \"\\\"\"", "   +     ", "         "),
    ])
    func `code and texts are told apart`(source: String, code: String, literals: String) {
        let masks = Masks(Array(source.utf8))
        #expect(trimmed(masks.code) == trimmed(Array(code.utf8)))
        #expect(trimmed(masks.literals) == trimmed(Array(literals.utf8)))
        #expect(masks.code.count == source.utf8.count)
    }

    @Test func `a text over several lines keeps its lines`() {
        let file = SourceFile(
            path: "Sources/X/A.swift", text: "let a = \"\"\"\n    print(\"x\")\n    \"\"\"\nlet b = 1\n")
        #expect(file.lines(of: ["print("], in: \.code).isEmpty)
        #expect(file.lines(of: ["print("], in: \.literals) == [2])
        #expect(file.lines(of: ["b"], in: \.code) == [4])
        #expect(file.lineCount == 4)
    }

    @Test func `a function is measured from its name to its last brace`() {
        let text = """
            protocol P {
                func a()
                func b(x: () -> Void = { })
            }
            struct S {
                init(
                    a: Int
                ) {
                    self.init()
                }
                func c<T>(_ t: T) where T: Sendable
                {
                    if true { x() }
                }
            }
            """
        let functions = Functions(in: SourceFile(path: "Sources/X/A.swift", text: text))
        #expect(functions.map(\.line) == [6, 11])
        #expect(functions.map(\.lineCount) == [5, 4])
    }

    private func trimmed(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: " ").map(String.init)
    }
}
