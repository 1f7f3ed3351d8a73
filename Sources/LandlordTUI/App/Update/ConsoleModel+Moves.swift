import LandlordDomain

/// Where a key moves: the same for lists and for texts.
enum Move: Hashable, Sendable {
    case up, down, pageUp, pageDown, halfPageUp, halfPageDown, top, bottom

    func motion<ID: Hashable & Sendable>(of type: ID.Type) -> Scroller<ID>.Motion {
        switch self {
        case .up: .up
        case .down: .down
        case .pageUp: .pageUp
        case .pageDown: .pageDown
        case .halfPageUp: .halfPageUp
        case .halfPageDown: .halfPageDown
        case .top: .top
        case .bottom: .bottom
        }
    }

    /// Whether it leads towards the end.
    var isDown: Bool {
        switch self {
        case .down, .pageDown, .halfPageDown, .bottom: true
        case .up, .pageUp, .halfPageUp, .top: false
        }
    }

    /// The first row that a text of some rows shows after the move.
    func scrolled(from row: Int, height: Int) -> Int {
        switch self {
        case .up: max(0, row - 1)
        case .down: row + 1
        case .pageUp: max(0, row - max(1, height - 1))
        case .pageDown: row + max(1, height - 1)
        case .halfPageUp: max(0, row - max(1, height / 2))
        case .halfPageDown: row + max(1, height / 2)
        case .top: 0
        case .bottom: .max / 2
        }
    }
}

extension ConsoleModel {
    /// Moves the cursor or the text.
    mutating func move(_ move: Move) -> [ConsoleEffect] {
        let height = layout.listRows
        switch place {
        case .tenants:
            let order = tenantOrder
            let wish = tenants.move(move.motion(of: Tenant.ID.self), height: height, at: now) {
                order.cursor(of: $0)
            }
            return effects(of: wish, .tenants(tenantQuery, toEnd: wish == .end))
        case .executions:
            let wish = executions.move(move.motion(of: ComputeExecution.ID.self), height: height, at: now) {
                $0.listCursor
            }
            return effects(of: wish, .executions(executionQuery, toEnd: wish == .end))
        case .causes:
            // All causes are loaded, so moving never asks for more.
            _ = causes.move(move.motion(of: CallbackCause.ID.self), height: layout.causeRows, at: now) {
                PageCursor(key: "", id: $0.id)
            }
        case .callbacks:
            let order = deadLetters.order
            let wish = callbacks.move(move.motion(of: Callback.ID.self), height: height, at: now) {
                order.cursor(of: $0)
            }
            return effects(of: wish, .callbacks(callbackQuery, toEnd: wish == .end))
        case .runs:
            let wish = runs.move(move.motion(of: WorkflowRun.ID.self), height: height, at: now) { $0.listCursor }
            return effects(of: wish, .runs(runQuery, toEnd: wish == .end))
        case .run(let detail):
            return moveInRun(detail, move)
        case .approvals:
            let wish = approvals.move(move.motion(of: Approval.ID.self), height: height, at: now) { $0.listCursor }
            return effects(of: wish, .approvals(approvalQuery, toEnd: wish == .end))
        case .approval:
            let limit = scrollLimit
            editApprovalDetail {
                $0.scrolledRows = min(limit, move.scrolled(from: $0.scrolledRows, height: height))
            }
        case .schedules:
            let wish = schedules.move(move.motion(of: Schedule.ID.self), height: height, at: now) { $0.listCursor }
            return effects(of: wish, .schedules(scheduleQuery, toEnd: wish == .end))
        case .schedule:
            let limit = scrollLimit
            editScheduleDetail {
                $0.scrolledRows = min(limit, move.scrolled(from: $0.scrolledRows, height: height))
            }
        case .tenant:
            moveInTenant(move)
        case .execution:
            let limit = scrollLimit
            editExecutionDetail {
                $0.scrolledRows = min(limit, move.scrolled(from: $0.scrolledRows, height: height))
            }
        case .callback:
            let limit = scrollLimit
            editCallbackDetail {
                $0.scrolledRows = min(limit, move.scrolled(from: $0.scrolledRows, height: height))
            }
        }
        return []
    }

    private mutating func moveInTenant(_ move: Move) {
        let height = layout.detailRows
        let limit = scrollLimit
        editTenantDetail { detail in
            if detail.tab == .executions {
                _ = detail.executions.move(move.motion(of: ComputeExecution.ID.self), height: height)
                return
            }
            let start = detail.tab == .logs && detail.isFollowing ? limit : detail.scrolledRows
            detail.scrolledRows = min(limit, move.scrolled(from: start, height: height))
            detail.isFollowing = detail.scrolledRows >= limit
        }
    }

    private mutating func moveInRun(_ detail: RunDetail, _ move: Move) -> [ConsoleEffect] {
        var moved = detail
        let mustRead = moved.move(move, over: DetailText.lines(of: self), height: layout.detailRows)
        editRunDetail { $0 = moved }
        return mustRead ? [.load(.run(moved.id, moved.part))] : []
    }

    /// Keeps the text where it was when another part of a history has come.
    mutating func restoreRunScroll() {
        let (lines, height) = (DetailText.lines(of: self), layout.detailRows)
        editRunDetail { $0.restore(over: lines, height: height) }
    }

    private func effects<ID>(of wish: LiveList<ID>.Wish, _ query: ConsoleQuery) -> [ConsoleEffect] {
        switch wish {
        case .nothing: []
        case .window, .end: [.load(query)]
        }
    }

    /// How far the text of a detail screen can be scrolled.
    private var scrollLimit: Int {
        max(0, DetailText.lines(of: self).count - layout.detailRows)
    }

    /// Opens what is under the cursor.
    mutating func open() -> [ConsoleEffect] {
        switch place {
        case .tenants:
            guard let tenant = tenants.selected else { return [] }
            return openTenant(tenant, tab: .overview)
        case .executions, .tenant:
            guard let execution = selectedExecution else { return [] }
            return enter(.execution(ExecutionDetail(id: execution.id)))
        case .causes:
            return openCause()
        case .callbacks:
            return openCallback(tab: .overview)
        case .callback:
            return openWaitingExecution()
        case .runs, .run:
            return openRun()
        case .approvals:
            return openApproval()
        case .schedules:
            return openSchedule()
        case .approval, .schedule:
            return openAskingRun()
        case .execution(let detail):
            guard let execution = detail.facts?.execution else { return [] }
            return enter(.tenant(TenantDetail(id: execution.tenantID, name: execution.tenantName)))
        }
    }

    /// Goes one step further.
    mutating func enter(_ place: Place) -> [ConsoleEffect] {
        dropToast()
        stack.append(place)
        if stack.count > Self.stackLimit { stack.remove(at: 1) }
        return visibleLoads
    }

    /// The longest way that is remembered; the oldest steps after the first go.
    private static let stackLimit = 16

    mutating func openTenant(_ tenant: Tenant, tab: TenantDetail.Tab) -> [ConsoleEffect] {
        if case .tenant = place { return select(tab) }
        var detail = TenantDetail(id: tenant.id, name: tenant.name)
        // What the row and the second pane know is shown until the whole is loaded.
        let known = preview.flatMap { $0.id == tenant.id ? $0.facts : nil }
        detail.take(known ?? TenantFacts(tenant: tenant, transitions: [], executions: []))
        detail.tab = tab
        return enter(.tenant(detail))
    }

    /// Shows another page of a tenant's screen.
    mutating func select(_ tab: TenantDetail.Tab) -> [ConsoleEffect] {
        editTenantDetail { detail in
            detail.tab = tab
            detail.scrolledRows = 0
            detail.isFollowing = true
        }
        return visibleLoads
    }

    /// Goes to the next or the former page of a detail screen.
    mutating func turnTab(by step: Int) -> [ConsoleEffect] {
        switch place {
        case .tenant(let detail):
            return select(Self.neighbour(of: detail.tab, by: step))
        case .execution(let detail):
            let tab = Self.neighbour(of: detail.tab, by: step)
            editExecutionDetail {
                $0.tab = tab
                $0.scrolledRows = 0
            }
            return []
        case .callback(let detail):
            return select(Self.neighbour(of: detail.tab, by: step))
        case .run(let detail):
            let tab = Self.neighbour(of: detail.tab, by: step)
            editRunDetail { $0.open(tab) }
            return visibleLoads
        case .tenants, .executions, .causes, .callbacks, .runs, .approvals, .approval, .schedules, .schedule:
            return []
        }
    }

    private static func neighbour<Tab: CaseIterable & Equatable>(of tab: Tab, by step: Int) -> Tab {
        let all = Array(Tab.allCases)
        let index = all.firstIndex(of: tab) ?? 0
        return all[(index + step + all.count) % all.count]
    }

    /// Goes to one of the numbered screens.
    mutating func go(to place: Place) -> [ConsoleEffect] {
        dropToast()
        stack = place == .tenants ? [.tenants] : [.tenants, place]
        return visibleLoads
    }

    /// Peels one layer: filter, marks, view.
    mutating func back() -> [ConsoleEffect] {
        if scope == .tenants, !tenants.scroller.marks.isEmpty {
            tenants.scroller.clearMarks()
            return []
        }
        if scope == .callbacks || scope == .causes, hasCallbackMarks {
            clearCallbackMarks()
            return []
        }
        let bottom = scope == .callbacks ? deadLetters.enteredFilter : ""
        if filter.text != bottom { return use(ListFilter.read(bottom, in: scope)) }
        guard stack.count > 1 else { return [] }
        return leave()
    }

    /// Goes one step back.
    mutating func leave() -> [ConsoleEffect] {
        dropToast()
        // Marks speak of what was on the screen that goes.
        if scope == .callbacks || scope == .causes { clearCallbackMarks() }
        stack.removeLast()
        if scope == .causes { deadLetters.enteredFilter = "" }
        return visibleLoads
    }

    /// Closes a screen; on the first one, leaves.
    mutating func close() -> [ConsoleEffect] {
        if stack.count > 1 { return leave() }
        let unfinished = fleet?.unfinishedExecutionCount ?? 0
        guard fleet?.driver == .thisProcess, unfinished > 0 else { return [.quit] }
        let noun = unfinished == 1 ? "execution is" : "executions are"
        let dialog = ConfirmDialog(
            level: .line, title: "Quit",
            lines: [.init("effect", .sanitize("\(unfinished) \(noun) under way; the next start goes on with it"))])
        modal = .confirm(PendingChange(dialog: dialog, consequence: .quit))
        return []
    }
}
