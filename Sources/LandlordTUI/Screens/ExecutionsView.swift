import LandlordDomain
import StatesLanguage

/// A table of executions: of all tenants, or of one.
struct ExecutionsView {
    let executions: [ComputeExecution]
    let cursorRow: Int?
    let now: Timestamp
    var hasTenant = true
    var isStale = false
    var emptyText: DisplayText = "no executions yet"

    /// The list of all tenants' executions.
    init(_ model: ConsoleModel, height: Int) {
        let list = model.executions
        executions = list.scroller.visible(height: height).compactMap { list.item($0) }
        cursorRow = list.scroller.cursorRow(height: height)
        now = model.now
        isStale = model.staleSince != nil
        if !model.executionFilter.text.isEmpty { emptyText = "no execution matches" }
        if !list.hasLoaded { emptyText = "" }
    }

    /// The executions of one tenant.
    init(_ detail: TenantDetail, height: Int, now: Timestamp) {
        let known = Dictionary(
            (detail.facts?.executions ?? []).map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
        executions = detail.executions.visible(height: height).compactMap { known[$0] }
        cursorRow = detail.executions.cursorRow(height: height)
        self.now = now
        hasTenant = false
    }

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let glyphs = frame.glyphs
        var columns = [
            TableColumn("id", title: "EXECUTION", width: .fixed(18), importance: 5),
            TableColumn("tenant", title: "TENANT", width: .flexible(minimum: 12, maximum: 32), importance: 9),
            TableColumn("status", title: "STATUS", width: .fixed(12), importance: 8),
            TableColumn("operation", title: "OPERATION", width: .fixed(9), importance: 7),
            TableColumn("age", title: "AGE", width: .fixed(5), alignment: .right, importance: 4),
            TableColumn("took", title: "TOOK", width: .fixed(6), alignment: .right, importance: 3),
            TableColumn("provider", title: "PROVIDER", width: .fixed(8), importance: 1),
            TableColumn("error", title: "ERROR", width: .flexible(minimum: 10), importance: 6),
        ]
        var rows = executions.map { row($0, glyphs) }
        if !hasTenant {
            columns.remove(at: 1)
            for index in rows.indices { rows[index].cells.remove(at: 1) }
        }
        var table = Table(columns: columns, rows: rows, cursorRow: cursorRow)
        table.emptyText = emptyText
        table.draw(into: &frame, in: rect, theme: theme)
    }

    private func row(_ execution: ComputeExecution, _ glyphs: GlyphSet) -> TableRow {
        let mark = execution.status.mark
        let isOver = execution.status.isTerminal
        let start = execution.startedAt ?? execution.createdAt
        let took =
            isOver
            ? DurationText.between(start, execution.endedAt) : AgeText.text(now.duration(since: start))
        let error = execution.error.map { "\($0.code.rawValue): \($0.message)" }
        return TableRow(
            cells: [
                TableCell(.sanitize(execution.id.rawValue)),
                TableCell(.sanitize(execution.tenantName)),
                TableCell(mark.text(glyphs, word: execution.status.word), role: mark.role),
                TableCell(.sanitize(execution.operation.rawValue)),
                TableCell(.sanitize(AgeText.text(now.duration(since: execution.createdAt)))),
                TableCell(.sanitize(took)),
                TableCell(.sanitize(execution.provider)),
                TableCell(
                    .sanitize(error ?? execution.progress ?? ""), role: error == nil ? .muted : .failed),
            ],
            isStale: isStale)
    }
}
