import LandlordDomain
import StatesLanguage

/// What a list lets through, as the operator typed it and as the database is asked.
///
/// Tenants, callbacks and runs have the filters that the command line has. Executions know words, `status:` and `op:`.
struct ListFilter: Hashable, Sendable {
    var text = ""
    /// Why the text cannot be used; the queries below then ask for everything.
    var problem: String?
    var tenants = TenantQuery()
    var executions = ComputeExecutionQuery()
    var callbacks = CallbackQuery()
    var runs = WorkflowRunQuery()
    var approvals = ApprovalQuery(statuses: [.pending])
    var schedules = ScheduleQuery()

    /// Reads a filter for the list of a screen.
    static func read(_ text: String, in scope: Scope) -> ListFilter {
        var filter = ListFilter()
        filter.text = text
        do throws(FilterProblem) {
            switch scope {
            case .tenants: filter.tenants = try TenantFilter.parse(text)
            case .causes, .callbacks: filter.callbacks = try CallbackFilter.parse(text)
            case .executions: filter.readForExecutions()
            case .runs: filter.runs = try RunFilter.parse(text)
            case .approvals: filter.approvals = try ApprovalFilter.parse(text)
            case .schedules: filter.schedules = try ScheduleFilter.parse(text)
            case .tenant, .execution, .callback, .run, .approval, .schedule: break
            }
        } catch {
            filter.problem = error.description
        }
        return filter
    }

    private mutating func readForExecutions() {
        for term in text.split(separator: " ").map(String.init) {
            if let found = takeForExecutions(term) {
                problem = found
                executions = ComputeExecutionQuery()
                return
            }
        }
    }

    private mutating func takeForExecutions(_ term: String) -> String? {
        guard let colon = term.firstIndex(of: ":") else {
            executions.words.append(term)
            return nil
        }
        let value = String(term[term.index(after: colon)...])
        guard !value.isEmpty else { return "'\(term)' needs a value" }
        switch term[..<colon] {
        case "status":
            for name in value.split(separator: ",").map(String.init) {
                guard let status = ComputeExecutionStatus(rawValue: name) else {
                    return Self.unknown(name, among: ComputeExecutionStatus.allCases.map(\.rawValue))
                }
                executions.statuses.insert(status)
            }
        case "op":
            guard let operation = ComputeOperation(rawValue: value) else {
                return Self.unknown(value, among: ComputeOperation.allCases.map(\.rawValue))
            }
            executions.operation = operation
        default:
            return "'\(term)' has an unknown field; there is status: and op:"
        }
        return nil
    }

    private static func unknown(_ name: String, among names: [String]) -> String {
        let near = Suggestion.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
        return "'\(name)' is not known; " + (near ?? "there is \(names.joined(separator: ", "))")
    }
}
