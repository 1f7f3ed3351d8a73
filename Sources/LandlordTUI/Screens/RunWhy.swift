public import LandlordDomain
public import StatesLanguage

/// Says in one sentence why a run is where it is, and who has to act.
public enum RunWhy {
    /// The sentence, from the run's row, the tasks that it waits for, and how many branches of its state are under way.
    public static func sentence(
        _ run: WorkflowRun, tasks: [StoredTask], branches: Int = 0, now: Timestamp
    ) -> String {
        if run.status.isTerminal { return ended(run) }
        let state = run.currentState.map { "'\($0)'" } ?? "its first state"
        if run.control == .suspended { return "suspended in \(state): nothing begins until it is resumed" }
        let prefix = run.control == .compensating ? "takes back what it did: " : ""
        if run.subState == .backingOff, let wakeAt = run.wakeAt {
            let reason = run.error.map { " after \($0.code)" } ?? ""
            return prefix + "\(state) backs off\(reason) and is tried again in \(time(until: wakeAt, now)), "
                + "attempt \(run.retryCount + 1)"
        }
        if run.subState == .waiting, let wakeAt = run.wakeAt {
            return prefix + "\(state) waits for \(time(until: wakeAt, now)), until \(ClockText.dateAndTime(wakeAt))"
        }
        let open = tasks.filter { $0.status == .open }
        guard let first = open.first else {
            return prefix + (branches > 0 ? "\(state) has \(branches) branches under way" : "\(state) works")
        }
        let others = open.count > 1 ? ", and \(open.count - 1) more tasks" : ""
        return prefix + "'\(first.task.stateName)' \(wait(for: first, now))\(others)"
    }

    private static func ended(_ run: WorkflowRun) -> String {
        let end = run.endedAt ?? run.updatedAt
        let took = DurationText.between(run.createdAt, end)
        if run.status == .succeeded { return "succeeded in \(took)" }
        let word = run.status == .timedOut ? "timed out" : run.status.rawValue
        let state = run.currentState.map { " in '\($0)'" } ?? ""
        let error = run.error.map { ": \($0.code)\($0.message.isEmpty ? "" : ", \($0.message)")" } ?? ""
        return "\(word)\(state) after \(took)\(error)"
    }

    /// What a task waits for, since when, and how long still.
    static func wait(for task: StoredTask, _ now: Timestamp) -> String {
        let age = AgeText.text(now.duration(since: task.askedAt))
        var text = "\(who(task, now)), asked \(age) ago"
        if task.task.attempt > 1 { text += ", attempt \(task.task.attempt)" }
        if let seconds = task.task.timeoutSeconds {
            let end = task.askedAt.advanced(by: .seconds(seconds))
            text += ", gives up in \(time(until: end, now))"
        }
        return text
    }

    private static func who(_ task: StoredTask, _ now: Timestamp) -> String {
        let resource = task.task.resource
        if task.status == .cancelling { return "is being given up" }
        if let semaphore = task.task.semaphore, !task.isAdmitted {
            return "waits for a place in the limit '\(semaphore)'"
        }
        if let name = name(in: resource, behind: "landlord:activity:") {
            guard let worker = task.worker, let until = task.leaseUntil, until > now else {
                return "waits for a worker of '\(name)'"
            }
            return "is with the worker \(worker) for \(time(until: until, now)) more"
        }
        if let name = name(in: resource, behind: "landlord:signal:") { return "waits for the signal '\(name)'" }
        if resource.hasPrefix("landlord:approval") { return "waits for people to approve" }
        if resource.hasPrefix("landlord:workflow") { return "waits for the run that it started" }
        if resource.hasPrefix("landlord:compute") { return "waits for compute (\(resource))" }
        return task.task.token == nil ? "waits for \(resource)" : "waits for whoever has the token of \(resource)"
    }

    private static func name(in resource: String, behind prefix: String) -> String? {
        resource.hasPrefix(prefix) ? String(resource.dropFirst(prefix.count)) : nil
    }

    private static func time(until end: Timestamp, _ now: Timestamp) -> String {
        AgeText.text(max(.zero, end.duration(since: now)))
    }
}
