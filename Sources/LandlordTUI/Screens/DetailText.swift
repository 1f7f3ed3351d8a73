import LandlordDomain
import StatesLanguage

/// The texts of the detail screens, line by line.
enum DetailText {
    /// The lines of the page that is open; empty for lists.
    static func lines(of model: ConsoleModel) -> [TextPane.Line] {
        switch model.place {
        case .tenant(let detail): lines(of: detail, width: model.size.columns)
        case .execution(let detail): lines(of: detail, now: model.now, width: model.size.columns)
        case .callback(let detail): lines(of: detail, width: model.size.columns)
        case .run(let detail): lines(of: detail, now: model.now, width: model.size.columns)
        case .approval(let detail): lines(of: detail, now: model.now, width: model.size.columns)
        case .schedule(let detail): lines(of: detail, now: model.now, width: model.size.columns)
        case .tenants, .executions, .causes, .callbacks, .runs, .approvals, .schedules: []
        }
    }

    /// The lines of a page of a tenant, broken to a width; its executions are a table and have none.
    static func lines(of detail: TenantDetail, width: Int) -> [TextPane.Line] {
        // A log line stays one line, so that columns in it stay columns.
        detail.tab == .logs ? lines(of: detail) : wrapped(lines(of: detail), to: width)
    }

    /// The lines of a page of an execution, broken to a width.
    static func lines(of detail: ExecutionDetail, now: Timestamp, width: Int) -> [TextPane.Line] {
        wrapped(lines(of: detail, now: now), to: width)
    }

    /// The lines of a page of a run, broken to a width; a graph keeps its lines.
    static func lines(
        of detail: RunDetail, now: Timestamp, width: Int, isASCII: Bool = false
    ) -> [TextPane.Line] {
        let lines = RunText.lines(of: detail, now: now, width: width, isASCII: isASCII)
        switch detail.tab {
        case .graph, .timeline, .history: return lines
        case .raw, .pending, .data: return wrapped(lines, to: width)
        }
    }

    /// The lines of a request for approval, broken to a width.
    static func lines(of detail: ApprovalDetail, now: Timestamp, width: Int) -> [TextPane.Line] {
        wrapped(ApprovalText.lines(of: detail, now: now), to: width)
    }

    /// The lines of a schedule, broken to a width.
    static func lines(of detail: ScheduleDetail, now: Timestamp, width: Int) -> [TextPane.Line] {
        wrapped(ScheduleText.lines(of: detail, now: now), to: width)
    }

    /// The lines of a page of a callback, broken to a width.
    static func lines(of detail: CallbackDetail, width: Int) -> [TextPane.Line] {
        guard let facts = detail.facts else { return [.init(detail.isGone ? "it does not exist any more" : "loading")] }
        let lines =
            switch detail.tab {
            case .overview: CallbackText.overview(facts)
            case .attempts: CallbackText.attempts(facts)
            case .payload: CallbackText.payload(facts.callback)
            case .audit: CallbackText.audit(facts)
            }
        return wrapped(lines, to: width)
    }

    /// Breaks lines where they do not fit; what goes on stands under the values of the fields.
    private static func wrapped(_ lines: [TextPane.Line], to width: Int) -> [TextPane.Line] {
        let margin = min(fieldWidth, width / 4)
        let indent = DisplayText.sanitize(String(repeating: " ", count: margin))
        return lines.flatMap { line -> [TextPane.Line] in
            guard line.text.width > width, width > 0 else { return [line] }
            let first = line.text.wrapped(to: width).first ?? .empty
            var rest = line.text.dropping(columns: first.width)
            if rest.clusters.first?.glyph == .space { rest = rest.dropping(columns: 1) }
            return [TextPane.Line(first, role: line.role, subject: line.subject)]
                + rest.wrapped(to: width - margin).map { .init(indent + $0, role: line.role, subject: line.subject) }
        }
    }

    /// The columns that the name of a field takes.
    private static let fieldWidth = 12

    private static func lines(of detail: TenantDetail) -> [TextPane.Line] {
        guard let facts = detail.facts else { return [.init(detail.isGone ? "it does not exist any more" : "loading")] }
        switch detail.tab {
        case .overview: return overview(facts.tenant)
        case .plan: return plan(facts.tenant)
        case .transitions: return facts.transitions.flatMap(transition)
        case .executions: return []
        case .logs:
            if detail.logs.isEmpty {
                return [.init(detail.logPlace == nil ? "loading" : "no container has written anything", role: .muted)]
            }
            return detail.logs
        }
    }

    private static func overview(_ tenant: Tenant) -> [TextPane.Line] {
        var lines = [
            field("id", tenant.id.rawValue),
            field("generation", "\(tenant.generation), applied \(tenant.observedGeneration)"),
            field("created", ClockText.dateAndTime(tenant.createdAt)),
        ]
        if !tenant.statusMessage.isEmpty {
            lines.append(field("message", tenant.statusMessage, role: tenant.status == .failed ? .failed : .text))
        }
        if let drift = tenant.drift { lines.append(field("drift", drift, role: .failed)) }
        if !tenant.labels.isEmpty { lines.append(field("labels", words(tenant.labels))) }
        if !tenant.annotations.isEmpty { lines.append(field("notes", words(tenant.annotations))) }
        lines.append(.init(.empty))
        lines.append(.init("Endpoints", role: .title))
        if tenant.endpoints.isEmpty { lines.append(.init("  none yet", role: .muted)) }
        lines += tenant.endpoints.map { TextPane.Line(.sanitize("  \($0.name)  \($0.url)")) }
        if !tenant.resourceIDs.isEmpty {
            lines.append(.init(.empty))
            lines.append(.init("Resources", role: .title))
            for (name, id) in tenant.resourceIDs.sorted(by: { $0.key < $1.key }) {
                lines.append(.init(.sanitize("  \(name)  \(id)")))
            }
        }
        lines.append(.init(.empty))
        lines.append(.init("Spec", role: .title))
        lines += DisplayText.lines(SpecYAML.text(tenant.desired.document)).dropLast().map { .init("  " + $0) }
        return lines
    }

    private static func plan(_ tenant: Tenant) -> [TextPane.Line] {
        let plan = Plan(desired: tenant.desired, observed: tenant.observed)
        let heading = "desired generation \(tenant.generation), observed \(tenant.observedGeneration)"
        var lines = [TextPane.Line(.sanitize(heading), role: .muted), .init(.empty)]
        if plan.isEmpty {
            lines.append(.init("nothing differs", role: .ready))
        } else {
            lines += PlanText.lines(plan)
        }
        return lines
    }

    private static func transition(_ transition: TenantTransition) -> [TextPane.Line] {
        let from = transition.from.map { "\($0.rawValue) > " } ?? ""
        let time = ClockText.dateAndTime(transition.createdAt)
        let text = "\(time)  \(from)\(transition.to.rawValue)  by \(transition.triggeredBy)"
        var lines = [TextPane.Line(.sanitize(text), role: transition.to.mark.role)]
        if !transition.reason.isEmpty {
            lines.append(.init(.sanitize("                     \(transition.reason)"), role: .muted))
        }
        return lines
    }

    private static func lines(of detail: ExecutionDetail, now: Timestamp) -> [TextPane.Line] {
        guard let facts = detail.facts else { return [.init(detail.isGone ? "it does not exist any more" : "loading")] }
        switch detail.tab {
        case .timeline: return timeline(facts, now: now)
        case .error: return error(facts.execution)
        case .run: return run(facts)
        case .config:
            return DisplayText.lines(SpecYAML.text(facts.execution.config.document)).dropLast().map { .init($0) }
        }
    }

    /// The history with how long each step took until the next one.
    private static func timeline(_ facts: ExecutionFacts, now: Timestamp) -> [TextPane.Line] {
        let history = facts.history
        return history.enumerated().map { index, entry in
            let next = index + 1 < history.count ? history[index + 1].timestamp : nil
            let end = next ?? (entry.status.isTerminal ? nil : now)
            let took = padded(DurationText.between(entry.timestamp, end), 7)
            let what = entry.details["progress"]?.stringValue ?? entry.status.word
            let more =
                entry.details["error_message"]?.stringValue ?? entry.details["provider"]?.stringValue.map { "at \($0)" }
            let text = "\(ClockText.time(entry.timestamp))  \(took) \(what)" + (more.map { "  \($0)" } ?? "")
            let isStep = entry.details["progress"] != nil
            return TextPane.Line(.sanitize(text), role: isStep ? .text : entry.status.mark.role)
        }
    }

    private static func error(_ execution: ComputeExecution) -> [TextPane.Line] {
        guard let error = execution.error else { return [.init("no error", role: .muted)] }
        var lines = [
            field("code", error.code.rawValue, role: .failed),
            field("class", error.errorClass.rawValue),
            field("retriable", error.isRetriable ? "yes" : "no"),
        ]
        lines += DisplayText.lines(error.message).enumerated().map { index, line in
            .init(label(index == 0 ? "message" : "") + line)
        }
        if let words = error.providerError {
            lines += [.init(.empty), .init("What the provider said", role: .title)]
            lines += DisplayText.lines(words).map { .init("  " + $0) }
        }
        return lines
    }

    private static func run(_ facts: ExecutionFacts) -> [TextPane.Line] {
        guard let run = facts.run else {
            return [.init("no run of the embedded engine stands behind this execution", role: .muted)]
        }
        var lines = [
            field("run", run.id), field("workflow", "\(run.workflowID) version \(run.definitionVersion)"),
            field("status", "\(run.status.rawValue), \(run.subState.rawValue)"),
        ]
        if let state = run.currentState { lines.append(field("state", state)) }
        if let error = run.error { lines.append(field("error", "\(error.code): \(error.message)", role: .failed)) }
        lines.append(.init(.empty))
        lines += facts.runHistory.map { event in
            let name = event.details["name"]?.stringValue ?? event.details["error"]?.stringValue ?? ""
            return .init(
                .sanitize(
                    "\(ClockText.time(event.timestamp))  \(padded("\(event.id)", 4)) \(event.type.rawValue)  \(name)"))
        }
        return lines
    }

    private static func words(_ map: [String: String]) -> String {
        map.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    static func label(_ name: String) -> DisplayText {
        .sanitize(name + String(repeating: " ", count: max(1, fieldWidth - name.count)))
    }

    static func field(_ name: String, _ value: String, role: Role = .text) -> TextPane.Line {
        .init(label(name) + .sanitize(value), role: role)
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
