import LandlordDomain
import StatesLanguage

extension JSONValue {
    /// A text; null for nothing.
    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    /// A number; null for nothing.
    init(_ number: Int?) { self = number.map { .number(JSONNumber($0)) } ?? .null }

    /// A time; null for nothing.
    init(_ time: Timestamp?) { self = time.map { .string($0.rfc3339) } ?? .null }

    /// The document of a history: all items, oldest first.
    static func items(_ items: [JSONValue]) -> JSONValue { ["items": .array(items)] }
}
