import LandlordDomain
import StatesLanguage

/// Callbacks one by one: what is dead first, then what is on its way.
struct CallbacksView {
    let model: ConsoleModel

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let list = model.callbacks
        let height = Table.visibleRows(in: rect)
        let glyphs = frame.glyphs
        let rows = list.scroller.visible(height: height).compactMap { id in
            list.item(id).map {
                row($0, isMarked: model.deadLetters.areAllMarked || list.scroller.marks.contains(id), glyphs)
            }
        }
        var table = Table(columns: Self.columns, rows: rows, cursorRow: list.scroller.cursorRow(height: height))
        table.sortColumn = model.deadLetters.order == .newest ? "age" : "status"
        table.emptyText = emptyText
        table.draw(into: &frame, in: rect, theme: theme)
    }

    private static let columns = [
        TableColumn("id", title: "CALLBACK", width: .fixed(19), importance: 3),
        TableColumn("tenant", title: "TENANT", width: .flexible(minimum: 12, maximum: 24), importance: 9),
        TableColumn("status", title: "STATUS", width: .fixed(12), importance: 10),
        TableColumn("tries", title: "TRIES", width: .fixed(5), alignment: .right, importance: 6),
        TableColumn("age", title: "AGE", width: .fixed(5), alignment: .right, importance: 7),
        TableColumn("next", title: "NEXT", width: .fixed(5), alignment: .right, importance: 4),
        TableColumn("destination", title: "DESTINATION", width: .flexible(minimum: 14, maximum: 40), importance: 5),
        TableColumn("error", title: "ERROR", width: .flexible(minimum: 14), importance: 8),
    ]

    private var emptyText: DisplayText {
        if !model.callbacks.hasLoaded { return "" }
        return model.deadLetters.query == CallbackQuery()
            ? "no callback is dead or on its way" : "no callback matches; esc goes back"
    }

    private func row(_ callback: Callback, isMarked: Bool, _ glyphs: GlyphSet) -> TableRow {
        let mark = callback.mark
        return TableRow(
            cells: [
                TableCell(.sanitize(callback.id.rawValue)),
                TableCell(.sanitize(callback.tenantName)),
                TableCell(mark.text(glyphs, word: callback.status.rawValue), role: mark.role),
                TableCell(.sanitize("\(callback.attempts)/\(callback.attemptLimit)")),
                TableCell(.sanitize(AgeText.text(model.now.duration(since: callback.createdAt)))),
                TableCell(.sanitize(CallbackText.wait(callback, now: model.now)), role: .backingOff),
                TableCell(.sanitize(callback.destination.title), role: .muted),
                TableCell(
                    .sanitize(callback.failure.map(CallbackText.short) ?? ""),
                    role: callback.status == .dead ? .failed : .muted),
            ],
            isMarked: isMarked, isStale: model.staleSince != nil)
    }
}

/// The dead letters by cause, and below them one letter of the cause under the cursor.
struct CausesView {
    let model: ConsoleModel

    func draw(into frame: inout Frame, in layout: ScreenLayout, theme: Theme) {
        let (rect, sample) = layout.causes
        let list = model.causes
        let height = Table.visibleRows(in: rect)
        let rows = list.scroller.visible(height: height).compactMap { list.item($0).map(row) }
        var table = Table(columns: Self.columns, rows: rows, cursorRow: list.scroller.cursorRow(height: height))
        table.sortColumn = model.deadLetters.causeOrder.rawValue
        table.isDescending = true
        table.emptyText = emptyText
        table.draw(into: &frame, in: rect, theme: theme)
        if !list.hasLoaded { ListSkeleton.draw(into: &frame, in: rect, theme: theme) }
        drawSample(into: &frame, in: sample, theme: theme)
    }

    private static let columns = [
        TableColumn("cause", title: "CAUSE", width: .flexible(minimum: 34), importance: 9),
        TableColumn("count", title: "COUNT", width: .fixed(7), alignment: .right, importance: 10),
        TableColumn("retry", title: "RETRY", width: .fixed(5), importance: 8),
        TableColumn("first", title: "FIRST", width: .fixed(7), alignment: .right, importance: 4),
        TableColumn("last", title: "LAST", width: .fixed(6), alignment: .right, importance: 6),
        TableColumn("destination", title: "DESTINATION", width: .flexible(minimum: 12, maximum: 40), importance: 5),
        TableColumn("operation", title: "OPERATION", width: .fixed(9), importance: 2),
    ]

    private var emptyText: DisplayText {
        if !model.causes.hasLoaded { return "" }
        return model.deadLetters.filter.text.isEmpty
            ? "no dead letters; t lists what is on its way" : "no dead letter matches; esc clears the filter"
    }

    private func row(_ cause: CallbackCause) -> TableRow {
        let age = { (moment: Timestamp) in TableCell(.sanitize(AgeText.text(model.now.duration(since: moment)))) }
        return TableRow(
            cells: [
                TableCell(.sanitize(CallbackText.short(cause.failure)), role: .failed),
                TableCell(.sanitize(NumberText.grouped(cause.count)), role: .count),
                // A word in capitals, because a redrive of these alone changes nothing.
                cause.isRetriable ? TableCell("yes") : TableCell("NO", role: .failed),
                age(cause.firstAt), age(cause.lastAt),
                TableCell(.sanitize(cause.host), role: .muted),
                TableCell(.sanitize(cause.operation.rawValue), role: .muted),
            ],
            isMarked: model.deadLetters.areAllMarked, isStale: model.staleSince != nil)
    }

    private func drawSample(into frame: inout Frame, in rect: Rect, theme: Theme) {
        guard !rect.isEmpty, let cause = model.causes.selected else { return }
        let rule = rect.line(0)
        for column in rule.column..<rule.endColumn {
            frame.put(frame.glyphs.horizontal, row: rule.row, column: column, style: theme[.border])
        }
        let body = rect.inset(top: 1, left: 3)
        guard let facts = model.selectedSample else {
            frame.put("loading", row: body.row, column: body.column, style: theme[.muted], width: body.columns)
            return
        }
        for (index, line) in CallbackText.sample(facts, of: cause).prefix(body.rows).enumerated() {
            frame.put(
                line.text, row: body.row + index, column: body.column, style: theme[line.role], width: body.columns)
        }
    }
}

/// The screen of a callback.
struct CallbackDetailView {
    let detail: CallbackDetail
    let now: Timestamp

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        drawFacts(into: &frame, in: rect.line(0), theme: theme)
        TabBar(names: CallbackDetail.Tab.allCases.map(\.rawValue), current: detail.tab.rawValue)
            .draw(into: &frame, in: rect.line(1), theme: theme)
        var pane = TextPane(lines: DetailText.lines(of: detail, width: rect.columns))
        pane.scrolledRows = detail.scrolledRows
        pane.draw(into: &frame, in: rect.inset(top: 2), theme: theme)
    }

    private func drawFacts(into frame: inout Frame, in line: Rect, theme: Theme) {
        var facts: [(DisplayText, Role)] = [(.sanitize(detail.id.rawValue), .title)]
        if let callback = detail.facts?.callback {
            let mark = callback.mark
            facts.append((mark.text(frame.glyphs, word: callback.status.rawValue), mark.role))
            facts.append((.sanitize("\(callback.operation.rawValue) of \(callback.tenantName)"), .text))
            facts.append((.sanitize("tries \(callback.attempts)/\(callback.attemptLimit)"), .text))
            let wait = CallbackText.wait(callback, now: now)
            if !wait.isEmpty { facts.append((.sanitize("next \(wait)"), .backingOff)) }
        }
        FactLine(facts: facts).draw(into: &frame, in: line, theme: theme)
    }
}
