import LandlordDomain
import StatesLanguage

/// The table of what runs ask people for.
struct ApprovalsView {
    let model: ConsoleModel

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let height = Table.visibleRows(in: rect)
        let list = model.approvals
        let columns = [
            TableColumn("title", title: "TITLE", width: .flexible(minimum: 14, maximum: 48), importance: 9),
            TableColumn("status", title: "STATUS", width: .fixed(11), importance: 7),
            TableColumn("votes", title: "VOTES", width: .fixed(7), importance: 6),
            TableColumn("expires", title: "EXPIRES", width: .fixed(7), alignment: .right, importance: 5),
            TableColumn("run", title: "RUN", width: .flexible(minimum: 12, maximum: 36), importance: 4),
            TableColumn("who", title: "WHO MAY DECIDE", width: .flexible(minimum: 14), importance: 3),
            TableColumn("age", title: "AGE", width: .fixed(5), alignment: .right, importance: 2),
        ]
        let approvals = list.scroller.visible(height: height).compactMap { list.item($0) }
        var table = Table(
            columns: columns, rows: approvals.map { row($0, frame.glyphs) },
            cursorRow: list.scroller.cursorRow(height: height))
        table.emptyText =
            !list.hasLoaded
            ? "" : model.approvalFilter.text.isEmpty ? "nothing waits for people" : "no approval matches"
        table.draw(into: &frame, in: rect, theme: theme)
    }

    private func row(_ approval: Approval, _ glyphs: GlyphSet) -> TableRow {
        let mark = approval.status.mark
        return TableRow(
            cells: [
                TableCell(.sanitize(approval.request.title)),
                TableCell(mark.text(glyphs, word: approval.status.rawValue), role: mark.role),
                TableCell(.sanitize(ApprovalText.votes(approval))),
                TableCell(.sanitize(ApprovalText.timeLeft(approval, now: model.now) ?? "")),
                TableCell(.sanitize(approval.runID)),
                TableCell(.sanitize(ApprovalText.who(approval))),
                TableCell(.sanitize(AgeText.text(model.now.duration(since: approval.createdAt)))),
            ],
            isStale: model.staleSince != nil)
    }
}

/// The screen of one request: what is asked, and everything that was done with it.
struct ApprovalDetailView {
    let detail: ApprovalDetail
    let now: Timestamp

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        var facts: [(DisplayText, Role)] = [(.sanitize(detail.id), .title)]
        if let approval = detail.facts?.approval {
            let mark = approval.status.mark
            facts.append((mark.text(frame.glyphs, word: approval.status.rawValue), mark.role))
            facts.append((.sanitize(ApprovalText.votes(approval)), .text))
        }
        FactLine(facts: facts).draw(into: &frame, in: rect.line(0), theme: theme)
        var pane = TextPane(lines: DetailText.lines(of: detail, now: now, width: rect.columns))
        pane.scrolledRows = detail.scrolledRows
        pane.draw(into: &frame, in: rect.inset(top: 2), theme: theme)
    }
}

/// The words about a request for approval.
enum ApprovalText {
    /// How many have approved, of how many that must.
    static func votes(_ approval: Approval) -> String {
        "\(approval.votes.count { $0.isApproval }) of \(approval.request.quorum)"
    }

    /// Who may decide, delegates and those to whom it has escalated among them.
    static func who(_ approval: Approval) -> String {
        approval.deciders.isEmpty ? "anybody" : approval.deciders.joined(separator: ", ")
    }

    /// How long somebody may still decide; nil for ever, and for what is over.
    static func timeLeft(_ approval: Approval, now: Timestamp) -> String? {
        guard approval.status == .pending, let end = approval.expiresAt else { return nil }
        return AgeText.text(max(.zero, end.duration(since: now)))
    }

    /// Why it is where it is, and who has to act.
    static func why(_ approval: Approval, now: Timestamp) -> String {
        let age = AgeText.text(now.duration(since: approval.createdAt))
        guard approval.status == .pending else {
            let last = approval.votes.last.map { " by \($0.voter)\($0.reason.isEmpty ? "" : ": \($0.reason)")" }
            return "why \(approval.id): \(approval.status.rawValue)\(last ?? ""), asked \(age) ago"
        }
        let left = timeLeft(approval, now: now).map { ", expires in \($0)" } ?? ""
        return "why \(approval.id): needs \(approval.missingCount) more of \(who(approval)), asked \(age) ago\(left)"
    }

    /// The lines of its screen.
    static func lines(of detail: ApprovalDetail, now: Timestamp) -> [TextPane.Line] {
        guard let facts = detail.facts else { return [.init(detail.isGone ? "it does not exist any more" : "loading")] }
        let approval = facts.approval
        var lines = [
            DetailText.field("title", approval.request.title), DetailText.field("run", approval.runID),
            DetailText.field("who", who(approval)), DetailText.field("votes", votes(approval)),
        ]
        if let left = timeLeft(approval, now: now), let end = approval.expiresAt {
            lines.append(DetailText.field("expires in", "\(left), at \(ClockText.dateAndTime(end))"))
        }
        if !approval.request.description.isEmpty {
            lines.append(.init(.empty))
            lines += DisplayText.lines(approval.request.description).map { TextPane.Line($0) }
        }
        lines += [.init(.empty), .init("history", role: .title)]
        lines += facts.history.map { event in
            let reason = event.reason.isEmpty ? "" : ": \(event.reason)"
            return .init(
                .sanitize("\(ClockText.dateAndTime(event.at))  \(event.action.rawValue) by \(event.actor)\(reason)"),
                role: event.action.role)
        }
        return lines
    }
}

extension ApprovalEvent.Action {
    fileprivate var role: Role {
        switch self {
        case .approved: .ready
        case .rejected: .failed
        case .expired: .timedOut
        case .requested, .delegated, .escalated, .withdrawn: .text
        }
    }
}

extension ApprovalStatus {
    /// How the status is shown.
    var mark: StatusMark {
        switch self {
        case .pending: .requested
        case .approved: .ready
        case .rejected: .failed
        case .expired: .timedOut
        case .withdrawn: .cancelled
        }
    }
}
