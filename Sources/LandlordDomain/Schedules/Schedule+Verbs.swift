public import StatesLanguage

/// What operators do with a schedule.
extension Schedule {
    /// The longest reason, in bytes.
    public static let reasonByteLimit = 1_024

    /// A new schedule, due from now on.
    public static func create(
        _ spec: ScheduleSpec, by actor: String, at now: Timestamp, in rules: TimeZoneRules
    ) throws(ScheduleRefusal) -> ScheduleStep {
        let schedule = Schedule(
            spec: spec, pause: nil, plannedThrough: now, nextAt: nil, starting: [], waiting: [], lastRunID: nil,
            startedCount: 0, skippedCount: 0, createdAt: now, lineCount: 0, version: 0)
        var step = ScheduleStep(schedule)
        try step.schedule.planOrRefuse(in: rules)
        step.add(ScheduleEvent(.created, by: actor, at: now))
        return step
    }

    /// Another spec, due from now on; what is under way or waits stays so.
    ///
    /// - Returns: Nil where it is the same spec.
    public func changed(
        to spec: ScheduleSpec, by actor: String, at now: Timestamp, in rules: TimeZoneRules
    ) throws(ScheduleRefusal) -> ScheduleStep? {
        guard spec != self.spec else { return nil }
        var step = ScheduleStep(self)
        step.passOver(at: now, "the schedule was changed before it was dealt with")
        step.schedule.spec = spec
        try step.schedule.planOrRefuse(in: rules)
        step.add(ScheduleEvent(.changed, by: actor, at: now))
        return step
    }

    /// No moment counts until it is resumed; what has begun to start still does.
    public func paused(by actor: String, reason: String, at now: Timestamp) throws(ScheduleRefusal) -> ScheduleStep {
        if let pause { throw ScheduleRefusal("schedule '\(spec.name)' is already paused by \(pause.actor)") }
        try Self.check(reason)
        var step = ScheduleStep(self)
        step.passOver(at: now, "the schedule was paused before it was dealt with")
        step.schedule.pause = Pause(by: actor, reason: reason)
        step.schedule.nextAt = nil
        step.add(ScheduleEvent(.paused, by: actor, reason, at: now))
        return step
    }

    /// Moments count again, from now on; those of the pause are over.
    public func resumed(
        by actor: String, reason: String, at now: Timestamp, in rules: TimeZoneRules
    ) throws(ScheduleRefusal) -> ScheduleStep {
        guard pause != nil else { throw ScheduleRefusal("schedule '\(spec.name)' is not paused") }
        try Self.check(reason)
        var step = ScheduleStep(self)
        step.schedule.pause = nil
        step.schedule.plannedThrough = now
        step.schedule.plan(in: rules)
        step.add(ScheduleEvent(.resumed, by: actor, reason, at: now))
        return step
    }

    /// A run for now, under the rules for overlaps.
    public func triggered(
        by actor: String, reason: String, isBusy: Bool, at now: Timestamp
    ) throws(ScheduleRefusal) -> ScheduleStep {
        try Self.check(reason)
        guard !starting.contains(now), !waiting.contains(now) else {
            throw ScheduleRefusal("schedule '\(spec.name)' has been triggered this very moment")
        }
        var step = ScheduleStep(self)
        step.add(ScheduleEvent(.triggered, moment: now, by: actor, reason, at: now))
        step.admit(now, isBusy: isBusy, at: now)
        return step
    }

    /// The line that its history ends with.
    public func deleted(by actor: String, reason: String, at now: Timestamp) throws(ScheduleRefusal) -> ScheduleStep {
        try Self.check(reason)
        var step = ScheduleStep(self)
        step.add(ScheduleEvent(.deleted, by: actor, reason, at: now))
        return step
    }

    private mutating func planOrRefuse(in rules: TimeZoneRules) throws(ScheduleRefusal) {
        plan(in: rules)
        guard nextAt != nil || pause != nil else {
            throw ScheduleRefusal("schedule '\(spec.name)' would never be due: no moment is left before its end")
        }
    }

    private static func check(_ reason: String) throws(ScheduleRefusal) {
        guard reason.utf8.count <= reasonByteLimit else {
            throw ScheduleRefusal("a reason must be at most \(reasonByteLimit) bytes")
        }
    }
}

extension ScheduleStep {
    /// Writes down that what was due and not yet dealt with will not be.
    fileprivate mutating func passOver(at now: Timestamp, _ reason: String) {
        if let moment = schedule.nextAt, moment <= now {
            add(ScheduleEvent(.missed, moment: moment, reason, at: now))
        }
        schedule.plannedThrough = now
    }
}
