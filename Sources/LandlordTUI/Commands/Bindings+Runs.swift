import LandlordDomain
import StatesLanguage

extension Bindings {
    private static let withRuns: Set<Scope> = [.runs, .run]
    private static let withApprovals: Set<Scope> = [.run, .approvals, .approval]

    /// The keys that do something to a run; each only opens a question.
    static let steering: [Binding] = [
        Binding(
            keys: [.character("X")], verb: "cancel-run", title: "cancel", section: .changes, scopes: withRuns,
            isChange: true, footerRank: 42, commandLine: "landlord workflow cancel ID",
            refusal: { RunRules.refusal(of: $0.selectedRun, .cancel) }, action: { $0.askToOrder(.cancel) }),
        Binding(
            keys: [.character("T")], verb: "terminate-run", title: "terminate", section: .changes, scopes: withRuns,
            isChange: true, footerRank: 44, commandLine: "landlord workflow terminate ID",
            refusal: { RunRules.refusal(of: $0.selectedRun, .terminate) }, action: { $0.askToOrder(.terminate) }),
        Binding(
            keys: [.character("S")], verb: "suspend-run", title: "suspend or resume", section: .changes,
            scopes: withRuns, isChange: true, footerRank: 41, commandLine: "landlord workflow suspend ID",
            refusal: { RunRules.refusal(of: $0.selectedRun, .suspend) }, action: { $0.askToSuspendOrResume() }),
        Binding(
            keys: [.character("R")], verb: "retry-run", title: "retry", section: .changes, scopes: withRuns,
            isChange: true, footerRank: 43, commandLine: "landlord workflow retry ID",
            refusal: { RunRules.refusal(of: $0.selectedRun, .retry) }, action: { $0.askToOrder(.retry) }),
        Binding(
            keys: [.character("B")], verb: "start-run", title: "begin a run", section: .changes, scopes: [.runs],
            isChange: true, takesText: true, footerRank: 47, commandLine: "landlord workflow start --workflow ID",
            action: { $0.typeStart() }),
        Binding(
            keys: [.character("I")], verb: "signal-run", title: "signal", section: .changes, scopes: withRuns,
            isChange: true, takesText: true, footerRank: 48, commandLine: "landlord workflow signal ID NAME",
            refusal: { RunRules.refusalOfSignal($0.selectedRun) }, action: { $0.typeSignal() }),
        Binding(
            keys: [.character("Y")], verb: "approve", title: "approve", section: .changes,
            scopes: withApprovals, isChange: true, footerRank: 45, commandLine: "landlord approval approve ID",
            refusal: { RunRules.refusal(of: $0.selectedApproval) },
            action: { $0.askToDecide(isApproval: true) }),
        Binding(
            keys: [.character("N")], verb: "reject", title: "reject", section: .changes,
            scopes: withApprovals, isChange: true, footerRank: 46, commandLine: "landlord approval reject ID",
            refusal: { RunRules.refusal(of: $0.selectedApproval) },
            action: { $0.askToDecide(isApproval: false) }),
    ]
}
