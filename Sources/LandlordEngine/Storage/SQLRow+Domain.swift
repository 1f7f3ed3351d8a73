package import LandlordDomain
package import StatesLanguage

/// The project's own values in the columns of a row.
extension SQLRow {
    /// The moment in the column `name`, which holds milliseconds since the epoch.
    package func timestamp(_ name: String) throws(RepositoryError) -> Timestamp {
        Timestamp(millisecondsSinceEpoch: try integer(name))
    }

    /// The moment in the column `name`, or nil where it is null.
    package func optionalTimestamp(_ name: String) throws(RepositoryError) -> Timestamp? {
        try optionalInteger(name).map(Timestamp.init(millisecondsSinceEpoch:))
    }

    /// The JSON in the column `name`.
    package func json(_ name: String) throws(RepositoryError) -> JSONValue {
        try parse(try text(name), name)
    }

    /// The JSON in the column `name`, or nil where it is null.
    package func optionalJSON(_ name: String) throws(RepositoryError) -> JSONValue? {
        guard let text = try optionalText(name) else { return nil }
        return try parse(text, name)
    }

    /// The case of an enumeration in the column `name`.
    package func enumeration<Value: RawRepresentable<String>>(
        _ name: String, _ type: Value.Type = Value.self
    ) throws(RepositoryError) -> Value {
        guard let value = Value(rawValue: try text(name)) else { throw try unreadable(name, "a known word") }
        return value
    }

    /// The case of an enumeration in the column `name`, or nil where it is null.
    package func optionalEnumeration<Value: RawRepresentable<String>>(
        _ name: String, _ type: Value.Type = Value.self
    ) throws(RepositoryError) -> Value? {
        guard let text = try optionalText(name) else { return nil }
        guard let value = Value(rawValue: text) else { throw try unreadable(name, "a known word or null") }
        return value
    }

    /// The map of texts in the column `name`.
    package func strings(_ name: String) throws(RepositoryError) -> [String: String] {
        let json = try json(name)
        guard case .object(let object) = json, json.stringMap.count == object.count else {
            throw try unreadable(name, "an object of texts")
        }
        return json.stringMap
    }

    /// The endpoints in the column `name`.
    package func endpoints(_ name: String) throws(RepositoryError) -> [Endpoint] {
        guard let items = try json(name).arrayValue else { throw try unreadable(name, "a list of endpoints") }
        var endpoints: [Endpoint] = []
        for item in items {
            guard let endpoint = Endpoint(json: item) else { throw try unreadable(name, "a list of endpoints") }
            endpoints.append(endpoint)
        }
        return endpoints
    }

    private func parse(_ text: String, _ name: String) throws(RepositoryError) -> JSONValue {
        do throws(JSONParseError) {
            return try JSONValue(parsing: text)
        } catch {
            throw try unreadable(name, "JSON")
        }
    }
}

extension SQLValue {
    /// The moment as milliseconds since the epoch.
    package static func timestamp(_ value: Timestamp) -> SQLValue { .integer(value.millisecondsSinceEpoch) }

    /// The moment as milliseconds since the epoch, or null where there is none.
    package static func optional(_ value: Timestamp?) -> SQLValue { value.map { .timestamp($0) } ?? .null }

    /// The JSON as text.
    package static func json(_ value: JSONValue) -> SQLValue { .text(value.serialized()) }

    /// The JSON as text, or null where there is none.
    package static func optional(_ value: JSONValue?) -> SQLValue { value.map { .json($0) } ?? .null }

    /// The map as a JSON object with its keys in order.
    package static func strings(_ value: [String: String]) -> SQLValue {
        value.isEmpty ? "{}" : .json(.strings(value))
    }

    /// The endpoints as a JSON array.
    package static func endpoints(_ value: [Endpoint]) -> SQLValue {
        value.isEmpty ? "[]" : .json(.array(value.map(\.json)))
    }
}
