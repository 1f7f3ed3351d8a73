import LandlordDomain

extension Bindings {
    private static let withTenants: Set<Scope> = [.tenants, .tenant]

    /// The keys that change something; each only opens a question or an editor.
    static let changing: [Binding] = [
        Binding(
            keys: [.character("P")], verb: "provision", title: "provision", section: .changes,
            scopes: Set(Scope.allCases), isChange: true, footerRank: 40,
            footerScopes: [.tenants, .tenant, .executions],
            commandLine: "landlord tenant apply -f FILE"
        ) { $0.beginProvision() },
        Binding(
            keys: [.character("U")], verb: "update", title: "update", section: .changes, scopes: withTenants,
            isChange: true, footerRank: 51, commandLine: "landlord tenant apply -f FILE",
            refusal: { model in
                if model.targets.count > 1 { return "update takes one tenant at a time; esc clears the marks" }
                return refusal(of: model, ChangeRules.updateRefusal)
            },
            action: { $0.beginUpdate() }),
        Binding(
            keys: [.character("R")], verb: "retry", title: "retry", section: .changes,
            scopes: [.tenants, .tenant, .executions, .execution], isChange: true, footerRank: 41,
            commandLine: "landlord tenant retry NAME",
            refusal: { model in
                if model.scope == .executions || model.scope == .execution {
                    return executionRefusal(of: model, wantsRunning: false)
                }
                return refusal(of: model, ChangeRules.retryRefusal)
            },
            action: { $0.askToRetry() }),
        Binding(
            keys: [.character("X")], verb: "cancel", title: "cancel", section: .changes,
            scopes: [.tenants, .tenant, .executions, .execution], isChange: true, footerRank: 42,
            commandLine: "landlord execution cancel ID",
            refusal: { model in
                if model.scope == .executions || model.scope == .execution {
                    return executionRefusal(of: model, wantsRunning: true)
                }
                if model.targets.count > 1 { return "cancel takes one tenant at a time; esc clears the marks" }
                return refusal(of: model, ChangeRules.cancelRefusal)
            },
            action: { $0.beginCancel() }),
        Binding(
            keys: [.character("A")], verb: "archive", title: "archive", section: .changes, scopes: withTenants,
            isChange: true, footerRank: 52, commandLine: "landlord tenant archive NAME",
            refusal: { refusal(of: $0, ChangeRules.archiveRefusal) },
            action: { $0.askToArchive() }),
        Binding(
            keys: [.character("D")], verb: "delete", title: "delete", section: .changes, scopes: withTenants,
            isChange: true, footerRank: 43, commandLine: "landlord tenant delete NAME",
            refusal: { refusal(of: $0, ChangeRules.deleteRefusal) },
            action: { $0.askToDelete() }),
    ]

    /// Why none of the chosen tenants allows a change.
    private static func refusal(of model: ConsoleModel, _ rule: (Tenant) -> String?) -> String? {
        let targets = model.targets
        guard let first = targets.first else { return "no tenant is selected" }
        return targets.contains { rule($0) == nil } ? nil : rule(first)
    }

    private static func executionRefusal(of model: ConsoleModel, wantsRunning: Bool) -> String? {
        guard let execution = model.selectedExecution else { return "no execution is selected" }
        switch execution.status {
        case .pending, .running: return wantsRunning ? nil : "\(execution.id) is under way"
        case .succeeded: return "\(execution.id) succeeded"
        case .failed, .cancelled, .timedOut: return wantsRunning ? "\(execution.id) is over" : nil
        }
    }
}
