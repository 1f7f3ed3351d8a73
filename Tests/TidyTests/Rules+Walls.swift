extension Rule {
    /// Which room may know which.
    static let walls: [Rule] = [
        Rule(
            "a folder imports only what its row allows",
            because: "Tests/TidyTests/ImportTable.swift is the plan of the house; change the row in the same commit",
            in: { $0.isSwift }, find: ImportTable.lines(in:)),
        Rule(
            "only CTerminal includes curses",
            because: "curses is all macros and globals: our twenty functions are the only door to it",
            in: { ($0.path.hasSuffix(".c") || $0.path.hasSuffix(".h")) && !$0.isUnder("Sources/CTerminal") }
        ) { $0.lines(of: ["curses.h", "ncurses.h", "ncursesw"], in: \.bytes) },
        Rule(
            "SQL stands only in Storage",
            because: "repositories are the only place that knows the schema",
            in: { $0.isSwift && $0.isUnder("Sources") && !$0.isUnder("Sources/LandlordEngine/Storage") }
        ) {
            $0.lines(
                of: [
                    "SELECT ", "INSERT INTO", "INSERT OR", "DELETE FROM", "UPDATE ", "CREATE TABLE", "CREATE INDEX",
                    "DROP TABLE", "ALTER TABLE", "PRAGMA ", "BEGIN IMMEDIATE", "ORDER BY",
                ], in: \.literals)
        },
        .words(
            "WorkflowProvider", "WorkflowManager", "WorkflowRegistry", "WorkflowRepository", "ComputeWorkflowClient",
            "CallbackDeliverer", "Reconciler", "ReconcileQueue", "TenantService", "TenantRepository",
            name: "compute knows neither workflows nor the reconciler",
            because: "compute writes an outbox row; who reads it is not its business",
            in: { $0.isSwift && $0.isUnder("Sources/LandlordEngine/Compute") }),
        .words(
            "ComputeManager", "ComputeRegistry", "ComputeExecutionRepository", "CallbackDeliverer",
            name: "the reconciler knows tenants and workflows only",
            because: "of compute it may ask one thing, the live status in bulk, through a port of its own",
            in: { $0.isSwift && $0.isUnder("Sources/LandlordEngine/Reconciliation") }),
        Rule(
            "only the assembly names a driver of Storage",
            because: "every other room speaks to a port, so that a second database needs no second engine",
            in: {
                $0.isSwift && $0.isUnder("Sources/LandlordEngine", "Sources/LandlordTUI")
                    && !$0.isUnder("Sources/LandlordEngine/Storage", "Sources/LandlordEngine/EngineAssembly.swift")
            }
        ) { $0.lines(of: ["DatabasePool", "DatabaseQueue", "SQLiteDatabase", "SQLiteDriver"], in: \.code) },
        Rule(
            "a rule of the domain never waits",
            because: "decisions are synchronous functions of values, so that a replay agrees",
            in: { $0.isSwift && $0.isUnder("Sources/StatesLanguage", "Sources/LandlordDomain") }
        ) { $0.lines(of: ["await", "async", "Task {", "MainActor"], in: \.code) },
        Rule(
            "time, chance and identifiers are passed in",
            because: "a decision that reads the clock or rolls dice cannot be replayed or tested",
            in: { $0.isSwift && $0.isUnder("Sources/StatesLanguage", "Sources/LandlordDomain") },
            find: chances(in:)),
    ]

    private static func chances(in file: SourceFile) -> [Int] {
        let named = file.lines(
            of: [
                "Date()", "UUID()", "ContinuousClock", "SuspendingClock", "clock_gettime", "time(nil)",
                "SystemRandomNumberGenerator", "shuffled()", "randomElement()",
            ], in: \.code)
        let members = [".now", ".random"].flatMap { SourceFile.offsets(of: $0, in: file.code) }
        return Set(named + members.filter { isOfType($0, in: file.code) }.map(file.line(at:))).sorted()
    }

    /// True for `Date.now` and a bare `.now`; `stamp.now` was passed in.
    private static func isOfType(_ dot: Int, in code: [UInt8]) -> Bool {
        guard dot > 0, SourceFile.isNamePart(code[dot - 1]) || ")]?!".utf8.contains(code[dot - 1]) else { return true }
        var start = dot
        while start > 0, SourceFile.isNamePart(code[start - 1]) { start -= 1 }
        return start < dot && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(code[start])
    }
}
