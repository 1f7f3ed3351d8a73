import LandlordDomain

/// What a list lets through, as the operator typed it and as the database is asked.
///
/// The one place where filter text is understood. Words must all be found; `status:`, `provider:`, `op:` and
/// `label.KEY:` narrow down; a comma means any of.
struct ListFilter: Hashable, Sendable {
    var text = ""
    /// Why the text cannot be used; the fields below then hold nothing.
    var problem: String?
    var tenantStatuses: Set<TenantStatus> = []
    var executionStatuses: Set<ComputeExecutionStatus> = []
    var operation: ComputeOperation?
    var labels: [String: String] = [:]
    var provider: String?
    var words: [String] = []

    /// Reads a filter for the list of a screen.
    static func read(_ text: String, in scope: Scope) -> ListFilter {
        var filter = ListFilter()
        filter.text = text.split(separator: " ").joined(separator: " ")
        for term in text.split(separator: " ").map(String.init) {
            if let problem = filter.take(term, in: scope) {
                var refused = ListFilter()
                refused.text = filter.text
                refused.problem = problem
                return refused
            }
        }
        return filter
    }

    private mutating func take(_ term: String, in scope: Scope) -> String? {
        guard let colon = term.firstIndex(of: ":") else {
            words.append(term)
            return nil
        }
        let field = String(term[..<colon])
        let value = String(term[term.index(after: colon)...])
        guard !value.isEmpty else { return "\(field): needs a value" }
        switch field {
        case "status": return takeStatuses(value, in: scope)
        case "provider" where scope == .tenants:
            provider = value
        case "op" where scope == .executions:
            guard let known = ComputeOperation(rawValue: value) else {
                return "op: is one of \(Self.names(ComputeOperation.self))"
            }
            operation = known
        case _ where field.hasPrefix("label.") && field.count > 6 && scope == .tenants:
            labels[String(field.dropFirst(6))] = value
        default:
            let fields = scope == .tenants ? "status, provider, label.KEY" : "status, op"
            return "'\(field)' is not one of \(fields)"
        }
        return nil
    }

    private mutating func takeStatuses(_ value: String, in scope: Scope) -> String? {
        for name in value.split(separator: ",").map(String.init) {
            if scope == .tenants {
                guard let status = TenantStatus(rawValue: name) else {
                    return Self.unknown(name, among: TenantStatus.allCases.map(\.rawValue))
                }
                tenantStatuses.insert(status)
            } else {
                guard let status = ComputeExecutionStatus(rawValue: name) else {
                    return Self.unknown(name, among: ComputeExecutionStatus.allCases.map(\.rawValue))
                }
                executionStatuses.insert(status)
            }
        }
        return nil
    }

    private static func unknown(_ name: String, among names: [String]) -> String {
        let near = Suggestion.nearest(to: name, among: names)
        return "'\(name)' is no status" + (near.map { ", but '\($0)' is" } ?? "")
    }

    private static func names<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) -> String {
        Choice.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
