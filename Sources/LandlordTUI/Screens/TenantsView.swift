import LandlordDomain
import StatesLanguage

/// The list of tenants.
struct TenantsView {
    let model: ConsoleModel

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let list = model.tenants
        let height = Table.visibleRows(in: rect)
        let glyphs = frame.glyphs
        let rows = list.scroller.visible(height: height).compactMap { id in
            list.item(id).map { row($0, isMarked: list.scroller.marks.contains(id), glyphs) }
        }
        var table = Table(columns: Self.columns, rows: rows, cursorRow: list.scroller.cursorRow(height: height))
        table.sortColumn = sortColumn
        table.isDescending = model.tenantOrder != .name
        table.emptyText = emptyText
        table.draw(into: &frame, in: rect, theme: theme)
        if !list.hasLoaded { ListSkeleton.draw(into: &frame, in: rect, theme: theme) }
    }

    private static let columns = [
        TableColumn("name", title: "NAME", width: .flexible(minimum: 16, maximum: 40), importance: 9),
        TableColumn("status", title: "STATUS", width: .fixed(14), importance: 8),
        TableColumn("for", title: "FOR", width: .fixed(5), alignment: .right, importance: 7),
        TableColumn("compute", title: "COMPUTE", width: .fixed(8), importance: 4),
        TableColumn("version", title: "VER", width: .fixed(5), alignment: .right, importance: 3),
        TableColumn("updated", title: "UPD", width: .fixed(5), alignment: .right, importance: 1),
        TableColumn("endpoint", title: "ENDPOINT", width: .flexible(minimum: 24, maximum: 40), importance: 2),
        TableColumn("why", title: "WHY", width: .flexible(minimum: 18), importance: 6),
    ]

    private var sortColumn: String? {
        switch model.tenantOrder {
        case .newest: nil
        case .name: "name"
        case .updated: "updated"
        case .longestInStatus: "for"
        }
    }

    private var emptyText: DisplayText {
        if !model.tenants.hasLoaded { return "" }
        return model.tenantFilter.text.isEmpty ? "no tenants yet: P provisions the first one" : "no tenant matches"
    }

    private func row(_ tenant: Tenant, isMarked: Bool, _ glyphs: GlyphSet) -> TableRow {
        let status = tenant.statusCell(glyphs)
        let isFailed = tenant.status == .failed || tenant.drift != nil
        return TableRow(
            cells: [
                TableCell(.sanitize(tenant.name)),
                status,
                TableCell(.sanitize(AgeText.text(model.now.duration(since: tenant.statusSince)))),
                TableCell(.sanitize(tenant.desired.provider ?? "default")),
                TableCell(.sanitize("v\(tenant.generation)"), role: tenant.hasUnappliedChange ? .changed : .text),
                TableCell(.sanitize(AgeText.text(model.now.duration(since: tenant.updatedAt)))),
                TableCell(.sanitize(tenant.endpoints.first?.url ?? ""), role: .muted),
                TableCell(.sanitize(why(tenant)), role: isFailed ? .failed : .why),
            ],
            isMarked: isMarked, isStale: model.staleSince != nil)
    }

    /// The reason in the few words that a column holds.
    private func why(_ tenant: Tenant) -> String {
        if let drift = tenant.drift { return "drift: \(drift)" }
        switch tenant.status {
        case .failed: return tenant.statusMessage
        case .requested, .planning, .provisioning, .updating, .archiving, .deleting:
            if let due = tenant.nextAttemptAt, due > model.now {
                return "try \(tenant.retryCount + 1) in \(AgeText.text(due.duration(since: model.now)))"
            }
            if let error = tenant.run?.errorMessage, !error.isEmpty { return error }
            return tenant.run?.subState.map { $0 == .running ? "" : $0.rawValue } ?? "queued"
        case .ready: return tenant.hasUnappliedChange ? "a newer spec waits" : ""
        case .archived, .deleted: return ""
        }
    }
}

/// Rows that stand where real ones will be, so that the first frame has its shape at once.
enum ListSkeleton {
    static func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        for index in 1..<max(2, min(rect.rows, 6)) {
            let line = rect.line(index)
            guard !line.isEmpty, line.columns > 8 else { return }
            let text = String(repeating: ".", count: 8 + (index * 5) % 9)
            frame.put(
                .sanitize(text), row: line.row, column: line.column + 3, style: theme[.muted], width: line.columns - 3)
        }
    }
}
