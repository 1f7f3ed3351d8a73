import LandlordDomain
import StatesLanguage

extension ConsoleModel {
    /// Takes an event and returns what should be done about it.
    mutating func update(_ event: ConsoleEvent) -> [ConsoleEffect] {
        now = max(now, event.at)
        if let end = toastEnd, end <= now {
            toast = nil
            toastEnd = nil
        }
        let effects = take(event.kind)
        settle()
        return effects + followCursor()
    }

    private mutating func take(_ kind: ConsoleEvent.Kind) -> [ConsoleEffect] {
        switch kind {
        case .key(let key): return handle(key)
        case .resize(let newSize):
            size = newSize
            return visibleLoads
        case .tick: return tick()
        case .changed(let batch): return isPaused ? [] : loads(for: batch)
        case .loaded(let answer):
            staleSince = nil
            failedLoadCount = 0
            return take(answer)
        case .loadFailed(let query, let message): return takeFailure(of: query, message)
        case .submitted(let verb, let outcome): return take(outcome, of: verb)
        case .draft(let answer): return take(answer)
        case .editorEnded(let draft, let code): return editorEnded(draft, code: code)
        }
    }

    /// Time alone went on: what waits for it is done.
    private mutating func tick() -> [ConsoleEffect] {
        if staleSince != nil { return visibleLoads }
        if case .tenant(let detail) = place, detail.tab == .logs, !isPaused {
            return [.load(.logs(detail.id, after: detail.logPlace))]
        }
        return []
    }

    /// Lets rows take their places where nothing holds them any more.
    private mutating func settle() {
        tenants.settle(isHeld: areTenantsHeld)
        executions.settle(isHeld: areExecutionsHeld)
        callbacks.settle(isHeld: areCallbacksHeld)
    }

    /// Loads the tenant under the cursor for the second pane.
    private mutating func followCursor() -> [ConsoleEffect] {
        guard layout.hasTwoPanes, scope == .tenants, let tenant = tenants.selected else {
            if scope == .tenants { preview = nil }
            return []
        }
        if preview?.id == tenant.id { return [] }
        preview = TenantDetail(id: tenant.id, name: tenant.name)
        return [.load(.tenant(tenant.id))]
    }

    /// What of the screen a change may concern.
    private func loads(for batch: ChangeBatch) -> [ConsoleEffect] {
        guard batch.isComplete else { return visibleLoads }
        return visibleLoads.filter { effect in
            guard case .load(let query) = effect else { return false }
            switch query {
            case .fleet: return true
            case .tenants: return !batch.tenants.isEmpty
            case .executions: return !batch.executions.isEmpty
            case .callbacks: return batch.hasCallbacks
            case .tenant(let id): return batch.tenants.contains(id.rawValue)
            case .execution(let id): return batch.hasRuns || batch.executions.contains(id.rawValue)
            case .logs, .running: return false
            }
        }
    }
}

extension ConsoleModel {
    private mutating func take(_ answer: LoadAnswer) -> [ConsoleEffect] {
        switch answer {
        case .fleet(let fleet):
            self.fleet = fleet
        case .tenants(let query, let anchors, let page):
            guard query == tenantQuery || anchors != nil && tenants.isWalking else { return [] }
            tenants.take(page, walked: anchors, isHeld: areTenantsHeld, height: layout.listRows)
        case .executions(let query, let anchors, let page):
            guard query == executionQuery || anchors != nil && executions.isWalking else { return [] }
            executions.take(page, walked: anchors, isHeld: areExecutionsHeld, height: layout.listRows)
        case .callbacks(let query, let anchors, let page):
            guard query == callbackQuery || anchors != nil && callbacks.isWalking else { return [] }
            callbacks.take(page, walked: anchors, isHeld: areCallbacksHeld, height: layout.listRows)
        case .tenant(let id, let facts):
            if preview?.id == id { preview?.take(facts) }
            editTenantDetail { if $0.id == id { $0.take(facts) } }
        case .execution(let id, let facts):
            editExecutionDetail { if $0.id == id { $0.take(facts) } }
        case .logs(let id, let place, let lines, let newPlace):
            editTenantDetail { detail in
                // An answer to an older question would show lines twice.
                if detail.id == id, detail.logPlace == place { detail.takeLogs(lines, newPlace) }
            }
        case .running(_, let name, let execution):
            askToCancel(execution, tenantName: name)
        }
        return []
    }

    private mutating func takeFailure(of query: ConsoleQuery, _ message: String) -> [ConsoleEffect] {
        switch query {
        case .tenants: tenants.loadFailed()
        case .executions: executions.loadFailed()
        case .callbacks: callbacks.loadFailed()
        case .fleet, .tenant, .execution: break
        case .logs, .running:
            // One thing could not be told; the screen itself is up to date.
            show(message, level: .error)
            return []
        }
        failedLoadCount += 1
        if staleSince == nil {
            staleSince = now
            show(message, level: .error)
        }
        return []
    }

    private mutating func take(_ outcome: VerbOutcome, of verb: ConsoleVerb) -> [ConsoleEffect] {
        switch outcome {
        case .done(let text, let tenantID):
            show(text)
            if case .apply = verb { tenants.wantedCursor = tenantID }
        case .refused(let reason):
            show(reason, level: .error)
        }
        return visibleLoads
    }
}

extension ConsoleModel {
    /// When something that is visible changes by time alone.
    var nextTick: Duration? {
        var waits: [Duration] = []
        if let toastEnd { waits.append(max(.zero, toastEnd.duration(since: now))) }
        if staleSince != nil { waits.append(.seconds(min(30, 1 << min(failedLoadCount, 5)))) }
        for list in [tenants.heldUntil, executions.heldUntil, callbacks.heldUntil] {
            if let list { waits.append(max(.zero, list.duration(since: now))) }
        }
        switch place {
        case .tenants:
            for id in tenants.scroller.visible(height: layout.listRows) {
                if let tenant = tenants.item(id) { waits.append(nextAge(of: tenant.statusSince)) }
            }
        case .executions:
            for id in executions.scroller.visible(height: layout.listRows) {
                guard let execution = executions.item(id) else { continue }
                waits.append(nextAge(of: execution.status.isTerminal ? execution.updatedAt : execution.createdAt))
            }
        case .callbacks:
            for id in callbacks.scroller.visible(height: layout.listRows) {
                if let callback = callbacks.item(id) { waits.append(nextAge(of: callback.createdAt)) }
            }
        case .tenant(let detail):
            if let tenant = detail.facts?.tenant { waits.append(nextAge(of: tenant.statusSince)) }
            if detail.tab == .logs, !isPaused { waits.append(.seconds(1)) }
        case .execution(let detail):
            if let execution = detail.facts?.execution, !execution.status.isTerminal {
                waits.append(nextAge(of: execution.createdAt))
            }
        }
        return waits.min()
    }

    private func nextAge(of start: Timestamp) -> Duration {
        AgeText.nextChange(after: now.duration(since: start))
    }
}

extension LiveList {
    /// When rows that wait may take their places; nil where none waits.
    var heldUntil: Timestamp? {
        guard scroller.pending != nil, scroller.marks.isEmpty, let movedAt else { return nil }
        return movedAt.advanced(by: .milliseconds(ConsoleModel.holdMilliseconds))
    }
}
