public import StatesLanguage

extension Schedule {
    /// Deals with every moment that is due, and with those that wait.
    ///
    /// Nothing is started here: what is to be started stands in `starting`, and is durable before it is done.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - isBusy: Whether the last run is not over.
    ///   - rules: The clocks of the schedule's zone.
    /// - Returns: Nil where there is nothing to do.
    public func turn(at now: Timestamp, isBusy: Bool, in rules: TimeZoneRules) -> ScheduleStep? {
        guard pause == nil else { return nil }
        var step = ScheduleStep(self)
        step.release(isBusy: isBusy)
        if let nextAt, nextAt <= now {
            for moment in step.due(at: now, in: rules) { step.admit(moment, isBusy: isBusy, at: now) }
            step.schedule.plannedThrough = max(plannedThrough, now)
            step.schedule.plan(in: rules)
        }
        return step.schedule == ScheduleStep(self).schedule ? nil : step
    }

    /// Whether the run that it started last is to be cancelled because another one waits for its end.
    public var wantsCancellation: Bool { spec.overlap == .cancel && !waiting.isEmpty }

    /// Sets when it is due next.
    mutating func plan(in rules: TimeZoneRules) {
        nextAt = nil
        guard pause == nil else { return }
        let place = max(plannedThrough, spec.startAt?.advanced(by: .milliseconds(-1)) ?? plannedThrough)
        guard let next = spec.recurrence.next(after: place, in: rules), next <= spec.endAt ?? next else { return }
        nextAt = next
    }

    /// The run for a moment is there.
    public func started(_ moment: Timestamp, runID: String, at now: Timestamp) -> ScheduleStep? {
        settled(moment) { step in
            step.schedule.lastRunID = runID
            step.add(ScheduleEvent(.started, moment: moment, runID: runID, at: now))
        }
    }

    /// The run for a moment will not be started.
    public func refused(_ moment: Timestamp, _ reason: String, at now: Timestamp) -> ScheduleStep? {
        settled(moment) { $0.add(ScheduleEvent(.refused, moment: moment, reason, at: now)) }
    }

    private func settled(_ moment: Timestamp, _ body: (inout ScheduleStep) -> Void) -> ScheduleStep? {
        guard let index = starting.firstIndex(of: moment) else { return nil }
        var step = ScheduleStep(self)
        step.schedule.starting.remove(at: index)
        body(&step)
        return step
    }
}

extension ScheduleStep {
    private var isBusyWithStarts: Bool { !schedule.starting.isEmpty }

    /// Lets the one that has waited longest start, when its time has come.
    fileprivate mutating func release(isBusy: Bool) {
        guard !isBusy, !isBusyWithStarts, !schedule.waiting.isEmpty else { return }
        schedule.starting.append(schedule.waiting.removeFirst())
    }

    /// The moments up to now that count, oldest first; what is not caught up with is written down.
    fileprivate mutating func due(at now: Timestamp, in rules: TimeZoneRules) -> [Timestamp] {
        let spec = schedule.spec
        let begin = max(
            schedule.plannedThrough, spec.startAt?.advanced(by: .milliseconds(-1)) ?? schedule.plannedThrough)
        let end = min(now, spec.endAt ?? now)
        let late = now.advanced(by: .zero - Schedule.grace)
        let window = max(begin, now.advanced(by: .zero - max(spec.catchUpWindow, Schedule.grace)))
        let found = spec.recurrence.moments(after: window, through: end, newest: Schedule.startLimit, in: rules)
        let onTime = found.newest.filter { $0 > late }
        let taken: [Timestamp]
        switch spec.catchUp {
        case .skip: taken = onTime
        case .one: taken = onTime.isEmpty ? found.newest.suffix(1) : onTime
        case .all: taken = found.newest
        }
        let isWindowCut = schedule.nextAt.map { $0 <= window } ?? false
        let missedCount = found.count - taken.count
        guard missedCount > 0 || isWindowCut else { return taken }
        let count = missedCount == 1 ? "1 moment" : "\(missedCount) moments"
        let since = isWindowCut ? "every moment up to \(window), and \(count) after it" : "\(count) since \(begin)"
        add(ScheduleEvent(.missed, "\(since): not caught up with (\(spec.catchUp.rawValue))", at: now))
        return taken
    }

    /// Decides what becomes of one moment.
    mutating func admit(_ moment: Timestamp, isBusy: Bool, at now: Timestamp) {
        let isFree = !isBusy && !isBusyWithStarts && schedule.waiting.isEmpty
        let previous = schedule.lastRunID.map { "run \($0)" } ?? "the run before"
        switch schedule.spec.overlap {
        case .allow where schedule.starting.count >= Schedule.startLimit:
            skip(moment, "\(Schedule.startLimit) starts are under way", at: now)
        case .queue where schedule.waiting.count >= Schedule.startLimit:
            skip(moment, "\(Schedule.startLimit) wait already", at: now)
        case .allow:
            schedule.starting.append(moment)
        case .skip, .queue, .cancel:
            if isFree {
                schedule.starting.append(moment)
            } else if schedule.spec.overlap == .skip {
                skip(moment, "\(previous) is not over", at: now)
            } else {
                if schedule.spec.overlap == .cancel {
                    for other in schedule.waiting { skip(other, "a later one takes its place", at: now) }
                    schedule.waiting = []
                }
                schedule.waiting.append(moment)
                add(ScheduleEvent(.queued, moment: moment, "\(previous) is not over", at: now))
            }
        }
    }

    private mutating func skip(_ moment: Timestamp, _ reason: String, at now: Timestamp) {
        add(ScheduleEvent(.skipped, moment: moment, reason, at: now))
    }
}
