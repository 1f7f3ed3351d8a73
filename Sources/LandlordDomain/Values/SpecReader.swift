public import StatesLanguage

/// Takes a document apart field by field and remembers everything that is wrong with it.
///
/// A reader never stops at the first problem. Where a value has the wrong type it reports that and goes on with
/// nothing.
public struct SpecReader {
    /// What was found wrong so far, in the order of the document.
    public private(set) var violations: [Violation] = []

    /// A reader that has found nothing yet.
    public init() {}

    /// Remembers a broken rule.
    public mutating func report(_ field: String, _ message: String) {
        violations.append(Violation(field, message))
    }

    /// Remembers the broken rules that somebody else found.
    public mutating func check(_ found: [Violation]) {
        violations += found
    }

    /// Ends the reading.
    ///
    /// - Throws: all that was found wrong.
    public func finish() throws(InvalidSpec) {
        guard violations.isEmpty else { throw InvalidSpec(violations) }
    }

    /// An object's fields; nil, and a report, for anything else.
    public mutating func object(_ value: JSONValue?, path: String) -> JSONObject? {
        guard let value, value != .null else { return nil }
        guard case .object(let fields) = value else {
            report(path, "must be a mapping, not \(Self.kind(value))")
            return nil
        }
        return fields
    }

    /// A text.
    public mutating func string(_ value: JSONValue?, path: String, isRequired: Bool = false) -> String? {
        guard let value, value != .null else {
            if isRequired { report(path, "is required") }
            return nil
        }
        guard case .string(let text) = value else {
            report(path, "must be text, not \(Self.kind(value))")
            return nil
        }
        if isRequired, text.isEmpty { report(path, "must not be empty") }
        return text
    }

    /// A whole number within a range.
    public mutating func integer(
        _ value: JSONValue?, path: String, range: ClosedRange<Int>, isRequired: Bool = false
    ) -> Int? {
        guard let value, value != .null else {
            if isRequired { report(path, "is required") }
            return nil
        }
        guard case .number = value, let number = value.intValue else {
            report(path, "must be a whole number, not \(Self.kind(value))")
            return nil
        }
        guard range.contains(number) else {
            report(path, "must be from \(range.lowerBound) to \(range.upperBound), not \(number)")
            return nil
        }
        return number
    }

    /// One of a few words.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: JSONValue?, path: String, isRequired: Bool = false
    ) -> Choice? where Choice.RawValue == String {
        guard let text = string(value, path: path, isRequired: isRequired) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            report(path, "must be one of \(words), not '\(text)'")
            return nil
        }
        return choice
    }

    /// A list of at most `limit` items.
    public mutating func list(_ value: JSONValue?, path: String, limit: Int) -> [JSONValue] {
        guard let value, value != .null else { return [] }
        guard case .array(let items) = value else {
            report(path, "must be a list, not \(Self.kind(value))")
            return []
        }
        guard items.count <= limit else {
            report(path, "must have at most \(limit) items, not \(items.count)")
            return []
        }
        return items
    }

    /// A list of texts.
    public mutating func strings(_ value: JSONValue?, path: String, limit: Int) -> [String] {
        var texts: [String] = []
        for (index, item) in list(value, path: path, limit: limit).enumerated() {
            if item == .null { report("\(path)[\(index)]", "must be text, not nothing") }
            if let text = string(item, path: "\(path)[\(index)]") { texts.append(text) }
        }
        return texts
    }

    /// A mapping from text to text.
    public mutating func stringMap(_ value: JSONValue?, path: String) -> [String: String] {
        guard let fields = object(value, path: path) else { return [:] }
        var map: [String: String] = [:]
        for (key, item) in fields {
            if item == .null { report("\(path).\(key)", "must be text, not nothing") }
            if let text = string(item, path: "\(path).\(key)") { map[key] = text }
        }
        return map
    }

    /// Reports the fields that nobody reads, with the field that was probably meant.
    public mutating func refuseUnknown(_ fields: JSONObject, allowed: [String], path: String) {
        for (key, _) in fields where !allowed.contains(key) {
            let place = path.isEmpty ? key : "\(path).\(key)"
            let hint = Suggestion.nearest(to: key, among: allowed).map { "; did you mean '\($0)'?" } ?? ""
            report(place, "is not a known field\(hint)")
        }
    }

    private static func kind(_ value: JSONValue) -> String {
        switch value {
        case .null: "nothing"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "a mapping"
        }
    }
}
