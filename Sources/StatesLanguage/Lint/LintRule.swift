/// A rule of the linter: a name, what it is for, and how it is checked.
///
/// `docs/workflow-lint.md` has an entry for every rule, with a bad and a good example that a test runs.
public struct LintRule: Sendable {
    /// The stable name, such as `MISSING_TARGET`.
    public let code: String
    /// How much its findings matter.
    public let severity: LintFinding.Severity
    /// What it finds, in a few words.
    public let title: String
    /// Why it matters.
    public let reason: String

    let check: Check

    /// How a rule finds what it finds.
    enum Check: Sendable {
        /// While the text is read and the definition compiled; see ``ParserProblems``.
        case reading
        /// By a look at the whole machine.
        case machine(@Sendable (LintedMachine, inout LintReport) -> Void)
        /// By a look at each state of some types.
        case state(Set<StateType>, @Sendable (LintedState, LintedMachine, inout LintReport) -> Void)
    }

    /// A rule that is checked while the definition is read.
    init(reading code: String, _ title: String, why reason: String) {
        self.init(code: code, severity: .error, title: title, reason: reason, check: .reading)
    }

    /// A rule about the whole machine.
    init(
        _ code: String, _ severity: LintFinding.Severity, _ title: String, why reason: String,
        machine check: @escaping @Sendable (LintedMachine, inout LintReport) -> Void
    ) {
        self.init(code: code, severity: severity, title: title, reason: reason, check: .machine(check))
    }

    /// A rule about states of some types.
    init(
        _ code: String, _ severity: LintFinding.Severity, _ title: String, why reason: String,
        on types: Set<StateType> = Set(StateType.allCases),
        state check: @escaping @Sendable (LintedState, LintedMachine, inout LintReport) -> Void
    ) {
        self.init(code: code, severity: severity, title: title, reason: reason, check: .state(types, check))
    }

    private init(code: String, severity: LintFinding.Severity, title: String, reason: String, check: Check) {
        self.code = code
        self.severity = severity
        self.title = title
        self.reason = reason
        self.check = check
    }

    /// All rules, in the order of the document.
    public static let all: [LintRule] = [
        textRules, structureRules, valueRules, flowRules, choiceRules, errorRules, timeRules, resourceRules, dataRules,
        variableRules, mapRules, nameRules,
    ].flatMap(\.self)

    /// A check of a state, with the place of its rule in ``all``.
    struct StateCheck: Sendable {
        let rule: Int
        let run: @Sendable (LintedState, LintedMachine, inout LintReport) -> Void
    }

    /// The states' checks by the type of state they look at.
    static let checksByType: [StateType: [StateCheck]] = {
        var checks: [StateType: [StateCheck]] = [:]
        for (index, rule) in all.enumerated() {
            guard case .state(let types, let check) = rule.check else { continue }
            for type in types { checks[type, default: []].append(StateCheck(rule: index, run: check)) }
        }
        return checks
    }()
}

/// Gathers what the rules find.
struct LintReport {
    /// The most findings of one run; a broken document of a megabyte must not answer with many.
    static let limit = 1_000

    private(set) var findings: [LintFinding] = []
    /// The rule that is being checked, by its place in ``LintRule/all``.
    var rule: Int?

    var isFull: Bool { findings.count >= Self.limit }

    /// Reports something at a place, under the rule that is being checked.
    mutating func add(_ pointer: String, _ message: String, suggestion: String? = nil) {
        guard let rule = rule.map({ LintRule.all[$0] }) else { return }
        add(LintFinding(rule.code, rule.severity, at: pointer, message, suggestion: suggestion))
    }

    /// Takes a finding over.
    mutating func add(_ finding: LintFinding) {
        if !isFull { findings.append(finding) }
    }
}
