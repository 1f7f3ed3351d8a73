import LandlordDomain
import StatesLanguage

/// What there is to say about bulk operations.
enum OperationText {
    /// How far an operation has come.
    static func counts(_ operation: CallbackOperation) -> String {
        let skipped = operation.skipped > 0 ? ", \(NumberText.grouped(operation.skipped)) skipped" : ""
        return "\(NumberText.grouped(operation.applied)) of \(NumberText.grouped(operation.total)) "
            + "\(operation.request.verb.participle)\(skipped)"
    }

    /// The line at the bottom of every screen while an operation is not over; nil where none is.
    static func line(of model: ConsoleModel) -> String? {
        let open = model.openOperations
        guard let progress = open.first else { return nil }
        let operation = progress.operation
        let more = open.count > 1 ? "  +\(open.count - 1) more" : ""
        let wait = model.fleet?.driver == .nobody ? ", nobody drives" : ""
        return "\(operation.request.verb.rawValue) \(NumberText.grouped(operation.processed))/"
            + "\(NumberText.grouped(operation.total)) \(operation.status.word)\(wait)"
            + "\(failures(progress))  O controls it\(more)"
    }

    /// How many of what was redriven is dead again.
    static func failures(_ progress: OperationProgress) -> String {
        progress.outcomes.dead > 0 ? ", \(NumberText.grouped(progress.outcomes.dead)) dead again" : ""
    }

    /// What telling an operation something leads to.
    static func effect(of control: OperationControl, _ operation: CallbackOperation) -> String {
        let left = NumberText.grouped(operation.total - operation.processed)
        switch control {
        case .pause: return "stops after \(NumberText.grouped(operation.processed)) until it is resumed"
        case .resume where operation.status == .halted: return "goes on with the other \(left), without canary"
        case .resume: return "goes on with the other \(left)"
        case .abort: return "ends for good; the other \(left) stay dead"
        }
    }
}

/// The list of bulk operations over the screen, and the keys that control the one under the cursor.
struct OperationsView {
    /// Newest first.
    let operations: [OperationProgress]
    let cursor: CallbackOperation.ID?
    let now: Timestamp

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let content = Size(
            rows: min(max(operations.count, 1) + 5, max(0, rect.rows - 4)), columns: max(0, rect.columns - 4))
        let inner = Dialog(title: "Bulk operations", contentSize: content).draw(into: &frame, in: rect, theme: theme)
        let (body, keys) = inner.splitRows(max(0, inner.rows - 3))
        let index = operations.firstIndex { $0.id == cursor } ?? 0
        let height = Table.visibleRows(in: body)
        let first = max(0, min(index - height / 2, operations.count - height))
        let shown = operations.dropFirst(first).prefix(height)
        var table = Table(
            columns: Self.columns, rows: shown.map { row($0, frame.glyphs) },
            cursorRow: operations.isEmpty ? nil : index - first)
        table.emptyText = "no bulk operation has been begun"
        table.draw(into: &frame, in: body, theme: theme)
        if operations.indices.contains(index) {
            let line = keys.line(0)
            frame.put(
                .sanitize(why(operations[index])), row: line.row, column: line.column, style: theme[.why],
                width: line.columns)
        }
        let last = keys.line(-1)
        guard !last.isEmpty else { return }
        frame.put(
            "p pause  r resume  a abort  esc close", row: last.row, column: last.column, style: theme[.key],
            width: last.columns)
    }

    private static let columns = [
        TableColumn("id", title: "OPERATION", width: .fixed(19), importance: 4),
        TableColumn("verb", title: "VERB", width: .fixed(7), importance: 7),
        TableColumn("status", title: "STATUS", width: .fixed(10), importance: 9),
        TableColumn("done", title: "DONE", width: .fixed(15), alignment: .right, importance: 10),
        TableColumn("skipped", title: "SKIP", width: .fixed(6), alignment: .right, importance: 3),
        TableColumn("again", title: "AGAIN", width: .fixed(6), alignment: .right, importance: 5),
        TableColumn("age", title: "AGE", width: .fixed(5), alignment: .right, importance: 6),
        TableColumn("by", title: "BY", width: .flexible(minimum: 6, maximum: 16), importance: 2),
        TableColumn("filter", title: "FILTER", width: .flexible(minimum: 10), importance: 1),
    ]

    private func row(_ progress: OperationProgress, _ glyphs: GlyphSet) -> TableRow {
        let operation = progress.operation
        let mark = operation.status.mark
        let done = "\(NumberText.grouped(operation.processed))/\(NumberText.grouped(operation.total))"
        let dead = progress.outcomes.dead
        return TableRow(cells: [
            TableCell(.sanitize(operation.id.rawValue)),
            TableCell(.sanitize(operation.request.verb.rawValue)),
            TableCell(mark.text(glyphs, word: operation.status.word), role: mark.role),
            TableCell(.sanitize(done), role: .count),
            TableCell(.sanitize(NumberText.grouped(operation.skipped)), role: .muted),
            TableCell(.sanitize(NumberText.grouped(dead)), role: dead > 0 ? .failed : .muted),
            TableCell(.sanitize(AgeText.text(now.duration(since: operation.createdAt)))),
            TableCell(.sanitize(operation.request.actor)),
            TableCell(
                .sanitize(operation.request.filter.isEmpty ? "every one" : operation.request.filter), role: .muted),
        ])
    }

    private func why(_ progress: OperationProgress) -> String {
        let operation = progress.operation
        let request = operation.request
        let pace =
            request.verb == .redrive
            ? "; " + DeadLetterRules.pace(of: RedriveOptions(rate: request.rate, isCanary: request.isCanary)) : ""
        let reason = request.reason.isEmpty ? "" : "; \(request.reason)"
        let note = operation.note.isEmpty ? "" : ", \(operation.note)"
        return "why \(operation.id): \(operation.status.word)\(note); \(OperationText.counts(operation))"
            + "\(OperationText.failures(progress))\(pace)\(reason)"
    }
}
