/// Reads the fields of one object of a definition and reports what is wrong with them.
///
/// A field that is wrong reads as nil, so that reading goes on and finds the other problems.
struct FieldReader {
    let object: JSONObject
    let pointer: JSONPointer
    let problems: ProblemCollector

    /// Takes a value that must be an object.
    init?(_ value: JSONValue, pointer: JSONPointer, problems: ProblemCollector) {
        guard case .object(let object) = value else {
            problems.add(.wrongType, pointer, "an object is expected here")
            return nil
        }
        self.object = object
        self.pointer = pointer
        self.problems = problems
    }

    func place(_ name: String) -> JSONPointer { pointer.appending(name) }

    func has(_ name: String) -> Bool { object[name] != nil }

    func report(_ code: ProblemCode, _ name: String, _ message: String) { problems.add(code, place(name), message) }

    /// Reports the fields that do not belong here.
    func refuseFields(except known: Set<String>, of kind: String) {
        for key in object.keys where !known.contains(key) {
            if let reason = Self.unsupported[key] {
                report(.notSupported, key, reason)
            } else {
                report(.unknownField, key, "\(kind) has no field '\(key)'")
            }
        }
    }

    private static let unsupported = [
        "Assign": "variables (Assign) are not yet supported",
        "Arguments": "JSONata (Arguments) is not yet supported",
        "Output": "JSONata (Output) is not yet supported",
        "Condition": "JSONata (Condition) is not yet supported",
        "Credentials": "Credentials are not supported",
    ]

    func requireOne(of names: [String], in kind: String, isOptional: Bool = false) {
        let present = names.filter(has)
        if present.isEmpty && !isOptional {
            problems.add(.missingField, pointer, "\(kind) needs one of \(names.joined(separator: ", "))")
        }
        for extra in present.dropFirst() {
            report(.conflictingFields, extra, "'\(extra)' and '\(present[0])' exclude each other")
        }
    }

    func string(_ name: String, isRequired: Bool = false) -> String? {
        switch object[name] {
        case nil:
            if isRequired { problems.add(.missingField, pointer, "the field '\(name)' is missing") }
            return nil
        case .string(let text)?: return text
        default:
            report(.wrongType, name, "'\(name)' must be a string")
            return nil
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = object[name] else { return nil }
        guard case .number(let number) = value, let integer = number.intValue else {
            report(.wrongType, name, "'\(name)' must be an integer")
            return nil
        }
        guard range.contains(integer) else {
            report(.invalidValue, name, "'\(name)' must be from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return integer
    }

    func number(_ name: String, atLeast minimum: Double) -> Double? {
        guard let value = object[name] else { return nil }
        guard case .number(let number) = value else {
            report(.wrongType, name, "'\(name)' must be a number")
            return nil
        }
        guard number.doubleValue >= minimum else {
            report(.invalidValue, name, "'\(name)' must be at least \(minimum)")
            return nil
        }
        return number.doubleValue
    }

    func boolean(_ name: String) -> Bool? {
        guard let value = object[name] else { return nil }
        guard case .bool(let truth) = value else {
            report(.wrongType, name, "'\(name)' must be true or false")
            return nil
        }
        return truth
    }

    /// A path; `isDefinite` asks for one that names a single node.
    func path(_ name: String, isDefinite: Bool) -> JSONPath? {
        guard let text = string(name) else { return nil }
        do {
            let path = try JSONPath(parsing: text)
            if isDefinite && !path.isDefinite {
                report(.invalidPath, name, "'\(name)' must name a single node")
                return nil
            }
            return path
        } catch {
            report(.invalidPath, name, "\(error.message) (at byte \(error.offset) of '\(text)')")
            return nil
        }
    }

    func template(_ name: String) -> PayloadTemplate? {
        guard let value = object[name] else { return nil }
        return PayloadTemplate(value, pointer: place(name)) { place, message in
            problems.add(.invalidTemplate, place, message)
        }
    }

    /// The objects of an array, each with its own reader.
    func objects(_ name: String) -> [FieldReader] {
        guard let value = object[name] else { return [] }
        guard case .array(let elements) = value else {
            report(.wrongType, name, "'\(name)' must be an array")
            return []
        }
        return elements.enumerated().compactMap { position, element in
            FieldReader(element, pointer: place(name).appending(String(position)), problems: problems)
        }
    }
}
