import LandlordDomain

/// Going through the dead letters: the two views, the detail, marks and orders.
extension ConsoleModel {
    /// Shows the dead letters, in the view that was used last.
    mutating func goToDeadLetters() -> [ConsoleEffect] {
        clearCallbackMarks()
        list(nil)
        return go(to: deadLetters.isFlat ? .callbacks : .causes)
    }

    /// Changes between the dead letters by cause and the flat list.
    mutating func switchView() -> [ConsoleEffect] {
        clearCallbackMarks()
        if scope == .callbacks, stack.dropLast().last?.scope == .causes {
            return leave()
        }
        deadLetters.isFlat = scope == .causes
        list(nil)
        stack[stack.count - 1] = deadLetters.isFlat ? .callbacks : .causes
        return visibleLoads
    }

    /// Lists the callbacks of the cause under the cursor.
    mutating func openCause() -> [ConsoleEffect] {
        guard let cause = causes.selected else { return [] }
        clearCallbackMarks()
        list(cause)
        deadLetters.enteredFilter = deadLetters.filter.text
        return enter(.callbacks)
    }

    /// Makes the list that of one cause, or of all callbacks.
    private mutating func list(_ cause: CallbackCause?) {
        deadLetters.enteredFilter = ""
        guard deadLetters.cause?.id != cause?.id else { return }
        deadLetters.cause = cause
        callbacks.startOver()
    }

    /// Opens the callback that keys speak of.
    mutating func openCallback(tab: CallbackDetail.Tab) -> [ConsoleEffect] {
        if case .callback = place { return select(tab) }
        guard let callback = selectedCallback else { return [] }
        var detail = CallbackDetail(id: callback.id)
        // What the row knows is shown until the whole is loaded.
        let known = selectedSample.flatMap { $0.callback.id == callback.id ? $0 : nil }
        detail.take(known ?? CallbackFacts(callback: callback, attempts: [], audit: [], run: nil))
        detail.tab = tab
        return enter(.callback(detail))
    }

    /// Shows another page of a callback's screen.
    mutating func select(_ tab: CallbackDetail.Tab) -> [ConsoleEffect] {
        editCallbackDetail { detail in
            detail.tab = tab
            detail.scrolledRows = 0
        }
        return visibleLoads
    }

    /// Opens the execution whose result a callback carries; its screen shows the run that waits.
    mutating func openWaitingExecution() -> [ConsoleEffect] {
        guard let callback = selectedCallback else { return [] }
        return enter(.execution(ExecutionDetail(id: callback.executionID)))
    }

    /// Loads the letter that stands for the cause under the cursor.
    mutating func followCause() -> [ConsoleEffect] {
        guard let cause = causes.selected else {
            deadLetters.sample = nil
            return []
        }
        if deadLetters.sample?.cause == cause.id { return [] }
        deadLetters.sample = DeadLetterState.Sample(cause: cause.id)
        return [.load(.sample(cause: cause.id))]
    }

    mutating func take(_ found: [CallbackCause]) {
        let page = Page(items: deadLetters.causeOrder.sorted(found), next: nil)
        causes.take(page, walked: nil, isHeld: areCausesHeld, height: layout.causeRows)
    }
}

/// The orders of all lists, by name, for the key and the typed command.
enum ListOrder: Hashable, Sendable {
    case tenants(TenantQuery.Order)
    case causes(CauseOrder)
    case callbacks(CallbackQuery.Order)

    /// The orders that the list of a screen can take.
    static func all(in scope: Scope) -> [ListOrder] {
        switch scope {
        case .tenants: TenantQuery.Order.allCases.map { .tenants($0) }
        case .causes: CauseOrder.allCases.map { .causes($0) }
        case .callbacks: CallbackQuery.Order.allCases.map { .callbacks($0) }
        case .executions, .runs, .tenant, .execution, .callback, .run, .approvals, .approval, .schedules, .schedule: []
        }
    }

    var name: String {
        switch self {
        case .tenants(let order): order.rawValue
        case .causes(let order): order.rawValue
        case .callbacks(let order): order.rawValue
        }
    }
}

extension ConsoleModel {
    /// The order of the list on the screen; nil where it has only one.
    var order: ListOrder? {
        switch scope {
        case .tenants: .tenants(tenantOrder)
        case .causes: .causes(deadLetters.causeOrder)
        case .callbacks: .callbacks(deadLetters.order)
        case .executions, .runs, .tenant, .execution, .callback, .run, .approvals, .approval, .schedules, .schedule: nil
        }
    }

    mutating func sortNext() -> [ConsoleEffect] {
        let all = ListOrder.all(in: scope)
        guard let order, let index = all.firstIndex(of: order) else { return [] }
        return sort(by: all[(index + 1) % all.count])
    }

    mutating func sort(by wanted: ListOrder) -> [ConsoleEffect] {
        guard wanted != order else { return [] }
        switch wanted {
        case .tenants(let order):
            tenantOrder = order
            tenants.startOver()
        case .causes(let order):
            deadLetters.causeOrder = order
            causes.startOver()
            take(causes.scroller.ids.compactMap { causes.item($0) })
        case .callbacks(let order):
            deadLetters.order = order
            callbacks.startOver()
        }
        return visibleLoads
    }

    // MARK: Marks

    var hasCallbackMarks: Bool { deadLetters.areAllMarked || !callbacks.scroller.marks.isEmpty }

    mutating func clearCallbackMarks() {
        deadLetters.areAllMarked = false
        callbacks.scroller.clearMarks()
    }

    /// Marks the row under the cursor and goes on to the next.
    mutating func toggleMark() -> [ConsoleEffect] {
        if scope == .tenants { tenants.scroller.toggleMark() } else { callbacks.scroller.toggleMark() }
        return move(.down)
    }

    mutating func markRange() {
        if scope == .tenants { tenants.scroller.markRange() } else { callbacks.scroller.markRange() }
    }

    /// Marks all that match, also what is not loaded: a change then goes by the filter.
    mutating func markAll() {
        callbacks.scroller.clearMarks()
        deadLetters.areAllMarked = true
    }

    mutating func clearMarks() {
        if scope == .tenants { tenants.scroller.clearMarks() } else { clearCallbackMarks() }
    }
}
