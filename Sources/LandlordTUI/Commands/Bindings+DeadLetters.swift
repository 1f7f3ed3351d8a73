import LandlordDomain

extension Bindings {
    private static let letterLists: Set<Scope> = [.causes, .callbacks]
    private static let letters: Set<Scope> = [.causes, .callbacks, .callback]

    /// The keys that change what becomes of dead letters; each only opens a question.
    static let settling: [Binding] = [
        Binding(
            keys: [.character("R")], verb: "redrive", title: "redrive", section: .changes, scopes: letters,
            isChange: true, footerRank: 41, commandLine: "landlord callback retry ID",
            refusal: { DeadLetterRules.refusal($0, .redrive) }, action: { $0.askToSettle(.redrive) }),
        Binding(
            keys: [.character("C")], verb: "canary", title: "canary", section: .changes, scopes: letterLists,
            isChange: true, footerRank: 42, commandLine: "landlord callback retry --all --canary",
            refusal: { DeadLetterRules.bulkRefusal($0) },
            action: { $0.perform(redriving: RedriveOptions(isCanary: true)) }),
        Binding(
            keys: [.character("D")], verb: "discard", title: "discard", section: .changes, scopes: letters,
            isChange: true, footerRank: 43, commandLine: "landlord callback discard ID",
            refusal: { DeadLetterRules.refusal($0, .discard) }, action: { $0.askToSettle(.discard) }),
        Binding(
            keys: [.character("O")], verb: "operations", title: "bulk operations", section: .changes,
            scopes: Set(Scope.allCases), isChange: true,
            refusal: { $0.operations.isEmpty ? "no bulk operation has been begun" : nil },
            action: { $0.openOperations() }),
    ]

    /// The keys that show something else of dead letters.
    static let lookingAtLetters: [Binding] = [
        Binding(
            keys: [.character("t")], verb: "switch-view", title: "by cause or flat", section: .look,
            scopes: letterLists, footerRank: 2
        ) { $0.switchView() },
        Binding(
            keys: [.character("*")], verb: "mark-all", title: "mark all that match", section: .look,
            scopes: letterLists
        ) { model in
            model.markAll()
            return []
        },
        Binding(
            keys: [.character("l")], verb: "attempts", title: "attempts", section: .look, scopes: letters,
            footerRank: 7, commandLine: "landlord callback attempts ID",
            refusal: { $0.selectedCallback == nil ? "no callback is selected" : nil },
            action: { $0.openCallback(tab: .attempts) }),
        Binding(
            keys: [.character("o")], verb: "execution", title: "who waits", section: .look, scopes: letters,
            footerRank: 8, commandLine: "landlord execution get ID",
            refusal: { $0.selectedCallback == nil ? "no callback is selected" : nil },
            action: { $0.openWaitingExecution() }),
    ]
}
