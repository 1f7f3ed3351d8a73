public import LandlordDomain
public import StatesLanguage

/// Says in one sentence why a run is where it is, and who has to act.
public enum RunWhy {
    /// What is stored of a run beside its row.
    public struct Facts: Hashable, Sendable {
        /// The tasks that it waits for, or the first of them.
        public var tasks: [StoredTask]
        /// How many tasks it waits for where not all are known; those of `tasks` otherwise.
        public var taskCount: Int?
        /// How far the branches of its state are.
        public var branches: BranchProgress?
        /// Who has suspended it, since when and why.
        public var suspension: RunSuspension?
        /// What it runs.
        public var outline: MachineOutline?

        /// Gathers what a list knows beside the row.
        public init(_ open: OpenTasks?) {
            self.init(tasks: open.map { [$0.first] } ?? [])
            taskCount = open?.count
        }

        /// Gathers what is known.
        public init(
            tasks: [StoredTask] = [], branches: BranchProgress? = nil, suspension: RunSuspension? = nil,
            outline: MachineOutline? = nil
        ) {
            self.tasks = tasks
            self.branches = branches
            self.suspension = suspension
            self.outline = outline
        }

        /// The number of an attempt of a state, with how many there are at most where that is known.
        fileprivate func attempt(_ number: Int, of state: String?) -> String {
            let limit = state.flatMap { outline?.node(named: $0)?.attemptLimit }
            return "attempt \(number)" + (limit.map { " of \(max(number, $0))" } ?? "")
        }
    }

    /// The reason alone, for a column beside the status: the error of a run that failed, or the sentence.
    public static func short(_ run: WorkflowRun, _ facts: Facts = Facts(), now: Timestamp) -> String {
        guard run.status.isTerminal else { return sentence(run, facts, now: now) }
        let took = "took \(DurationText.between(run.createdAt, run.endedAt ?? run.updatedAt))"
        return run.error.map { $0.message.isEmpty ? $0.code : "\($0.code): \($0.message)" } ?? took
    }

    /// The sentence, from the run's row and what else is stored of it.
    public static func sentence(_ run: WorkflowRun, _ facts: Facts = Facts(), now: Timestamp) -> String {
        if run.status.isTerminal { return ended(run) }
        let state = run.currentState.map { "'\($0)'" } ?? "its first state"
        if run.control == .suspended { return suspended(in: state, facts.suspension, now) }
        let prefix = run.control == .compensating ? "takes back what it did: " : ""
        if run.subState == .backingOff, let wakeAt = run.wakeAt {
            let reason = run.error.map { " after \($0.code)" } ?? ""
            let again = overdue(wakeAt, now).map { "was to be tried again \($0) ago" }
            return prefix + "\(state) backs off\(reason) and "
                + (again ?? "is tried again in \(time(until: wakeAt, now))") + ", "
                + facts.attempt(run.retryCount + 1, of: run.currentState)
        }
        if run.subState == .waiting, let wakeAt = run.wakeAt {
            return prefix + "\(state) \(wait(until: wakeAt, now))"
        }
        let open = facts.tasks.filter { $0.status == .open }
        let progress = progress(of: run, facts)
        guard let first = open.first else { return prefix + "\(state) " + (progress.map { "has \($0)" } ?? "works") }
        let count = facts.taskCount ?? open.count
        let others = count > 1 ? ", and \(count - 1) more task\(count == 2 ? "" : "s")" : ""
        return prefix + (progress.map { "\(state) has \($0); " } ?? "")
            + "'\(first.task.stateName)' \(wait(for: first, facts, now))\(others)"
    }

    /// How long ago a time was of which nobody has taken notice, as when nobody drives; nil for one that is to come or
    /// has just come.
    private static func overdue(_ end: Timestamp, _ now: Timestamp) -> String? {
        let age = now.duration(since: end)
        return age < .seconds(1) ? nil : AgeText.text(age)
    }

    /// When a run goes on by itself, or when it should have.
    static func wait(until end: Timestamp, _ now: Timestamp) -> String {
        let clock = ClockText.dateAndTime(end)
        guard let age = overdue(end, now) else { return "waits for \(time(until: end, now)), until \(clock)" }
        return "was to go on \(age) ago, at \(clock)"
    }

    private static func suspended(in state: String, _ suspension: RunSuspension?, _ now: Timestamp) -> String {
        guard let suspension else { return "suspended in \(state): nothing begins until it is resumed" }
        let reason = suspension.order.reason.isEmpty ? "" : " (\(suspension.order.reason))"
        let age = AgeText.text(now.duration(since: suspension.since))
        return "suspended by \(suspension.order.actor)\(reason) \(age) ago in \(state): "
            + "nothing begins until it is resumed"
    }

    /// How far the items of a Map or the branches of a Parallel are.
    private static func progress(of run: WorkflowRun, _ facts: Facts) -> String? {
        guard let branches = facts.branches else { return nil }
        let isMap = run.currentState.flatMap { facts.outline?.node(named: $0)?.type } == .map
        let failed = branches.failedCount > 0 ? ", \(branches.failedCount) failed" : ""
        return "\(branches.doneCount) of \(branches.total) \(isMap ? "items" : "branches") done\(failed)"
    }

    private static func ended(_ run: WorkflowRun) -> String {
        let end = run.endedAt ?? run.updatedAt
        let took = DurationText.between(run.createdAt, end)
        if run.status == .succeeded { return "succeeded in \(took)" }
        let word = run.status == .timedOut ? "timed out" : run.status.rawValue
        let state = run.currentState.map { " in '\($0)'" } ?? ""
        let error = run.error.map { ": \(text(of: $0))" } ?? ""
        return "\(word)\(state) after \(took)\(error)"
    }

    /// An error with what it says; a time that is over says nothing by itself.
    private static func text(of error: WorkflowFailure) -> String {
        let silent = error.code == "States.Timeout" ? "no answer, or no heartbeat, in time" : ""
        let message = error.message.isEmpty ? silent : error.message
        return message.isEmpty ? error.code : "\(error.code), \(message)"
    }

    /// What a task waits for, since when, and how long still.
    static func wait(for task: StoredTask, _ facts: Facts, _ now: Timestamp) -> String {
        let age = AgeText.text(now.duration(since: task.askedAt))
        var text = "\(who(task, now)), asked \(age) ago"
        if task.task.attempt > 1 { text += ", \(facts.attempt(task.task.attempt, of: task.task.stateName))" }
        if let end = deadline(of: task) {
            text += overdue(end, now).map { ", was to give up \($0) ago" } ?? ", gives up in \(time(until: end, now))"
        }
        if task.worker != nil, let seconds = task.task.heartbeatSeconds {
            text += ", with a heartbeat every \(AgeText.text(.seconds(seconds))) at least"
        }
        return text
    }

    /// When a task is given up at the latest: at the end of its time, or for want of a heartbeat where nobody is there
    /// to give one.
    private static func deadline(of task: StoredTask) -> Timestamp? {
        let heartbeat = task.worker == nil ? task.task.heartbeatSeconds : nil
        return [task.task.timeoutSeconds, heartbeat].compactMap { $0 }.min().map {
            task.askedAt.advanced(by: .seconds($0))
        }
    }

    private static func who(_ task: StoredTask, _ now: Timestamp) -> String {
        let resource = task.task.resource
        if task.status == .cancelling { return "is being given up" }
        if task.isSubmitted { return "waits for whoever has the token of \(resource)" }
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
        if resource.hasPrefix("landlord:workflow") {
            return "waits for the run '\(task.task.parameters["Name"]?.stringValue ?? task.reference.childRunID)'"
        }
        if resource.hasPrefix("landlord:compute") { return "waits for compute (\(resource))" }
        return task.task.token == nil ? "waits for \(resource)" : "waits for whoever has the token of \(resource)"
    }

    private static func name(in resource: String, behind prefix: String) -> String? {
        guard resource.hasPrefix(prefix) else { return nil }
        return String(TaskResource.withoutTokenPattern(resource).dropFirst(prefix.count))
    }

    private static func time(until end: Timestamp, _ now: Timestamp) -> String {
        AgeText.text(max(.zero, end.duration(since: now)))
    }
}
