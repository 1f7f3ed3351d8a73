import LandlordDomain

/// Schedules: which one keys speak of, what is opened, and what operators do with one.
extension ConsoleModel {
    /// The schedule that keys speak of.
    var selectedSchedule: Schedule? {
        switch place {
        case .schedules: schedules.selected
        case .schedule(let detail): detail.facts?.schedule
        case .tenants, .executions, .causes, .callbacks, .runs, .tenant, .execution, .callback, .run, .approvals,
            .approval:
            nil
        }
    }

    /// Opens the schedule under the cursor.
    mutating func openSchedule() -> [ConsoleEffect] {
        guard case .schedules = place, let schedule = schedules.selected else { return [] }
        var detail = ScheduleDetail(name: schedule.id)
        // What the row knows is shown until the whole is loaded.
        detail.take(ScheduleFacts(schedule: schedule))
        return enter(.schedule(detail))
    }

    mutating func editScheduleDetail(_ change: (inout ScheduleDetail) -> Void) {
        guard case .schedule(var detail)? = stack.last else { return }
        change(&detail)
        stack[stack.count - 1] = .schedule(detail)
    }

    /// Asks before something is done with the schedule; a deletion wants its name.
    mutating func askTo(_ verb: ScheduleVerb) -> [ConsoleEffect] {
        guard let schedule = selectedSchedule else { return [.ring] }
        let level: ConfirmationLevel =
            switch verb {
            case .resume, .trigger: .line
            case .pause: .dialog
            case .delete: .count
            }
        var lines = [ConfirmDialog.Line("effect", .sanitize(verb.effect(on: schedule)))]
        if level > .line { lines.insert(.init("when", .sanitize(schedule.spec.recurrence.text)), at: 0) }
        ask(
            ConfirmDialog(
                level: level, title: .sanitize("\(verb.title) \(schedule.id)"), lines: lines,
                expectedText: schedule.id),
            verbs: [.schedule(verb, schedule.id, reason: nil)])
        return []
    }

    /// Pauses a schedule that goes, and resumes one that is paused.
    mutating func askToPauseOrResume() -> [ConsoleEffect] {
        askTo(selectedSchedule?.pause == nil ? .pause : .resume)
    }
}

extension ScheduleVerb {
    fileprivate var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    fileprivate func effect(on schedule: Schedule) -> String {
        switch self {
        case .pause: "no moment counts until it is resumed; runs that are under way go on"
        case .resume: "moments count again from now on; those of the pause are over"
        case .trigger:
            "starts a run of \(schedule.spec.workflowID) now; where the last is not over: "
                + schedule.spec.overlap.rawValue
        case .delete: "nothing starts any more; its runs go on, and its history stays"
        }
    }
}
