import LandlordDomain
import StatesLanguage

/// The pages of a run's screen, line by line.
enum RunText {
    private static let noEvents = TextPane.Line("nothing has happened yet", role: .muted)

    /// The lines of the page that is open.
    static func lines(of detail: RunDetail, now: Timestamp, width: Int, isASCII: Bool) -> [TextPane.Line] {
        guard let facts = detail.facts else { return [.init(detail.isGone ? "it does not exist any more" : "loading")] }
        switch detail.tab {
        case .graph: return graph(facts, width: width, isASCII: isASCII)
        case .timeline: return timeline(facts, now: now, width: width)
        case .history: return history(facts)
        case .raw: return raw(facts)
        case .pending: return pending(facts, now: now)
        case .data: return data(facts)
        }
    }

    // MARK: Graph

    private static func graph(_ facts: RunFacts, width: Int, isASCII: Bool) -> [TextPane.Line] {
        guard let outline = facts.outline else {
            return [.init("its definition cannot be read any more", role: .muted)]
        }
        let isCut = facts.history.count < facts.run.eventCount
        var lights = RunLights(facts.history, isRunning: isCut || !facts.run.status.isTerminal)
        if isCut {
            let open = facts.tasks.filter { $0.status == .open }.map(\.task.stateName)
            lights.moveOn(to: [facts.run.currentState].compactMap { $0 } + open, as: light(of: facts.run.status))
        }
        return DefinitionGraph(outline, lights: lights, width: width, isASCII: isASCII).lines.map { line in
            TextPane.Line(line.text, role: line.state == nil ? .muted : role(of: line.light))
        } + (isCut ? [lit(by: facts)] : [])
    }

    private static func lit(by facts: RunFacts) -> TextPane.Line {
        let (count, all) = (facts.history.count, facts.run.eventCount)
        return .init(.sanitize("lit by \(count) of \(all) events and by where it is now"), role: .muted)
    }

    private static func light(of status: WorkflowExecutionStatus) -> RunLights.Light {
        switch status {
        case .pending, .running: .active
        case .succeeded: .passed
        case .failed, .cancelled, .timedOut: .failed
        }
    }

    private static func role(of light: RunLights.Light) -> Role {
        switch light {
        case .dark: .muted
        case .active: .provisioning
        case .passed: .ready
        case .caught: .backingOff
        case .failed: .failed
        }
    }

    // MARK: History

    /// The shape: one line for each visit of a state, with how long it took and how often it was tried.
    private static func timeline(_ facts: RunFacts, now: Timestamp, width: Int) -> [TextPane.Line] {
        let visits = RunVisit.visits(in: facts.history)
        guard !visits.isEmpty else { return [noEvents] }
        let nameWidth = min(32, visits.map(\.name.count).max() ?? 0)
        let end = facts.run.endedAt ?? now
        let total = max(1, end.duration(since: facts.run.createdAt).milliseconds)
        let notes = visits.map { $0.attempts > 1 ? "  \($0.attempts) attempts" : "" }
        let room = width - nameWidth - textWidth - (notes.map(\.count).max() ?? 0)
        let barWidth = min(barWidths.upperBound, max(barWidths.lowerBound, room))
        let lines = zip(visits, notes).map { visit, tries in
            // Whether it was left, and when, may stand in what was not read.
            let isUnknown = visit.leftAt == nil && facts.laterCount > 0
            let stop = visit.leftAt ?? (isUnknown ? visit.enteredAt : end)
            let bar = bar(from: visit.enteredAt, to: stop, of: facts.run.createdAt, total, width: barWidth)
            let name = visit.name.padding(to: nameWidth)
            let took = (isUnknown ? "?" : AgeText.preciseText(stop.duration(since: visit.enteredAt))).padding(to: 7)
            let role: Role =
                visit.hasFailed ? .failed : isUnknown ? .muted : visit.leftAt == nil ? .provisioning : .ready
            return TextPane.Line(
                .sanitize("\(ClockText.time(visit.enteredAt))  \(name)  \(took) \(bar)\(tries)"), role: role,
                subject: visit.event)
        }
        return within(facts, lines)
    }

    /// How wide a bar is, as there is room.
    private static let barWidths = 8...60
    /// What stands in a line beside the name, the bar and a note: the clock, how long it took, and what is between.
    private static let textWidth = 26

    private static func bar(
        from start: Timestamp, to end: Timestamp, of begin: Timestamp, _ total: Int64, width: Int
    ) -> String {
        func column(_ time: Timestamp) -> Int {
            Int(min(total, max(0, time.duration(since: begin).milliseconds)) * Int64(width) / total)
        }
        let first = min(width - 1, column(start))
        let count = max(1, column(end) - first)
        return "|" + String(repeating: " ", count: first) + String(repeating: "=", count: count)
            + String(repeating: " ", count: max(0, width - first - count)) + "|"
    }

    private static func history(_ facts: RunFacts) -> [TextPane.Line] {
        guard !facts.history.isEmpty else { return [noEvents] }
        let width = "\(facts.history.last?.id ?? 0)".count
        let lines = facts.history.map { event in
            let number = String(repeating: " ", count: max(0, width - "\(event.id)".count)) + "\(event.id)"
            let details = TokenRedaction.without(event.details)
            let text = "\(number)  \(ClockText.time(event.timestamp))  \(event.type.rawValue.padding(to: 24))  "
            return TextPane.Line(.sanitize(text + summary(details)), role: event.type.role, subject: event.id)
        }
        return within(facts, lines)
    }

    private static func summary(_ details: JSONValue) -> String {
        guard case .object(var object) = details else { return "" }
        for name in ["inputDetails", "outputDetails"] { object[name] = nil }
        if let name = object["name"]?.stringValue { return name }
        if object.isEmpty { return "" }
        return String(JSONValue.object(object).serialized().prefix(400))
    }

    private static func raw(_ facts: RunFacts) -> [TextPane.Line] {
        guard !facts.history.isEmpty else { return [noEvents] }
        let lines = facts.history.flatMap { event -> [TextPane.Line] in
            let json: JSONValue = [
                "id": .number(JSONNumber(event.id)), "previousEventId": .number(JSONNumber(event.previousEventID)),
                "type": .string(event.type.rawValue), "timestamp": .string(event.timestamp.rfc3339),
                "details": TokenRedaction.without(event.details),
            ]
            return DisplayText.lines(json.pretty()).map { TextPane.Line($0, subject: event.id) }
        }
        return within(facts, lines)
    }

    /// The lines of a part of the history, with how much there is before and behind it.
    private static func within(_ facts: RunFacts, _ lines: [TextPane.Line]) -> [TextPane.Line] {
        func note(_ count: Int, _ word: String, _ way: String) -> [TextPane.Line] {
            count == 0 ? [] : [.init(.sanitize("\(count) \(word) events; \(way)"), role: .muted)]
        }
        return note(facts.earlierCount, "earlier", "g goes to the first") + lines
            + note(facts.laterCount, "later", "G goes to the last")
    }

    // MARK: What it waits for, and its data

    private static func pending(_ facts: RunFacts, now: Timestamp) -> [TextPane.Line] {
        var lines: [TextPane.Line] = facts.tasks.flatMap { task -> [TextPane.Line] in
            [
                .init(
                    .sanitize(
                        "task \(task.task.id) of '\(task.task.stateName)': \(RunWhy.wait(for: task, facts.why, now))")),
                .init(
                    .sanitize(
                        "  \(task.task.resource)  \(TokenRedaction.parameters(of: task.task).serialized())"
                    ),
                    role: .muted),
            ]
        }
        for approval in facts.approvals {
            lines.append(
                .init(
                    .sanitize(
                        "approval \(approval.id): \(approval.request.title), needs \(approval.missingCount) more"),
                    role: .waiting))
            let who = approval.deciders.isEmpty ? "anybody" : approval.deciders.joined(separator: ", ")
            lines.append(.init(.sanitize("  \(who) may decide: Y approves, N rejects"), role: .muted))
        }
        if let wakeAt = facts.run.wakeAt {
            lines.append(.init(.sanitize("it \(RunWhy.wait(until: wakeAt, now))")))
        }
        for signal in facts.signals where signal.task == nil {
            let age = AgeText.text(now.duration(since: signal.sentAt))
            lines.append(
                .init(.sanitize("signal '\(signal.signal.name)' from \(signal.signal.sender) waits for \(age)")))
        }
        return lines.isEmpty ? [.init("it waits for nothing", role: .muted)] : lines
    }

    private static func data(_ facts: RunFacts) -> [TextPane.Line] {
        let run = facts.run
        var lines = section("input", run.input)
        if !facts.variables.isEmpty { lines += section("variables", .object(facts.variables)) }
        if let output = run.output { lines += section("output", output) }
        if let error = run.error {
            lines += [.init(.sanitize("error  \(error.code)"), role: .failed)]
            lines += DisplayText.lines(error.message).map { TextPane.Line($0, role: .failed) }
        }
        return lines
    }

    private static func section(_ title: String, _ value: JSONValue) -> [TextPane.Line] {
        [TextPane.Line(.sanitize(title), role: .title)]
            + DisplayText.lines(TokenRedaction.without(value).pretty()).map { TextPane.Line($0) }
            + [TextPane.Line(.empty)]
    }
}

/// One visit of a state, read from a run's history.
struct RunVisit: Hashable, Sendable {
    let name: String
    /// The number of the event with which it began.
    let event: Int
    let enteredAt: Timestamp
    var leftAt: Timestamp?
    var attempts = 0
    var hasFailed = false

    /// The visits in the order in which they began.
    static func visits(in history: [HistoryEvent]) -> [RunVisit] {
        var visits: [RunVisit] = []
        // Each event names the one that it follows, so that those of branches are told apart.
        var places: [Int: Int] = [:]
        for event in history {
            if event.type.rawValue.hasSuffix("StateEntered"), let name = event.details["name"]?.stringValue {
                places[event.id] = visits.count
                visits.append(RunVisit(name: name, event: event.id, enteredAt: event.timestamp))
                continue
            }
            // What leaves a Parallel or Map follows the last event of a branch, and names its state itself.
            let named = event.type.rawValue.hasSuffix("StateExited") ? event.details["name"]?.stringValue : nil
            let left = named.flatMap { name in visits.lastIndex { $0.name == name && $0.leftAt == nil } }
            guard let place = left ?? places[event.previousEventID] else { continue }
            places[event.id] = place
            visits[place].take(event)
        }
        return visits
    }

    private mutating func take(_ event: HistoryEvent) {
        switch event.type {
        case .taskScheduled, .activityScheduled, .lambdaFunctionScheduled: attempts += 1
        case .executionFailed, .executionAborted, .executionTimedOut, .taskStateAborted, .waitStateAborted,
            .parallelStateAborted, .mapStateAborted:
            hasFailed = true
            leftAt = event.timestamp
        default:
            if event.type.rawValue.hasSuffix("StateExited") || event.type == .executionSucceeded {
                leftAt = event.timestamp
            }
        }
    }
}

extension HistoryEventType {
    /// How the event is drawn.
    fileprivate var role: Role {
        if rawValue.hasSuffix("Failed") || rawValue.hasSuffix("TimedOut") || rawValue.hasSuffix("Aborted") {
            return .failed
        }
        if rawValue.hasSuffix("Succeeded") { return .ready }
        if rawValue.hasSuffix("StateEntered") { return .provisioning }
        return .text
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

extension Duration {
    /// Whole milliseconds.
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
