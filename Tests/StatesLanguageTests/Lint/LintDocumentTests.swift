import StatesLanguage
import Testing

/// The document of the rules, kept true.
struct LintDocumentTests {
    private static let linter = Linter(options: .init(now: Timestamp(rfc3339: "2026-01-01T00:00:00Z")))

    @Test func `the document has every rule, and only those, in their order`() {
        let codes = LintRule.all.map(\.code)
        #expect(LintDocument.shared.entries.map(\.code) == codes)
        #expect(LintDocument.shared.listed == codes)
        #expect(Set(codes).count == codes.count)
        #expect(codes.count >= 50)
    }

    @Test(arguments: LintDocument.shared.entries)
    func `an entry says of its rule what the rule says of itself`(entry: LintDocument.Entry) throws {
        let rule = try #require(LintRule.all.first { $0.code == entry.code })
        #expect(entry.severity == rule.severity.rawValue)
        #expect(entry.title == rule.title + ".")
        #expect(entry.reason == rule.reason)
    }

    @Test(arguments: LintDocument.shared.entries)
    func `the bad example breaks the rule`(entry: LintDocument.Entry) throws {
        let findings = Self.linter.findings(in: entry.bad)
        let finding = try #require(
            findings.first { $0.code == entry.code }, "found \(findings.map { "\($0.code): \($0.message)" })")
        #expect(finding.severity.rawValue == entry.severity)
        #expect((finding.line ?? 0) >= 1 && (finding.column ?? 0) >= 1)
    }

    @Test(arguments: LintDocument.shared.entries)
    func `the good example does not break the rule, and has no error at all`(entry: LintDocument.Entry) {
        let findings = Self.linter.findings(in: entry.good)
        #expect(!findings.contains { $0.code == entry.code })
        #expect(findings.filter { $0.severity == .error }.map(\.message) == [])
    }

    @Test(arguments: LintDocument.shared.entries)
    func `what the linter calls an error is what cannot be compiled, or what only Step Functions can tell`(
        entry: LintDocument.Entry
    ) {
        // These are known from the services that Step Functions calls, which the library does not.
        let ofServices: Set = [
            "EXPRESS_PATTERN", "LABEL_CHARACTERS", "MISSING_ARGUMENT", "RESOURCE_NOT_ARN", "SYNC_NOT_SUPPORTED",
            "TOKEN_NOT_SUPPORTED",
        ]
        guard entry.severity == "error", !ofServices.contains(entry.code) else { return }
        #expect(throws: (any Error).self) { try StateMachine(definition: JSONValue(parsing: entry.bad)) }
    }
}
