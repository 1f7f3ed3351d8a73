public import StatesLanguage

/// What happens with moments that passed while nobody drove, or while the clock jumped.
public enum CatchUp: String, Sendable, Hashable, CaseIterable {
    /// Nothing starts for them.
    case skip
    /// A run starts for the newest of them.
    case one
    /// A run starts for each of them.
    case all
}

/// What happens when a schedule is due and the run before is not over.
public enum Overlap: String, Sendable, Hashable, CaseIterable {
    /// Nothing starts.
    case skip
    /// A run starts beside it.
    case allow
    /// A run starts when it is over.
    case queue
    /// It is cancelled, and a run starts when it is over.
    case cancel
}

/// What a person writes to have runs of a workflow started again and again.
public struct ScheduleSpec: Sendable, Hashable {
    /// The schedule's name.
    public let name: String
    /// For people.
    public let description: String
    /// What is started.
    public let workflowID: String
    /// When.
    public let recurrence: Recurrence
    /// Nothing starts before.
    public let startAt: Timestamp?
    /// Nothing starts after.
    public let endAt: Timestamp?
    /// What a run is started with; texts in it may name the moment for which it is.
    public let input: JSONValue
    /// What happens with moments that passed.
    public let catchUp: CatchUp
    /// How far back moments are made up for.
    public let catchUpWindow: Duration
    /// What happens when the run before is not over.
    public let overlap: Overlap
    /// What was written, with nothing filled in.
    public let document: JSONValue

    /// How far back moments may be made up for.
    public static let catchUpWindowLimit = Duration.seconds(31 * 86_400)
    private static let catchUpWindowStandard = Duration.seconds(86_400)

    private static let fields = [
        "name", "description", "workflow", "cron", "zone", "every", "anchor", "start_at", "end_at", "input", "catch_up",
        "catch_up_window", "overlap",
    ]

    /// Reads a schedule from the document that a person wrote.
    ///
    /// - Throws: Every broken rule at once, each with its field.
    public init(json: JSONValue) throws(InvalidSpec) {
        var reader = SpecReader()
        guard let fields = reader.object(json, path: "") else {
            if json == .null { reader.report("", "is empty; a schedule has a name, a workflow, and cron or every") }
            throw InvalidSpec(reader.violations)
        }
        reader.refuseUnknown(fields, allowed: Self.fields, path: "")
        name = reader.string(fields["name"], path: "name", isRequired: true) ?? ""
        if !name.isEmpty, !TenantSpec.isLegalName(name) { reader.report("name", TenantSpec.nameRule) }
        description = reader.string(fields["description"], path: "description") ?? ""
        if description.utf8.count > WorkflowSpec.descriptionByteLimit {
            reader.report("description", "must be at most \(WorkflowSpec.descriptionByteLimit) bytes")
        }
        workflowID = reader.string(fields["workflow"], path: "workflow", isRequired: true) ?? ""
        if !workflowID.isEmpty, !WorkflowSpec.isLegalWorkflowID(workflowID) {
            reader.report("workflow", "must be 1 to 128 lowercase letters, digits or hyphens")
        }
        recurrence = reader.recurrence(fields)
        startAt = reader.moment(fields["start_at"], path: "start_at")
        endAt = reader.moment(fields["end_at"], path: "end_at")
        if let startAt, let endAt, endAt <= startAt { reader.report("end_at", "must be later than start_at") }
        input = fields["input"] ?? .object([:])
        reader.check(WorkflowSpec.document(input, field: "input"))
        catchUp = reader.choice(fields["catch_up"], path: "catch_up") ?? .one
        catchUpWindow =
            reader.duration(
                fields["catch_up_window"], path: "catch_up_window", range: .seconds(1)...Self.catchUpWindowLimit)
            ?? Self.catchUpWindowStandard
        overlap = reader.choice(fields["overlap"], path: "overlap") ?? .skip
        document = json
        try reader.finish()
    }
}

extension SpecReader {
    /// When it is due: a cron expression with its zone, or an interval with its anchor.
    fileprivate mutating func recurrence(_ fields: JSONObject) -> Recurrence {
        let cron = string(fields["cron"], path: "cron")
        let period = duration(fields["every"], path: "every", range: Recurrence.intervalRange)
        let zone = string(fields["zone"], path: "zone")
        let anchor = moment(fields["anchor"], path: "anchor")
        let hasInterval = (fields["every"] ?? .null) != .null
        if let cron {
            if hasInterval { report("every", "cannot stand beside cron") }
            if anchor != nil { report("anchor", "belongs to every, not to cron") }
            do throws(CronProblem) {
                return .cron(try CronExpression(parsing: cron), zone: zone ?? TimeZoneRules.utc.name)
            } catch {
                report("cron", error.description)
            }
        } else if !hasInterval, (fields["cron"] ?? .null) == .null {
            report("cron", "is required where there is no every")
        }
        if cron == nil, zone != nil { report("zone", "belongs to cron, not to every") }
        let epoch = Timestamp(millisecondsSinceEpoch: 0)
        return .interval(milliseconds: (period ?? .seconds(1)).wholeMilliseconds, anchor: anchor ?? epoch)
    }

    /// A moment as RFC 3339 writes it.
    fileprivate mutating func moment(_ value: JSONValue?, path: String) -> Timestamp? {
        guard let text = string(value, path: path) else { return nil }
        guard let moment = Timestamp(rfc3339: text) else {
            report(path, "must be a moment such as 2026-01-31T06:00:00Z")
            return nil
        }
        return moment
    }

    /// A duration in words, within a range.
    fileprivate mutating func duration(
        _ value: JSONValue?, path: String, range: ClosedRange<Duration>
    ) -> Duration? {
        guard let text = string(value, path: path) else { return nil }
        guard let duration = Duration(words: text), range.contains(duration) else {
            let bounds = "from \(range.lowerBound.inWords) to \(range.upperBound.inWords)"
            report(path, "must be a duration such as 30s, 15m or 24h, \(bounds)")
            return nil
        }
        return duration
    }
}

extension Duration {
    /// What it is in milliseconds, cut off.
    fileprivate var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
