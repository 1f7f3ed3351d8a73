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
        causes.settle(isHeld: areCausesHeld)
        callbacks.settle(isHeld: areCallbacksHeld)
        runs.settle(isHeld: areRunsHeld)
        approvals.settle(isHeld: areApprovalsHeld)
        schedules.settle(isHeld: areSchedulesHeld)
    }

    /// Loads what the part beside or below a list shows of the row under the cursor.
    private mutating func followCursor() -> [ConsoleEffect] {
        if scope == .causes { return followCause() }
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
        let all = visibleLoads + operationLoads(for: batch)
        guard batch.isComplete else { return all }
        return all.filter { effect in
            guard case .load(let query) = effect else { return false }
            switch query {
            case .fleet: return true
            case .tenants: return !batch.tenants.isEmpty
            case .executions: return !batch.executions.isEmpty
            case .causes, .callbacks, .sample: return batch.hasCallbacks
            case .callback: return batch.hasCallbacks || batch.hasRuns
            case .operations: return batch.hasCallbacks || batch.hasOperations
            case .tenant(let id): return batch.tenants.contains(id.rawValue)
            case .execution(let id): return batch.hasRuns || batch.executions.contains(id.rawValue)
            case .runs, .run, .approvals, .approval: return batch.hasRuns
            case .schedules, .schedule: return batch.hasSchedules
            case .logs, .running, .preview: return false
            }
        }
    }
}

extension ConsoleModel {
    private mutating func take(_ answer: LoadAnswer) -> [ConsoleEffect] {
        switch answer {
        case .fleet(let fleet):
            if let trouble = fleet.trouble, trouble != self.fleet?.trouble { show(trouble.advice, level: .error) }
            self.fleet = fleet
        case .tenants(let query, let anchors, let page):
            guard query == tenantQuery || anchors != nil && tenants.isWalking else { return [] }
            tenants.take(page, walked: anchors, isHeld: areTenantsHeld, height: layout.listRows)
        case .executions(let query, let anchors, let page):
            guard query == executionQuery || anchors != nil && executions.isWalking else { return [] }
            executions.take(page, walked: anchors, isHeld: areExecutionsHeld, height: layout.listRows)
        case .causes(let query, let found):
            guard query == causeQuery else { return [] }
            take(found)
        case .callbacks(let query, let anchors, let page):
            guard query == callbackQuery || anchors != nil && callbacks.isWalking else { return [] }
            callbacks.take(page, walked: anchors, isHeld: areCallbacksHeld, height: layout.listRows)
        case .tenant(let id, let facts):
            if preview?.id == id { preview?.take(facts) }
            editTenantDetail { if $0.id == id { $0.take(facts) } }
        case .execution(let id, let facts):
            editExecutionDetail { if $0.id == id { $0.take(facts) } }
        case .runs(let query, let anchors, let page, let open):
            guard query == runQuery || anchors != nil && runs.isWalking else { return [] }
            runs.take(page, walked: anchors, isHeld: areRunsHeld, height: layout.listRows)
            openTasks = open
        case .run(let id, let part, let facts):
            editRunDetail { if $0.id == id { $0.take(facts, part: part) } }
            restoreRunScroll()
        case .approvals(let query, let anchors, let page):
            guard query == approvalQuery || anchors != nil && approvals.isWalking else { return [] }
            approvals.take(page, walked: anchors, isHeld: areApprovalsHeld, height: layout.listRows)
        case .approval(let id, let facts):
            editApprovalDetail { if $0.id == id { $0.take(facts) } }
        case .schedules(let query, let anchors, let page):
            guard query == scheduleQuery || anchors != nil && schedules.isWalking else { return [] }
            schedules.take(page, walked: anchors, isHeld: areSchedulesHeld, height: layout.listRows)
        case .schedule(let name, let facts):
            editScheduleDetail { if $0.name == name { $0.take(facts) } }
        case .callback(let id, let facts):
            editCallbackDetail { if $0.id == id { $0.take(facts) } }
        case .sample(let cause, let facts):
            if deadLetters.sample?.cause == cause { deadLetters.sample?.facts = facts }
        case .preview(let request, let preview):
            ask(about: request, preview)
        case .operations(let found):
            take(found)
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
        case .causes: causes.loadFailed()
        case .callbacks: callbacks.loadFailed()
        case .runs: runs.loadFailed()
        case .approvals: approvals.loadFailed()
        case .schedules: schedules.loadFailed()
        case .fleet, .tenant, .execution, .run, .callback, .sample, .operations, .approval, .schedule: break
        case .logs, .running, .preview:
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
        return visibleLoads + [.load(.operations)]
    }
}

extension ConsoleModel {
    /// When something that is visible changes by time alone.
    var nextTick: Duration? {
        var waits: [Duration] = []
        if let toastEnd { waits.append(max(.zero, toastEnd.duration(since: now))) }
        if staleSince != nil { waits.append(.seconds(min(30, 1 << min(failedLoadCount, 5)))) }
        for list in [
            tenants.heldUntil, executions.heldUntil, causes.heldUntil, callbacks.heldUntil, runs.heldUntil,
            approvals.heldUntil, schedules.heldUntil,
        ] {
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
        case .causes:
            for id in causes.scroller.visible(height: layout.causeRows) {
                guard let cause = causes.item(id) else { continue }
                waits += [nextAge(of: cause.firstAt), nextAge(of: cause.lastAt)]
            }
        case .callbacks:
            for id in callbacks.scroller.visible(height: layout.listRows) {
                if let callback = callbacks.item(id) { waits += nextChanges(of: callback) }
            }
        case .runs:
            for id in runs.scroller.visible(height: layout.listRows) {
                if let run = runs.item(id) { waits.append(nextAge(of: run.createdAt)) }
            }
        case .approvals:
            for id in approvals.scroller.visible(height: layout.listRows) {
                if let approval = approvals.item(id) { waits += nextChanges(of: approval) }
            }
        case .approval(let detail):
            if let approval = detail.facts?.approval { waits += nextChanges(of: approval) }
        case .schedules:
            for id in schedules.scroller.visible(height: layout.listRows) {
                if let schedule = schedules.item(id) { waits += nextChanges(of: schedule) }
            }
        case .schedule(let detail):
            if let schedule = detail.facts?.schedule { waits += nextChanges(of: schedule) }
        case .run(let detail):
            // What a run waits for is counted by the second.
            if detail.facts?.run.status.isTerminal == false { waits.append(.seconds(1)) }
        case .callback(let detail):
            if let callback = detail.facts?.callback { waits += nextChanges(of: callback) }
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

    /// When the age, or the wait until the next attempt, says something else.
    private func nextChanges(of callback: Callback) -> [Duration] {
        let age = nextAge(of: callback.createdAt)
        guard callback.status == .pending, callback.nextAttemptAt > now else { return [age] }
        return [age, AgeText.nextChange(before: callback.nextAttemptAt.duration(since: now))]
    }

    /// When the age, or the time that is left, says something else.
    private func nextChanges(of approval: Approval) -> [Duration] {
        let age = nextAge(of: approval.createdAt)
        guard approval.status == .pending, let end = approval.expiresAt, end > now else { return [age] }
        return [age, AgeText.nextChange(before: end.duration(since: now))]
    }

    /// When the time until the next moment says something else.
    private func nextChanges(of schedule: Schedule) -> [Duration] {
        guard let next = schedule.nextAt, next > now else { return [] }
        return [AgeText.nextChange(before: next.duration(since: now))]
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
