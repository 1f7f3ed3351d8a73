import LandlordDomain
import StatesLanguage

/// The table of runs.
struct RunsView {
    let model: ConsoleModel

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let height = Table.visibleRows(in: rect)
        let list = model.runs
        let columns = [
            TableColumn("id", title: "RUN", width: .flexible(minimum: 12, maximum: 32), importance: 9),
            TableColumn("workflow", title: "WORKFLOW", width: .flexible(minimum: 10, maximum: 18), importance: 6),
            TableColumn("status", title: "STATUS", width: .fixed(14), importance: 8),
            TableColumn("state", title: "STATE", width: .flexible(minimum: 10, maximum: 18), importance: 3),
            TableColumn("retries", title: "TRY", width: .fixed(3), alignment: .right, importance: 2),
            TableColumn("age", title: "AGE", width: .fixed(5), alignment: .right, importance: 4),
            TableColumn("trigger", title: "FROM", width: .fixed(10), importance: 1),
            TableColumn("why", title: "WHY", width: .flexible(minimum: 24), importance: 7),
        ]
        let runs = list.scroller.visible(height: height).compactMap { list.item($0) }
        var table = Table(
            columns: columns, rows: runs.map { row($0, frame.glyphs) },
            cursorRow: list.scroller.cursorRow(height: height))
        table.emptyText =
            !list.hasLoaded
            ? "" : model.runFilter.text.isEmpty ? "no runs yet: landlord workflow start FILE" : "no run matches"
        table.draw(into: &frame, in: rect, theme: theme)
    }

    private func row(_ run: WorkflowRun, _ glyphs: GlyphSet) -> TableRow {
        let mark = run.mark
        return TableRow(
            cells: [
                TableCell(.sanitize(run.id)),
                TableCell(.sanitize(run.workflowID)),
                TableCell(mark.text(glyphs, word: run.word), role: mark.role),
                TableCell(.sanitize(run.currentState ?? "")),
                TableCell(.sanitize(run.retryCount > 0 ? "\(run.retryCount + 1)" : "")),
                TableCell(.sanitize(AgeText.text(model.now.duration(since: run.createdAt)))),
                TableCell(.sanitize(run.trigger)),
                TableCell(
                    .sanitize(RunWhy.short(run, RunWhy.Facts(model.openTasks[run.id]), now: model.now)),
                    role: run.status.isTerminal && run.status != .succeeded ? .failed : .text),
            ],
            isStale: model.staleSince != nil)
    }
}

/// The screen of a run.
struct RunDetailView {
    let detail: RunDetail
    let now: Timestamp

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        drawFacts(into: &frame, in: rect.line(0), theme: theme)
        TabBar(names: RunDetail.Tab.allCases.map(\.rawValue), current: detail.tab.rawValue)
            .draw(into: &frame, in: rect.line(1), theme: theme)
        var pane = TextPane(
            lines: DetailText.lines(
                of: detail, now: now, width: rect.columns, isASCII: !frame.glyphs.isUnicode))
        let body = rect.inset(top: 2)
        pane.scrolledRows = detail.isFollowing ? pane.scrollLimit(in: body) : detail.scrolledRows
        pane.draw(into: &frame, in: body, theme: theme)
    }

    private func drawFacts(into frame: inout Frame, in line: Rect, theme: Theme) {
        var facts: [(DisplayText, Role)] = [(.sanitize(detail.id), .title)]
        if let run = detail.facts?.run {
            facts.append((run.mark.text(frame.glyphs, word: run.word), run.mark.role))
            facts.append((.sanitize(AgeText.text(now.duration(since: run.createdAt))), .text))
            facts.append((.sanitize("\(run.workflowID) v\(run.definitionVersion)"), .text))
            facts.append((.sanitize("\(run.eventCount) events"), .muted))
            facts.append((.sanitize("from \(run.trigger)"), .muted))
        }
        FactLine(facts: facts).draw(into: &frame, in: line, theme: theme)
    }
}

extension WorkflowRun {
    /// How the run is shown.
    var mark: StatusMark {
        switch status {
        case .pending: .requested
        case .running:
            switch (control, subState) {
            case (.suspended?, _): .archived
            case (.compensating?, _): .deleting
            case (nil, .backingOff): .backingOff
            case (nil, _): .provisioning
            }
        case .succeeded: .ready
        case .failed: .failed
        case .cancelled: .cancelled
        case .timedOut: .timedOut
        }
    }

    /// The word that people read.
    var word: String {
        if let control { return control.rawValue }
        if status == .timedOut { return "timed out" }
        return status == .running ? subState.rawValue : status.rawValue
    }
}
