/// A path that names one place, where a result is put: `ResultPath`.
struct ReferencePath: Sendable, Hashable {
    let text: String
    private let steps: [JSONPath.Step]

    /// Parses a path and refuses one that could name several places, or one in the context object.
    init(parsing text: String) throws(PathSyntaxError) {
        let path = try JSONPath(parsing: text)
        guard path.root == .input else {
            throw PathSyntaxError(message: "only the state's data can be written to", offset: 0)
        }
        for step in path.steps {
            switch step {
            case .member: continue
            case .index(let index) where index >= 0: continue
            case .index, .members, .indexes, .slice, .wildcard, .filter, .descend:
                throw PathSyntaxError(message: "a reference path names a single place", offset: 0)
            }
        }
        self.text = text
        steps = path.steps
    }

    /// Puts a value at the place, making the objects on the way that are not there.
    func set(_ value: JSONValue, in document: JSONValue) throws(StateError) -> JSONValue {
        var changed = document
        guard Self.set(value, steps[...], in: &changed) else {
            throw StateError(
                ErrorName.resultPathMatchFailure,
                "Unable to apply ReferencePath \(text) to input \(document.serialized())")
        }
        return changed
    }

    private static func set(_ value: JSONValue, _ steps: ArraySlice<JSONPath.Step>, in node: inout JSONValue) -> Bool {
        guard let step = steps.first else {
            node = value
            return true
        }
        switch (step, node) {
        case (.member(let name), .object(var object)):
            node = .null  // So that the object is not shared while it is changed.
            defer { node = .object(object) }
            return set(value, steps.dropFirst(), in: &object[name, default: [:]])
        case (.index(let index), .array(var elements)):
            guard index < elements.count else { return false }
            node = .null
            defer { node = .array(elements) }
            return set(value, steps.dropFirst(), in: &elements[index])
        default: return false
        }
    }
}
