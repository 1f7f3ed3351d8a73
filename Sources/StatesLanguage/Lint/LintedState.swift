/// A state as the rules see it; it never changes, and is handed to dozens of rules.
final class LintedState: Sendable {
    let name: String
    let place: JSONPointer
    let type: StateType?
    let language: QueryLanguage
    let fields: JSONObject
    let flow: Int
    let position: Int
    let resource: TaskResource?
    /// The texts in which data is read or written, those of inner states not among them.
    let texts: [LintedText]

    init(
        name: String, place: JSONPointer, fields: JSONObject, flow: Int, position: Int, language: QueryLanguage,
        known: KnownExpressions
    ) {
        self.name = name
        self.place = place
        self.fields = fields
        self.flow = flow
        self.position = position
        self.language = language
        type = fields["Type"]?.stringValue.flatMap(StateType.init(rawValue:))
        resource = fields["Resource"]?.stringValue.map(TaskResource.init)
        texts = LintedText.gather(from: fields, place, language, known)
    }

    var pointer: String { place.text }

    subscript(name: String) -> JSONValue? { fields[name] }

    func has(_ name: String) -> Bool { fields[name] != nil }

    func string(_ name: String) -> String? { fields[name]?.stringValue }

    func number(_ name: String) -> Double? { fields[name]?.doubleValue }

    /// The pointer of something in the state.
    func pointer(to names: String...) -> String { names.reduce(place) { $0.appending($1) }.text }

    /// The pointer of a rule of `Retry`, `Catch` or `Choices`, or of something in it.
    func pointer(to field: String, _ index: Int, _ names: String...) -> String {
        names.reduce(place.appending(field).appending(index)) { $0.appending($1) }.text
    }

    var isTerminal: Bool { type == .succeed || type == .fail || fields["End"]?.boolValue == true }

    /// The data given to a task: `Parameters` or `Arguments`.
    var argumentsField: String { language == .jsonPath ? "Parameters" : "Arguments" }

    /// A rule of `Retry` or `Catch`.
    struct ErrorRule {
        let index: Int
        let fields: JSONObject
        let names: [String]
    }

    /// The rules of `Retry` or `Catch`.
    func errorRules(_ field: String) -> [ErrorRule] {
        (fields[field]?.arrayValue ?? []).enumerated().compactMap { index, rule in
            guard case .object(let fields) = rule else { return nil }
            let names = (fields["ErrorEquals"]?.arrayValue ?? []).compactMap(\.stringValue)
            return ErrorRule(index: index, fields: fields, names: names)
        }
    }

    /// The variables that the state assigns, each with the place of its assignment.
    var assignments: [(name: String, place: JSONPointer)] {
        var found: [(String, JSONPointer)] = []
        func note(_ assign: JSONValue?, _ holder: @autoclosure () -> JSONPointer) {
            guard case .object(let assign)? = assign else { return }
            let place = holder().appending("Assign")
            for key in assign.keys {
                let name = language == .jsonPath && key.hasSuffix(".$") ? String(key.dropLast(2)) : key
                found.append((name, place.appending(key)))
            }
        }
        note(fields["Assign"], place)
        for field in ["Choices", "Catch"] {
            for (index, rule) in (fields[field]?.arrayValue ?? []).enumerated() {
                note(rule["Assign"], place.appending(field).appending(index))
            }
        }
        return found
    }
}
