import LandlordDomain

extension Bindings {
    private static let everywhere = Set(Scope.allCases)
    private static let lists: Set<Scope> = [
        .tenants, .executions, .causes, .callbacks, .runs, .approvals, .schedules,
    ]
    private static let marked: Set<Scope> = [.tenants, .callbacks]
    private static let details: Set<Scope> = [.tenant, .execution, .callback, .run]

    /// The keys that move the cursor.
    static let moving: [Binding] = [
        motion([.up, .character("k")], "up", "up", .up),
        motion([.down, .character("j")], "down", "down", .down),
        motion([.pageUp, .control("b")], "page-up", "page up", .pageUp),
        motion([.pageDown, .control("f")], "page-down", "page down", .pageDown),
        motion([.control("u")], "half-page-up", "half a page up", .halfPageUp),
        motion([.control("d")], "half-page-down", "half a page down", .halfPageDown),
        motion([.character("g"), .home], "top", "top", .top),
        motion([.character("G"), .end], "bottom", "bottom", .bottom),
        Binding(
            keys: [.enter], verb: "open", title: "open", section: .moves, scopes: everywhere.subtracting([.run]),
            footerRank: 1
        ) { $0.open() },
        Binding(
            keys: [.escape, .backspace, .left], verb: "back", title: "back", section: .moves, scopes: everywhere,
            footerRank: 6
        ) { $0.back() },
    ]

    private static func motion(_ keys: [Key], _ verb: String, _ title: String, _ move: Move) -> Binding {
        Binding(keys: keys, verb: verb, title: title, section: .moves, scopes: everywhere) { $0.move(move) }
    }

    /// The keys that show something else of the same.
    static let looking: [Binding] = [
        Binding(
            keys: [.character("/")], verb: "filter", title: "filter", section: .look,
            scopes: lists, footerRank: 3, commandLine: "landlord tenant list --filter EXPR"
        ) { model in
            let text = model.filter.text
            model.rememberCursor()
            let prompt = Prompt(label: "filter ", editor: LineEditor(text))
            model.modal = .prompt(PromptState(purpose: .filter(former: text), prompt: prompt))
            return []
        },
        Binding(
            keys: [.character("s")], verb: "sort-next", title: "sort", section: .look,
            scopes: [.tenants, .causes, .callbacks], footerRank: 8
        ) { $0.sortNext() },
        Binding(
            keys: [.space], verb: "mark", title: "mark", section: .look, scopes: marked, footerRank: 7,
            refusal: allMarked, action: { $0.toggleMark() }),
        Binding(
            keys: [.character("v")], verb: "mark-range", title: "mark range", section: .look, scopes: marked,
            refusal: allMarked,
            action: { model in
                model.markRange()
                return []
            }),
        Binding(
            keys: [.character("u")], verb: "unmark", title: "clear marks", section: .look,
            scopes: [.tenants, .causes, .callbacks]
        ) { model in
            model.clearMarks()
            return []
        },
        Binding(
            keys: [.character("l")], verb: "logs", title: "logs", section: .look, scopes: [.tenants, .tenant],
            footerRank: 7, commandLine: "landlord tenant logs NAME",
            refusal: { $0.selectedTenant == nil ? "no tenant is selected" : nil },
            action: { model in model.selectedTenant.map { model.openTenant($0, tab: .logs) } ?? [] }),
        Binding(
            keys: [.character("d")], verb: "plan", title: "plan", section: .look, scopes: [.tenants, .tenant],
            commandLine: "landlord tenant describe NAME",
            refusal: { $0.selectedTenant == nil ? "no tenant is selected" : nil },
            action: { model in model.selectedTenant.map { model.openTenant($0, tab: .plan) } ?? [] }),
        Binding(
            keys: [.character("w")], verb: "run", title: "its run", section: .look,
            scopes: [.tenant, .executions, .execution, .approvals, .approval, .schedules, .schedule],
            commandLine: "landlord workflow get ID",
            refusal: { $0.askingRunID == nil ? "no run is selected" : nil },
            action: { $0.openAskingRun() }),
        Binding(
            keys: [.character("]"), .tab, .right], verb: "next-tab", title: "next tab", section: .look,
            scopes: details, footerRank: 3
        ) { $0.turnTab(by: 1) },
        Binding(
            keys: [.character("["), .backTab], verb: "previous-tab", title: "former tab", section: .look,
            scopes: details
        ) { $0.turnTab(by: -1) },
        Binding(keys: [.character(".")], verb: "apply-order", title: "take new rows", section: .look, scopes: lists) {
            $0.tenants.scroller.applyPending()
            $0.executions.scroller.applyPending()
            $0.causes.scroller.applyPending()
            $0.callbacks.scroller.applyPending()
            $0.runs.scroller.applyPending()
            $0.approvals.scroller.applyPending()
            $0.schedules.scroller.applyPending()
            return []
        },
        Binding(
            keys: [.character("p")], verb: "pause", title: "pause", section: .look, scopes: everywhere, footerRank: 9
        ) { model in
            model.isPaused.toggle()
            return model.isPaused ? [] : model.visibleLoads
        },
        Binding(keys: [.character("r")], verb: "refresh", title: "refresh", section: .look, scopes: everywhere) {
            $0.visibleLoads
        },
    ]

    /// The keys of the screens.
    static let switching: [Binding] = [
        Binding(keys: [.character("2")], verb: "tenants", title: "tenants", section: .screens, scopes: everywhere) {
            $0.go(to: .tenants)
        },
        Binding(
            keys: [.character("3")], verb: "executions", title: "executions", section: .screens, scopes: everywhere,
            commandLine: "landlord execution list"
        ) { $0.go(to: .executions) },
        Binding(
            keys: [.character("4")], verb: "callbacks", title: "dead letters", section: .screens,
            scopes: everywhere, commandLine: "landlord callback list --status dead"
        ) { $0.goToDeadLetters() },
        Binding(
            keys: [.character("5")], verb: "runs", title: "runs", section: .screens, scopes: everywhere,
            commandLine: "landlord workflow list"
        ) { $0.go(to: .runs) },
        Binding(
            keys: [.character("6")], verb: "approvals", title: "approvals", section: .screens, scopes: everywhere,
            commandLine: "landlord approval list"
        ) { $0.go(to: .approvals) },
        Binding(
            keys: [.character("7")], verb: "schedules", title: "schedules", section: .screens, scopes: everywhere,
            commandLine: "landlord schedule list"
        ) { $0.go(to: .schedules) },
    ]

    /// Why letters cannot be marked one by one.
    private static let allMarked: @Sendable (ConsoleModel) -> String? = { model in
        model.scope == .callbacks && model.deadLetters.areAllMarked ? "all that match are marked; u clears that" : nil
    }

    /// The keys of the console itself.
    static let leaving: [Binding] = [
        Binding(
            keys: [.character("?"), .function(1)], verb: "help", title: "help", section: .console,
            scopes: everywhere, footerRank: 4
        ) { model in
            model.modal = .help(HelpState())
            return []
        },
        Binding(
            keys: [.character(":")], verb: "command", title: "cmd", section: .console, scopes: everywhere,
            footerRank: 5
        ) { model in
            model.modal = .prompt(PromptState(purpose: .command, prompt: Prompt(label: ":")))
            return []
        },
        Binding(
            keys: [.control("l")], verb: "redraw", title: "redraw", section: .console, scopes: everywhere
        ) { _ in [.redraw] },
        Binding(
            keys: [.control("z")], verb: "suspend", title: "suspend", section: .console, scopes: everywhere
        ) { _ in [.stop] },
        Binding(
            keys: [.character("q")], verb: "quit", title: "close or quit", section: .console, scopes: everywhere
        ) { $0.close() },
    ]
}
