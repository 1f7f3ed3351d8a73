import LandlordDomain
import StatesLanguage

/// The screen of a tenant, whole or as the second pane.
struct TenantDetailView {
    let detail: TenantDetail
    let now: Timestamp
    var isFocused = true

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        drawFacts(into: &frame, in: rect.line(0), theme: theme)
        TabBar(names: TenantDetail.Tab.allCases.map(\.rawValue), current: detail.tab.rawValue)
            .draw(into: &frame, in: rect.line(1), theme: theme)
        let body = rect.inset(top: 2)
        if detail.tab == .executions, detail.facts != nil {
            ExecutionsView(detail, height: Table.visibleRows(in: body), now: now)
                .draw(into: &frame, in: body, theme: theme)
            return
        }
        var pane = TextPane(lines: DetailText.lines(of: detail, width: body.columns))
        let isAtEnd = detail.tab == .logs && detail.isFollowing
        pane.scrolledRows = isAtEnd ? pane.scrollLimit(in: body) : detail.scrolledRows
        pane.draw(into: &frame, in: body, theme: theme)
    }

    private func drawFacts(into frame: inout Frame, in line: Rect, theme: Theme) {
        var facts: [(DisplayText, Role)] = [(.sanitize(detail.name), .title)]
        if let tenant = detail.facts?.tenant {
            let status = tenant.statusCell(frame.glyphs)
            facts.append((status.text, status.role))
            facts.append((.sanitize(AgeText.text(now.duration(since: tenant.statusSince))), .text))
            facts.append((.sanitize("v\(tenant.generation)"), tenant.hasUnappliedChange ? .changed : .text))
            facts.append((.sanitize(tenant.desired.provider ?? "default provider"), .muted))
            if let endpoint = tenant.endpoints.first { facts.append((.sanitize(endpoint.url), .muted)) }
        }
        FactLine(facts: facts).draw(into: &frame, in: line, theme: theme)
    }
}

/// The screen of an execution.
struct ExecutionDetailView {
    let detail: ExecutionDetail
    let now: Timestamp

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        drawFacts(into: &frame, in: rect.line(0), theme: theme)
        TabBar(names: ExecutionDetail.Tab.allCases.map(\.rawValue), current: detail.tab.rawValue)
            .draw(into: &frame, in: rect.line(1), theme: theme)
        var pane = TextPane(lines: DetailText.lines(of: detail, now: now, width: rect.columns))
        pane.scrolledRows = detail.scrolledRows
        pane.draw(into: &frame, in: rect.inset(top: 2), theme: theme)
    }

    private func drawFacts(into frame: inout Frame, in line: Rect, theme: Theme) {
        var facts: [(DisplayText, Role)] = [(.sanitize(detail.id.rawValue), .title)]
        if let execution = detail.facts?.execution {
            let mark = execution.status.mark
            facts.append((mark.text(frame.glyphs, word: execution.status.word), mark.role))
            facts.append((.sanitize("\(execution.operation.rawValue) of \(execution.tenantName)"), .text))
            facts.append((.sanitize("at \(execution.provider)"), .muted))
            let start = execution.startedAt ?? execution.createdAt
            let end = execution.endedAt ?? (execution.status.isTerminal ? nil : now)
            let took = DurationText.between(start, end)
            if !took.isEmpty { facts.append((.sanitize("took \(took)"), .muted)) }
        }
        FactLine(facts: facts).draw(into: &frame, in: line, theme: theme)
    }
}

/// The first line of a detail screen: what is most important about the thing, as much of it as fits.
struct FactLine {
    let facts: [(DisplayText, Role)]

    func draw(into frame: inout Frame, in line: Rect, theme: Theme) {
        guard !line.isEmpty else { return }
        var column = line.column
        for (text, role) in facts where column < line.endColumn {
            column += frame.put(
                text, row: line.row, column: column, style: theme[role], width: line.endColumn - column)
            column += 2
        }
    }
}

/// The pages of a detail screen, the open one in brackets.
struct TabBar {
    let names: [String]
    let current: String

    func draw(into frame: inout Frame, in line: Rect, theme: Theme) {
        var column = line.column
        for name in names {
            guard !line.isEmpty, column < line.endColumn else { return }
            let isCurrent = name == current
            column += frame.put(
                .sanitize(isCurrent ? "[\(name)]" : " \(name) "), row: line.row, column: column,
                style: theme[isCurrent ? .activeTab : .tab], width: line.endColumn - column)
        }
    }
}
