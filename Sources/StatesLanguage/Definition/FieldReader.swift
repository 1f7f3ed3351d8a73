/// Reads the fields of one object of a definition and reports what is wrong with them.
///
/// A field that is wrong reads as nil, so that reading goes on and finds the other problems.
struct FieldReader {
    let object: JSONObject
    let pointer: JSONPointer
    let problems: ProblemCollector
    /// The place of the state, which the errors of a run name a field relative to, such as `Catch[1]/Output`.
    let base: JSONPointer

    /// Takes a value that must be an object.
    init?(_ value: JSONValue, pointer: JSONPointer, problems: ProblemCollector, base: JSONPointer? = nil) {
        guard case .object(let object) = value else {
            problems.add(.wrongType, pointer, "Expected value of type [OBJECT]")
            return nil
        }
        self.object = object
        self.pointer = pointer
        self.problems = problems
        self.base = base ?? pointer
    }

    func place(_ name: String) -> JSONPointer { pointer.appending(name) }

    func has(_ name: String) -> Bool { object[name] != nil }

    func report(_ code: ProblemCode, _ name: String, _ message: String) { problems.add(code, place(name), message) }

    /// Reports a field as a problem of the object that has it, which is how Step Functions sees it.
    func reportHere(_ code: ProblemCode, _ name: String, _ message: String) {
        problems.add(code, place(name), message, holder: pointer)
    }

    /// Reports the fields that do not belong here.
    func refuseFields(except known: Set<String>, and others: [String] = []) {
        for key in object.keys where !known.contains(key) && !others.contains(key) {
            reportHere(.unknownField, key, "Field '\(key)' is not supported")
        }
    }

    /// Reports the fields that are missing.
    func require(_ names: String...) {
        let missing = names.filter { !has($0) }
        guard !missing.isEmpty else { return }
        problems.add(.missingField, pointer, "These fields are required: [\(missing.joined(separator: ", "))]")
    }

    /// Tells whether at most one of some fields is there (exactly one, unless none is needed), and reports otherwise.
    @discardableResult
    func requireOne(of names: [String], isOptional: Bool = false) -> Bool {
        let present = names.filter(has)
        let list = names.joined(separator: ", ")
        if present.isEmpty && !isOptional {
            problems.add(
                .missingField, pointer, "This object should have only one of the following fields: [\(list)]")
            return false
        }
        for extra in present.dropFirst() {
            reportHere(.conflictingFields, extra, "There should only be one of the following fields: [\(list)]")
        }
        return present.count <= 1
    }

    func string(_ name: String) -> String? {
        switch object[name] {
        case nil: return nil
        case .string(let text)?: return text
        default:
            report(.wrongType, name, "Expected value of type [STRING]")
            return nil
        }
    }

    /// A string that must be one of some words.
    func word(_ name: String, of words: [String]) -> String? {
        guard let text = string(name) else { return nil }
        guard words.contains(text) else {
            report(
                .invalidValue, name, "Value should be one of the following: [\(words.joined(separator: ", "))]")
            return nil
        }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = object[name] else { return nil }
        guard case .number(let number) = value, let integer = number.intValue else {
            report(.wrongType, name, "Expected value of type Integer")
            return nil
        }
        return check(Double(integer), name, in: Double(range.lowerBound)...Double(range.upperBound)) ? integer : nil
    }

    func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = object[name] else { return nil }
        guard case .number(let number) = value else {
            report(.wrongType, name, "Expected value of type Number")
            return nil
        }
        return check(number.doubleValue, name, in: range) ? number.doubleValue : nil
    }

    private func check(_ value: Double, _ name: String, in range: ClosedRange<Double>) -> Bool {
        if value < range.lowerBound { report(.invalidValue, name, "Minimum value is \(Self.text(range.lowerBound))") }
        if value > range.upperBound { report(.invalidValue, name, "Maximum value is \(Self.text(range.upperBound))") }
        return range.contains(value)
    }

    private static func text(_ limit: Double) -> String { Int(exactly: limit).map(String.init) ?? "\(limit)" }

    func boolean(_ name: String) -> Bool? {
        guard let value = object[name] else { return nil }
        guard case .bool(let truth) = value else {
            report(.wrongType, name, "Expected value of type [BOOLEAN]")
            return nil
        }
        return truth
    }

    /// A path.
    func path(_ name: String) -> JSONPath? {
        guard let text = string(name) else { return nil }
        do {
            return try JSONPath(parsing: text)
        } catch {
            report(.invalidPath, name, "Value must be a valid JSONPath. (\(error.message), at byte \(error.offset))")
            return nil
        }
    }

    /// A path that names one node; only some fields may look into the context object.
    func referencePath(_ name: String, allowsContext: Bool = true) -> JSONPath? {
        guard let text = string(name) else { return nil }
        let path: JSONPath
        do {
            path = try JSONPath(parsing: text)
        } catch {
            let reason =
                text.hasPrefix("$")
                ? "\(error.message), at byte \(error.offset)" : "Reference path didn't start with '$'"
            report(.invalidPath, name, "Value is not a Reference Path: \(reason)")
            return nil
        }
        guard path.isDefinite else {
            report(.invalidPath, name, "Value is not a Reference Path: it must name a single node")
            return nil
        }
        if path.root == .context && !allowsContext {
            report(.invalidPath, name, "Value is not a Reference Path: the context object cannot be used here")
            return nil
        }
        return path
    }

    /// A payload template of a JSONPath state.
    func payloadTemplate(_ name: String) -> PayloadTemplate? {
        guard let value = object[name] else { return nil }
        return PayloadTemplate(value, pointer: place(name)) { place, message in
            guard let field = place.memberName, field.hasSuffix(".$") else {
                problems.add(.invalidTemplate, place, message)
                return
            }
            problems.add(
                .invalidTemplate, place,
                "The value for the field '\(field)' must be a valid JSONPath or a valid intrinsic function call "
                    + "(\(message))", holder: place.parent)
        }
    }

    /// A member that is an object, with a reader of its own.
    func child(_ name: String) -> FieldReader? {
        object[name].flatMap {
            FieldReader($0, pointer: place(name), problems: problems, base: base)
        }
    }

    /// The objects of an array, each with its own reader.
    func objects(_ name: String) -> [FieldReader] {
        guard let value = object[name] else { return [] }
        guard case .array(let elements) = value else {
            report(.wrongType, name, "Expected value of type [ARRAY]")
            return []
        }
        let place = place(name)
        return elements.enumerated().compactMap { position, element in
            FieldReader(element, pointer: place.appending(position), problems: problems, base: base)
        }
    }
}
