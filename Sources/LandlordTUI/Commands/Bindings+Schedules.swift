import LandlordDomain

extension Bindings {
    private static let withSchedules: Set<Scope> = [.schedules, .schedule]

    /// The keys that do something with a schedule; each only opens a question.
    static let scheduling: [Binding] = [
        Binding(
            keys: [.character("S")], verb: "pause-schedule", title: "pause or resume", section: .changes,
            scopes: withSchedules, isChange: true, footerRank: 41, commandLine: "landlord schedule pause NAME",
            refusal: unselected, action: { $0.askToPauseOrResume() }),
        Binding(
            keys: [.character("B")], verb: "trigger", title: "begin a run now", section: .changes,
            scopes: withSchedules, isChange: true, footerRank: 42, commandLine: "landlord schedule trigger NAME",
            refusal: unselected, action: { $0.askTo(.trigger) }),
        Binding(
            keys: [.character("D")], verb: "delete-schedule", title: "delete", section: .changes,
            scopes: withSchedules, isChange: true, footerRank: 43, commandLine: "landlord schedule delete NAME",
            refusal: unselected, action: { $0.askTo(.delete) }),
    ]

    private static let unselected: @Sendable (ConsoleModel) -> String? = {
        $0.selectedSchedule == nil ? "no schedule is selected" : nil
    }
}
