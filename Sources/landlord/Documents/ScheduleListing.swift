import LandlordDomain
import LandlordTUI
import StatesLanguage

extension Schedule {
    /// The schedule as scripts see it.
    var document: JSONValue {
        [
            "name": .string(spec.name),
            "status": .string(status.rawValue),
            "spec": spec.document,
            "paused_by": JSONValue(pause?.actor),
            "pause_reason": JSONValue(pause?.reason),
            "next_at": JSONValue(nextAt),
            "planned_through": JSONValue(plannedThrough),
            "starting": .array(starting.map { JSONValue($0) }),
            "waiting": .array(waiting.map { JSONValue($0) }),
            "last_run_id": JSONValue(lastRunID),
            "started": JSONValue(startedCount),
            "skipped": JSONValue(skippedCount),
            "created_at": JSONValue(createdAt),
        ]
    }

    /// The schedule as a person reads it.
    var fields: TextFields {
        var fields = TextFields()
        fields.add("name", spec.name)
        fields.add("description", spec.description)
        fields.add("workflow", spec.workflowID)
        fields.add("when", spec.recurrence.text)
        fields.add("from", spec.startAt?.rfc3339)
        fields.add("until", spec.endAt?.rfc3339)
        fields.add("catch up", "\(spec.catchUp.rawValue), within \(spec.catchUpWindow.inWords)")
        fields.add("overlap", spec.overlap.rawValue)
        fields.add("status", status.rawValue)
        fields.add("paused by", pause.map { $0.reason.isEmpty ? $0.actor : "\($0.actor): \($0.reason)" })
        fields.add("next", nextAt?.rfc3339)
        fields.add("starting", starting.isEmpty ? nil : starting.map(\.rfc3339).joined(separator: ", "))
        fields.add("waiting", waiting.isEmpty ? nil : waiting.map(\.rfc3339).joined(separator: ", "))
        fields.add("last run", lastRunID)
        fields.add("started", "\(startedCount)")
        fields.add("skipped", "\(skippedCount)")
        return fields
    }
}

extension ScheduleEvent {
    /// The line as scripts see it.
    var document: JSONValue {
        [
            "kind": .string(kind.rawValue), "moment": JSONValue(moment), "run_id": JSONValue(runID),
            "actor": JSONValue(actor), "reason": .string(reason), "timestamp": JSONValue(at),
        ]
    }
}

extension [ScheduleEvent] {
    /// The lines as a person reads them.
    var table: TextTable {
        TextTable(["TIME", "WHAT", "MOMENT", "RUN", "BY", "REASON"], self) { event in
            [
                event.at.rfc3339, event.kind.rawValue, event.moment?.rfc3339 ?? "", event.runID ?? "",
                event.actor ?? "", event.reason,
            ]
        }
    }
}
