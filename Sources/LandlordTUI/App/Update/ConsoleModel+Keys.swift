import LandlordDomain

extension ConsoleModel {
    /// Takes a key: what lies on top gets it first, then the table of bindings.
    mutating func handle(_ key: Key) -> [ConsoleEffect] {
        if case .focus = key { return [] }
        let wasQuitting = isQuitting
        isQuitting = false
        if key == .control("l") { return [.redraw] }
        if key == .control("z") { return [.stop] }
        switch modal {
        case .prompt(let state): return handle(key, in: state)
        case .confirm(let change): return handle(key, in: change)
        case .help(let state): return handle(key, in: state)
        case .operations(let state): return handle(key, in: state)
        case nil: break
        }
        switch key {
        case .control("c"):
            if wasQuitting { return [.quit] }
            isQuitting = true
            show("ctrl-c again quits")
            return []
        case .paste:
            show("pasted text is only taken where text is asked for", level: .warning)
            return []
        case .mouse(.wheelUp, _): return move(.up)
        case .mouse(.wheelDown, _): return move(.down)
        case .mouse: return []
        default: break
        }
        guard let binding = Bindings.binding(for: key, in: scope) else { return explain(key) }
        return perform(binding)
    }

    /// Says what a key would do elsewhere, or that it does nothing.
    private mutating func explain(_ key: Key) -> [ConsoleEffect] {
        let elsewhere = Bindings.all.first { $0.keys.contains(key) }.map { " (\($0.title))" } ?? ""
        show("'\(key.name)'\(elsewhere) does nothing on this screen; ? shows what does", level: .warning)
        return [.ring]
    }

    /// Does what a binding says, or says why not.
    mutating func perform(_ binding: Binding) -> [ConsoleEffect] {
        if let reason = binding.refusal(self) {
            show(reason, level: .warning)
            return [.ring]
        }
        return binding.action(&self)
    }

    private mutating func handle(_ key: Key, in former: PendingChange) -> [ConsoleEffect] {
        var change = former
        switch change.dialog.handle(key) {
        case .asking:
            modal = .confirm(change)
            return []
        case .cancelled:
            modal = nil
            show("nothing was changed")
            return change.draft.map { [.draft(.discard($0))] } ?? []
        case .confirmed(let reason):
            modal = nil
            let discard: [ConsoleEffect] = change.draft.map { [.draft(.discard($0))] } ?? []
            switch change.consequence {
            case .submit(let verbs):
                tenants.scroller.clearMarks()
                clearCallbackMarks()
                return verbs.map { .submit($0.because(reason)) } + discard
            case .quit: return [.quit]
            }
        }
    }

    private mutating func handle(_ key: Key, in former: HelpState) -> [ConsoleEffect] {
        var state = former
        let page = max(1, layout.body.rows - 3)
        let isClosing = state.filter.isEmpty && (key == .escape || key == .character("q"))
        if isClosing || key == .character("?") || key == .control("c") || key == .enter {
            modal = nil
            return []
        }
        switch key {
        case .escape: state.filter.replace(with: "")
        case .up: state.scrolledRows = max(0, state.scrolledRows - 1)
        case .down: state.scrolledRows = min(HelpState.rowLimit, state.scrolledRows + 1)
        case .pageUp: state.scrolledRows = max(0, state.scrolledRows - page)
        case .pageDown: state.scrolledRows = min(HelpState.rowLimit, state.scrolledRows + page)
        default:
            switch state.filter.handle(key) {
            case .cancelled:
                modal = nil
                return []
            case .edited: state.scrolledRows = 0
            case .submitted, .ignored: break
            }
        }
        modal = .help(state)
        return []
    }

    private mutating func handle(_ key: Key, in former: PromptState) -> [ConsoleEffect] {
        var state = former
        let outcome = key == .control("c") ? LineEditor.Outcome.cancelled : state.prompt.editor.handle(key)
        switch (state.purpose, outcome) {
        case (_, .ignored):
            return []
        case (.command, .edited):
            state.prompt.problem = state.prompt.overflow
            state.prompt.ghost = .sanitize(TypedCommand.completion(of: state.prompt.editor.text, in: scope))
            modal = .prompt(state)
            return []
        case (.command, .cancelled):
            modal = nil
            return []
        case (.command, .submitted):
            modal = nil
            return run(command: state.prompt.editor.text)
        case (.signal, .edited), (.start, .edited):
            state.prompt.problem = state.prompt.overflow
            modal = .prompt(state)
            return []
        case (.signal, .cancelled), (.start, .cancelled):
            modal = nil
            return []
        case (.signal(let run), .submitted):
            return ask(TypedRunRequest.signal(state.prompt.editor.text, to: run), in: state)
        case (.start, .submitted):
            return ask(TypedRunRequest.start(state.prompt.editor.text), in: state)
        case (.filter, .edited):
            let parsed = ListFilter.read(state.prompt.editor.text, in: scope)
            state.prompt.problem = parsed.problem.map { .sanitize($0) } ?? state.prompt.overflow
            modal = .prompt(state)
            // A filter that cannot be understood keeps the last good list; it never blanks the screen.
            return parsed.problem == nil ? use(parsed) : []
        case (.filter(let formerText), .cancelled):
            modal = nil
            let effects = use(ListFilter.read(formerText, in: scope))
            if !effects.isEmpty { recallCursor() }
            return effects
        case (.filter, .submitted):
            guard state.prompt.problem.isEmpty else { return [.ring] }
            modal = nil
            return []
        }
    }

    /// Lists what a filter lets through.
    mutating func use(_ filter: ListFilter) -> [ConsoleEffect] {
        switch scope {
        case .tenants:
            guard filter != tenantFilter else { return [] }
            tenantFilter = filter
            tenants.startOver()
            return [.load(.tenants(tenantQuery, toEnd: false))]
        case .executions:
            guard filter != executionFilter else { return [] }
            executionFilter = filter
            executions.startOver()
            return [.load(.executions(executionQuery, toEnd: false))]
        case .runs:
            guard filter != runFilter else { return [] }
            runFilter = filter
            runs.startOver()
            return [.load(.runs(runQuery, toEnd: false))]
        case .approvals:
            guard filter != approvalFilter else { return [] }
            approvalFilter = filter
            approvals.startOver()
            return [.load(.approvals(approvalQuery, toEnd: false))]
        case .schedules:
            guard filter != scheduleFilter else { return [] }
            scheduleFilter = filter
            schedules.startOver()
            return [.load(.schedules(scheduleQuery, toEnd: false))]
        case .causes, .callbacks:
            guard filter != deadLetters.filter else { return [] }
            deadLetters.filter = filter
            clearCallbackMarks()
            callbacks.startOver()
            causes.startOver()
            return visibleLoads
        case .tenant, .execution, .callback, .run, .approval, .schedule:
            return []
        }
    }

    /// Remembers the row of the list on the screen on which the cursor stands, before a filter takes it away.
    mutating func rememberCursor() {
        switch scope {
        case .tenants: tenants.rememberCursor()
        case .executions: executions.rememberCursor()
        case .causes: causes.rememberCursor()
        case .callbacks: callbacks.rememberCursor()
        case .runs: runs.rememberCursor()
        case .approvals: approvals.rememberCursor()
        case .schedules: schedules.rememberCursor()
        case .tenant, .execution, .callback, .run, .approval, .schedule: break
        }
    }

    /// Lets the cursor go back to the row that was remembered.
    private mutating func recallCursor() {
        switch scope {
        case .tenants: tenants.recallCursor()
        case .executions: executions.recallCursor()
        case .causes: causes.recallCursor()
        case .callbacks: callbacks.recallCursor()
        case .runs: runs.recallCursor()
        case .approvals: approvals.recallCursor()
        case .schedules: schedules.recallCursor()
        case .tenant, .execution, .callback, .run, .approval, .schedule: break
        }
    }

    /// What the list on the screen lets through.
    var filter: ListFilter {
        switch scope {
        case .tenants: tenantFilter
        case .executions: executionFilter
        case .runs: runFilter
        case .approvals: approvalFilter
        case .schedules: scheduleFilter
        case .causes, .callbacks: deadLetters.filter
        case .tenant, .execution, .callback, .run, .approval, .schedule: ListFilter()
        }
    }

    /// Does what a typed command says.
    private mutating func run(command text: String) -> [ConsoleEffect] {
        switch TypedCommand.read(text, in: scope) {
        case .nothing: return []
        case .binding(let binding, let text):
            let effects = perform(binding)
            if !text.isEmpty, case .prompt(var state) = modal {
                state.prompt.editor.replace(with: text)
                modal = .prompt(state)
            }
            return effects
        case .filter(let text):
            let filter = ListFilter.read(text, in: scope)
            if let problem = filter.problem {
                show(problem, level: .warning)
                return [.ring]
            }
            return use(filter)
        case .order(let order): return sort(by: order)
        case .redrive(let options): return perform(redriving: options)
        case .unknown(let reason):
            show(reason, level: .warning)
            return [.ring]
        }
    }
}

extension HelpState {
    /// More rows than any help has; the view cuts to what there is.
    static let rowLimit = 200
}
