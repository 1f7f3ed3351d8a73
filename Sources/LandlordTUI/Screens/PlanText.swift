import LandlordDomain
import StatesLanguage

/// Writes what a change would do, field by field.
enum PlanText {
    /// The lines of a detail screen: the field, what is and what will be.
    static func lines(_ plan: Plan) -> [TextPane.Line] {
        plan.changes.flatMap { change in
            var lines = [TextPane.Line(.sanitize(change.path), role: .title)]
            if let before = change.before { lines.append(.init(.sanitize("  - " + value(before)), role: .failed)) }
            if let after = change.after { lines.append(.init(.sanitize("  + " + value(after)), role: .ready)) }
            return lines
        }
    }

    /// The lines of a question: one for each field, and how many more there are.
    static func summary(_ plan: Plan, limit: Int) -> [ConfirmDialog.Line] {
        let isCut = plan.changes.count > limit
        let shown = plan.changes.prefix(isCut ? limit - 1 : limit)
        var lines = shown.map { change in
            let label: DisplayText =
                switch (change.before, change.after) {
                case (nil, _): "+ add"
                case (_, nil): "- remove"
                default: "~ change"
                }
            let text =
                switch (change.before, change.after) {
                case (nil, let after?): "\(change.path): \(value(after))"
                case (let before?, let after?): "\(change.path): \(value(before)) > \(value(after))"
                default: change.path
                }
            return ConfirmDialog.Line(label, .sanitize(text))
        }
        if isCut { lines.append(.init("...", .sanitize("\(plan.changes.count - shown.count) more"))) }
        return lines
    }

    private static func value(_ json: JSONValue) -> String {
        json.stringValue ?? json.serialized()
    }
}
