/// Why a stored run state, input or event cannot be read back.
public struct StoredFormError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, with the name of the field.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Reads the fields of a stored object.
struct StoredObject {
    private let object: JSONObject
    private let kind: String

    init(_ value: JSONValue, kind: String) throws(StoredFormError) {
        guard case .object(let object) = value else { throw StoredFormError("\(kind) is not an object") }
        self.object = object
        self.kind = kind
    }

    subscript(name: String) -> JSONValue? { object[name] }

    func value(_ name: String) throws(StoredFormError) -> JSONValue {
        guard let value = object[name] else { throw StoredFormError("\(kind) has no '\(name)'") }
        return value
    }

    func string(_ name: String) throws(StoredFormError) -> String {
        guard case .string(let text) = try value(name) else {
            throw StoredFormError("'\(name)' of \(kind) is not a string")
        }
        return text
    }

    func integer(_ name: String) throws(StoredFormError) -> Int {
        guard let integer = try value(name).intValue else {
            throw StoredFormError("'\(name)' of \(kind) is not an integer")
        }
        return integer
    }

    func optionalInteger(_ name: String) throws(StoredFormError) -> Int? {
        object[name] == nil ? nil : try integer(name)
    }

    func optionalString(_ name: String) throws(StoredFormError) -> String? {
        object[name] == nil ? nil : try string(name)
    }

    func timestamp(_ name: String) throws(StoredFormError) -> Timestamp {
        Timestamp(millisecondsSinceEpoch: Int64(try integer(name)))
    }

    func array(_ name: String) throws(StoredFormError) -> [JSONValue] {
        guard case .array(let elements) = try value(name) else {
            throw StoredFormError("'\(name)' of \(kind) is not an array")
        }
        return elements
    }

    func integers(_ name: String) throws(StoredFormError) -> [Int] {
        var integers: [Int] = []
        for value in try array(name) {
            guard let integer = value.intValue else {
                throw StoredFormError("an element of '\(name)' of \(kind) is not an integer")
            }
            integers.append(integer)
        }
        return integers
    }
}
