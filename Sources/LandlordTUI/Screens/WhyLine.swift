import LandlordDomain
import StatesLanguage

/// The third line from the bottom: one sentence that says why the thing under the cursor is as it is.
enum WhyLine {
    /// Explains what is under the cursor.
    static func text(of model: ConsoleModel) -> String {
        switch model.place {
        case .tenants:
            if let tenant = model.tenants.selected {
                return text(of: tenant, driver: model.fleet?.driver, now: model.now)
            }
            return model.tenants.hasLoaded ? emptyText(of: model.tenantFilter) : ""
        case .executions:
            return model.executions.selected.map { text(of: $0, now: model.now) } ?? ""
        case .causes:
            return model.causes.selected.map { CallbackText.why($0, now: model.now) } ?? ""
        case .callbacks:
            return model.callbacks.selected.map { CallbackText.why($0, now: model.now) } ?? ""
        case .tenant(let detail):
            if detail.isGone { return "why \(detail.name): it does not exist any more" }
            if let execution = detail.selectedExecution { return text(of: execution, now: model.now) }
            return detail.facts.map { text(of: $0.tenant, driver: model.fleet?.driver, now: model.now) } ?? ""
        case .execution(let detail):
            if detail.isGone { return "why \(detail.id): it does not exist any more" }
            return detail.facts.map { text(of: $0.execution, now: model.now) } ?? ""
        case .runs:
            return model.runs.selected.map { why($0, RunWhy.Facts(model.openTasks[$0.id]), model.now) } ?? ""
        case .run(let detail):
            if detail.isGone { return "why \(detail.id): it does not exist any more" }
            return detail.facts.map { why($0.run, $0.why, model.now) } ?? ""
        case .approvals:
            return model.approvals.selected.map { ApprovalText.why($0, now: model.now) } ?? ""
        case .approval(let detail):
            if detail.isGone { return "why \(detail.id): it does not exist any more" }
            return detail.facts.map { ApprovalText.why($0.approval, now: model.now) } ?? ""
        case .schedules:
            return model.schedules.selected.map { ScheduleText.why($0, now: model.now) } ?? ""
        case .schedule(let detail):
            if detail.isGone { return "why \(detail.name): it does not exist any more" }
            return detail.facts.map { ScheduleText.why($0.schedule, now: model.now) } ?? ""
        case .callback(let detail):
            if detail.isGone { return "why \(detail.id): it does not exist any more" }
            return detail.facts.map { CallbackText.why($0.callback, now: model.now) } ?? ""
        }
    }

    private static func why(_ run: WorkflowRun, _ facts: RunWhy.Facts, _ now: Timestamp) -> String {
        "why \(run.id): \(RunWhy.sentence(run, facts, now: now))"
    }

    private static func emptyText(of filter: ListFilter) -> String {
        filter.text.isEmpty ? "no tenants yet: P provisions the first one" : "no tenant matches; esc clears the filter"
    }

    /// Explains a tenant.
    static func text(of tenant: Tenant, driver: Fleet.Driver?, now: Timestamp) -> String {
        let age = AgeText.text(now.duration(since: tenant.statusSince))
        var parts: [String] = []
        switch tenant.status {
        case .failed:
            let phase = tenant.failedWhile.map { $0 == .planning ? "" : " while \($0.rawValue)" } ?? ""
            let reason = tenant.statusMessage.isEmpty ? "" : ", \(tenant.statusMessage)"
            parts.append("failed \(age) ago\(phase)\(reason)")
            parts.append("R tries again")
        case .requested, .planning, .provisioning, .updating, .archiving, .deleting:
            parts.append("\(tenant.status.rawValue) for \(age)")
            parts += progress(of: tenant, now: now)
            if driver == .nobody { parts.append("nobody drives this database") }
        case .ready:
            parts.append("ready for \(age), generation \(tenant.observedGeneration)")
            if let drift = tenant.drift { parts.append("drifted: \(drift)") }
            if tenant.hasUnappliedChange { parts.append("a newer spec waits to be applied") }
            if tenant.drift == nil, let endpoint = tenant.endpoints.first { parts.append(endpoint.url) }
        case .archived:
            parts.append("archived \(age) ago, its compute is removed; D deletes the record")
        case .deleted:
            parts.append("deleted \(age) ago; the history stays")
        }
        return "why \(tenant.name): " + parts.joined(separator: "; ")
    }

    private static func progress(of tenant: Tenant, now: Timestamp) -> [String] {
        var parts: [String] = []
        if let due = tenant.nextAttemptAt, due > now {
            parts.append("try \(tenant.retryCount + 1) in \(AgeText.text(due.duration(since: now)))")
        }
        if let run = tenant.run {
            switch run.subState {
            case .backingOff: parts.append("backing off after try \(run.retryCount + 1)")
            case .waiting: parts.append("its run waits")
            case .error: parts.append("its run reports an error")
            case .running, .succeeded, .failed, nil: break
            }
            if let error = run.errorMessage, !error.isEmpty { parts.append(error) }
        } else if tenant.status == .requested {
            parts.append("no run has started")
        }
        return parts
    }

    /// Explains an execution.
    static func text(of execution: ComputeExecution, now: Timestamp) -> String {
        let what = "\(execution.operation.rawValue) of \(execution.tenantName)"
        let start = execution.startedAt ?? execution.createdAt
        switch execution.status {
        case .pending:
            return "why \(execution.id): \(what) waits to be started"
                + (execution.cancelRequestedAt == nil ? "" : "; it should stop")
        case .running:
            let age = AgeText.text(now.duration(since: start))
            let step = execution.progress.map { ", \($0)" } ?? ""
            let stop = execution.cancelRequestedAt == nil ? "" : "; it should stop: \(execution.cancelReason ?? "")"
            return "why \(execution.id): \(what) runs for \(age) at \(execution.provider)\(step)\(stop)"
        case .succeeded:
            return "why \(execution.id): \(what) succeeded in \(DurationText.between(start, execution.endedAt))"
        case .failed, .cancelled, .timedOut:
            let error = execution.error.map { ", \($0.code.rawValue) (\($0.errorClass.rawValue)): \($0.message)" }
            return "why \(execution.id): \(what) \(execution.status.word)\(error ?? "")"
        }
    }
}

/// Writes how long something took.
enum DurationText {
    /// The time between two moments: `0.8s`, `41s`, `14m`; nothing for what has not ended.
    static func between(_ start: Timestamp, _ end: Timestamp?) -> String {
        guard let end else { return "" }
        return AgeText.preciseText(end.duration(since: start))
    }
}
