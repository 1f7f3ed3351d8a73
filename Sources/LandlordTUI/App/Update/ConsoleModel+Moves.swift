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
        case .callbacks:
            let wish = callbacks.move(move.motion(of: Callback.ID.self), height: height, at: now) { $0.listCursor }
            return effects(of: wish, .callbacks(callbackQuery, toEnd: wish == .end))
        case .tenant:
            moveInTenant(move)
        case .execution:
            let limit = scrollLimit
            editExecutionDetail {
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
            stack.append(.execution(ExecutionDetail(id: execution.id)))
            return [.load(.execution(execution.id))]
        case .callbacks:
            guard let callback = callbacks.selected else { return [] }
            stack.append(.execution(ExecutionDetail(id: callback.executionID)))
            return [.load(.execution(callback.executionID))]
        case .execution(let detail):
            guard let execution = detail.facts?.execution else { return [] }
            stack.append(.tenant(TenantDetail(id: execution.tenantID, name: execution.tenantName)))
            return [.load(.tenant(execution.tenantID))]
        }
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
        stack.append(.tenant(detail))
        if stack.count > Self.stackLimit { stack.remove(at: 1) }
        return visibleLoads
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
        case .tenants, .executions, .callbacks:
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
        stack = place == .tenants ? [.tenants] : [.tenants, place]
        return visibleLoads
    }

    /// Peels one layer: filter, marks, view.
    mutating func back() -> [ConsoleEffect] {
        if scope == .tenants, !tenants.scroller.marks.isEmpty {
            tenants.scroller.clearMarks()
            return []
        }
        let hasFilter =
            scope == .tenants && !tenantFilter.text.isEmpty || scope == .executions && !executionFilter.text.isEmpty
        if hasFilter {
            return use(ListFilter())
        }
        guard stack.count > 1 else { return [] }
        stack.removeLast()
        return visibleLoads
    }

    /// Closes a screen; on the first one, leaves.
    mutating func close() -> [ConsoleEffect] {
        if stack.count > 1 {
            stack.removeLast()
            return visibleLoads
        }
        let unfinished = fleet?.unfinishedExecutionCount ?? 0
        guard fleet?.driver == .thisProcess, unfinished > 0 else { return [.quit] }
        let noun = unfinished == 1 ? "execution is" : "executions are"
        let dialog = ConfirmDialog(
            level: .line, title: "Quit",
            lines: [.init("effect", .sanitize("\(unfinished) \(noun) under way; the next start goes on with it"))])
        modal = .confirm(PendingChange(dialog: dialog, consequence: .quit))
        return []
    }

    mutating func sort(by order: TenantQuery.Order) -> [ConsoleEffect] {
        guard order != tenantOrder else { return [] }
        tenantOrder = order
        tenants.startOver()
        return [.load(.tenants(tenantQuery, toEnd: false))]
    }
}
