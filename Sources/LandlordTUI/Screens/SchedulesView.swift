import LandlordDomain
import StatesLanguage

/// The table of what starts runs by the clock.
struct SchedulesView {
    let model: ConsoleModel

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let height = Table.visibleRows(in: rect)
        let list = model.schedules
        let columns = [
            TableColumn("name", title: "NAME", width: .flexible(minimum: 14, maximum: 40), importance: 9),
            TableColumn("status", title: "STATUS", width: .fixed(9), importance: 8),
            TableColumn("next", title: "NEXT IN", width: .fixed(7), alignment: .right, importance: 7),
            TableColumn("when", title: "WHEN", width: .flexible(minimum: 14, maximum: 40), importance: 6),
            TableColumn("workflow", title: "WORKFLOW", width: .flexible(minimum: 10, maximum: 30), importance: 4),
            TableColumn("started", title: "STARTED", width: .fixed(7), alignment: .right, importance: 3),
            TableColumn("skipped", title: "SKIPPED", width: .fixed(7), alignment: .right, importance: 2),
            TableColumn("run", title: "LAST RUN", width: .flexible(minimum: 16), importance: 5),
        ]
        let schedules = list.scroller.visible(height: height).compactMap { list.item($0) }
        var table = Table(
            columns: columns, rows: schedules.map { row($0, frame.glyphs) },
            cursorRow: list.scroller.cursorRow(height: height))
        table.emptyText =
            !list.hasLoaded
            ? ""
            : model.scheduleFilter.text.isEmpty
                ? "no schedules yet: landlord schedule create FILE makes one" : "no schedule matches"
        table.draw(into: &frame, in: rect, theme: theme)
    }

    private func row(_ schedule: Schedule, _ glyphs: GlyphSet) -> TableRow {
        let mark = schedule.status.mark
        return TableRow(
            cells: [
                TableCell(.sanitize(schedule.id)),
                TableCell(mark.text(glyphs, word: schedule.status.rawValue), role: mark.role),
                TableCell(.sanitize(ScheduleText.timeLeft(schedule, now: model.now) ?? "")),
                TableCell(.sanitize(schedule.spec.recurrence.text)), TableCell(.sanitize(schedule.spec.workflowID)),
                TableCell(.sanitize(NumberText.grouped(schedule.startedCount))),
                TableCell(.sanitize(NumberText.grouped(schedule.skippedCount))),
                TableCell(.sanitize(schedule.lastRunID ?? "")),
            ],
            isStale: model.staleSince != nil)
    }
}

/// The screen of one schedule: what it says, when it is due, and what became of each moment.
struct ScheduleDetailView {
    let detail: ScheduleDetail
    let now: Timestamp

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        var facts: [(DisplayText, Role)] = [(.sanitize(detail.name), .title)]
        if let schedule = detail.facts?.schedule {
            let mark = schedule.status.mark
            facts.append((mark.text(frame.glyphs, word: schedule.status.rawValue), mark.role))
            facts.append((.sanitize(schedule.spec.recurrence.text), .text))
        }
        FactLine(facts: facts).draw(into: &frame, in: rect.line(0), theme: theme)
        var pane = TextPane(lines: DetailText.lines(of: detail, now: now, width: rect.columns))
        pane.scrolledRows = detail.scrolledRows
        pane.draw(into: &frame, in: rect.inset(top: 2), theme: theme)
    }
}

/// The words about a schedule.
enum ScheduleText {
    /// How long until it is due; nil where no moment counts or is left.
    static func timeLeft(_ schedule: Schedule, now: Timestamp) -> String? {
        schedule.nextAt.map { AgeText.text(max(.zero, $0.duration(since: now))) }
    }

    /// Why it is where it is.
    static func why(_ schedule: Schedule, now: Timestamp) -> String {
        var parts: [String] = []
        if let pause = schedule.pause {
            parts.append("paused by \(pause.actor)\(pause.reason.isEmpty ? "" : ": \(pause.reason)")")
        } else if let next = schedule.nextAt, let left = timeLeft(schedule, now: now) {
            parts.append(next > now ? "due in \(left), at \(ClockText.dateAndTime(next))" : "due now")
        } else {
            parts.append("no moment is left")
        }
        if let moment = schedule.starting.first {
            parts.append("run \(Schedule.runID(of: schedule.id, at: moment)) is to be started")
        }
        if !schedule.waiting.isEmpty {
            let count = schedule.waiting.count
            parts.append("\(count) moment\(count == 1 ? " waits" : "s wait") for run \(schedule.lastRunID ?? "")")
        }
        return "why \(schedule.id): \(parts.joined(separator: "; "))"
    }

    /// What a line of the history says, without its time.
    static func words(of event: ScheduleEvent) -> String {
        var words = event.kind.rawValue
        if let actor = event.actor { words += " by \(actor)" }
        if let moment = event.moment { words += " for \(ClockText.dateAndTime(moment))" }
        if let run = event.runID { words += ", run \(run)" }
        return event.reason.isEmpty ? words : "\(words): \(event.reason)"
    }

    /// The lines of its screen.
    static func lines(of detail: ScheduleDetail, now: Timestamp) -> [TextPane.Line] {
        guard let facts = detail.facts else { return [.init(detail.isGone ? "it does not exist any more" : "loading")] }
        let (schedule, spec) = (facts.schedule, facts.schedule.spec)
        var lines = [
            DetailText.field("workflow", spec.workflowID), DetailText.field("when", spec.recurrence.text),
            DetailText.field("catch up", "\(spec.catchUp.rawValue), within \(spec.catchUpWindow.inWords)"),
            DetailText.field("overlap", spec.overlap.rawValue),
            DetailText.field("last run", schedule.lastRunID ?? "none"),
            DetailText.field("started", "\(schedule.startedCount), \(schedule.skippedCount) skipped"),
        ]
        if !spec.description.isEmpty { lines.insert(DetailText.field("about", spec.description), at: 0) }
        if let start = spec.startAt { lines.append(DetailText.field("from", ClockText.dateAndTime(start))) }
        if let end = spec.endAt { lines.append(DetailText.field("until", ClockText.dateAndTime(end))) }
        for (index, moment) in facts.upcoming.enumerated() {
            let left = AgeText.text(max(.zero, moment.duration(since: now)))
            lines.append(DetailText.field(index == 0 ? "coming" : "", "\(ClockText.dateAndTime(moment)), in \(left)"))
        }
        lines += [.init(.empty), .init("input", role: .title)]
        lines += DisplayText.lines(TokenRedaction.without(spec.input).pretty()).map { TextPane.Line($0) }
        lines += [.init(.empty), .init("history, newest first", role: .title)]
        return lines
            + facts.history.map { event in
                .init(.sanitize("\(ClockText.dateAndTime(event.at))  \(words(of: event))"), role: event.kind.role)
            }
    }
}

extension ScheduleEvent.Kind {
    fileprivate var role: Role {
        switch self {
        case .started: .ready
        case .refused: .failed
        case .skipped, .missed: .timedOut
        case .created, .changed, .paused, .resumed, .triggered, .deleted, .queued: .text
        }
    }
}

extension Schedule.Status {
    /// How the status is shown.
    var mark: StatusMark {
        switch self {
        case .active: .ready
        case .paused: .cancelled
        case .ended: .archived
        }
    }
}
