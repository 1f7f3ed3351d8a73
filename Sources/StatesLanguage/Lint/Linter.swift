/// Says what is wrong with a definition, and what will probably go wrong with it.
///
/// It is a pure function of the definition. What Step Functions refuses when a machine is created is an error; all
/// else is a warning or an info. A definition without errors can be compiled by ``StateMachine``, and one that can
/// not has an error.
public struct Linter: Sendable {
    /// What the definition cannot tell.
    public struct Options: Sendable, Hashable {
        /// The kind of the machine.
        public var kind: ExecutionKind
        /// The moment before which a `Timestamp` is past; nil leaves that unchecked.
        public var now: Timestamp?

        /// Makes options.
        public init(kind: ExecutionKind = .standard, now: Timestamp? = nil) {
            self.kind = kind
            self.now = now
        }
    }

    /// What the definition cannot tell.
    public let options: Options

    /// Makes a linter.
    public init(options: Options = Options()) { self.options = options }

    /// Looks at a text; the findings have lines and columns and are in the order of the text.
    public func findings(in text: [UInt8]) -> [LintFinding] {
        guard text.count <= StateMachine.definitionByteLimit else {
            let limit = StateMachine.definitionByteLimit
            return [
                LintFinding(
                    ProblemCode.definitionTooLarge.rawValue, .error, at: "",
                    "a definition may have \(limit) bytes at most; this has \(text.count)", line: 1, column: 1)
            ]
        }
        let definition: JSONValue
        do {
            definition = try JSONValue(parsing: text)
        } catch {
            return [ParserProblems.finding(for: error, in: text)]
        }
        let found = findings(in: definition)
        let places = TextPlaces(of: Set(found.map(\.pointer)), in: text)
        let placed = found.map { finding in
            let place = places[finding.pointer]
            return finding.placed(line: place.line, column: place.column)
        }
        return Self.ordered(placed)
    }

    /// Looks at a text; the findings have lines and columns and are in the order of the text.
    public func findings(in text: String) -> [LintFinding] { findings(in: Array(text.utf8)) }

    /// Looks at a definition; the findings have no lines.
    public func findings(in definition: JSONValue) -> [LintFinding] {
        var report = LintReport()
        let problems = ProblemCollector(isForLint: true)
        _ = DefinitionParser(problems: problems).parse(definition)
        let laidOut = LintedMachine(definition, options: options, known: problems.expressions)
        for finding in ParserProblems(definition: definition, machine: laidOut).findings(for: problems.problems) {
            report.add(finding)
        }
        // A definition that is too large or no object is not looked at further.
        guard let machine = laidOut,
            !problems.problems.contains(where: { $0.code == ProblemCode.definitionTooLarge.rawValue })
        else { return report.findings }
        check(machine, &report)
        return Self.withoutRepetition(report.findings)
    }

    private func check(_ machine: LintedMachine, _ report: inout LintReport) {
        for (index, rule) in LintRule.all.enumerated() {
            guard case .machine(let check) = rule.check else { continue }
            report.rule = index
            check(machine, &report)
        }
        for state in machine.states {
            guard let type = state.type, !report.isFull else { continue }
            for check in LintRule.checksByType[type] ?? [] {
                report.rule = check.rule
                check.run(state, machine, &report)
            }
        }
    }

    /// Findings by line, those of one line in the order in which they were found.
    public static func ordered(_ findings: [LintFinding]) -> [LintFinding] {
        findings.enumerated().sorted { left, right in
            (left.element.line ?? 0, left.element.column ?? 0, left.offset)
                < (right.element.line ?? 0, right.element.column ?? 0, right.offset)
        }.map(\.element)
    }

    /// The parser and a rule may see the same thing; it is told once.
    private static func withoutRepetition(_ findings: [LintFinding]) -> [LintFinding] {
        struct Key: Hashable { let code: String, pointer: ByteKey }
        var seen: Set<Key> = []
        return findings.filter { finding in
            finding.severity != .error
                || seen.insert(Key(code: finding.code, pointer: ByteKey(text: finding.pointer))).inserted
        }
    }
}
