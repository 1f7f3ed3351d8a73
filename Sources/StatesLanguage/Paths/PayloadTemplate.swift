/// A compiled payload template: `Parameters` or `ResultSelector`.
///
/// A member whose name ends in `.$` takes its value from an expression and loses the ending. Parts without any such
/// member are kept whole, so that evaluating them costs nothing.
indirect enum PayloadTemplate: Sendable, Hashable {
    case literal(JSONValue)
    case expression(Expression, field: String)
    case array([PayloadTemplate])
    case object([Member])

    /// One member of an object in a template.
    struct Member: Sendable, Hashable {
        let key: String
        let value: PayloadTemplate
    }

    private var literalValue: JSONValue? {
        if case .literal(let value) = self { value } else { nil }
    }

    /// Compiles a template; every problem goes to `report` with the JSON pointer of its place.
    init(_ value: JSONValue, pointer: JSONPointer, report: (JSONPointer, String) -> Void) {
        switch value {
        case .null, .bool, .number, .string: self = .literal(value)
        case .array(let elements):
            let parts = elements.enumerated().map { position, element in
                PayloadTemplate(element, pointer: pointer.appending(position), report: report)
            }
            self = parts.allSatisfy { $0.literalValue != nil } ? .literal(value) : .array(parts)
        case .object(let object):
            var members: [Member] = []
            var keys: Set<ByteKey> = []
            // Only a name that has lost its ending can be there twice.
            let mayRepeat = object.count > 1 && object.keys.contains { $0.hasSuffix(".$") }
            for (key, value) in object {
                let place = pointer.appending(key)
                let member = Member(key, value, pointer: place, report: report)
                if mayRepeat, !keys.insert(ByteKey(text: member.key)).inserted {
                    report(place, "the field '\(member.key)' is there twice")
                }
                members.append(member)
            }
            let isLiteral = members.allSatisfy { $0.value.literalValue != nil }
            self = isLiteral ? .literal(value) : .object(members)
        }
    }

    func value(in scope: Scope, random: inout SeededRandom) throws(StateError) -> JSONValue {
        var room = TemplateRoom()
        return try value(in: scope, random: &random, &room)
    }

    private func value(
        in scope: Scope, random: inout SeededRandom, _ room: inout TemplateRoom
    ) throws(StateError) -> JSONValue {
        switch self {
        case .literal(let value): return value
        case .expression(let expression, let field):
            let value = try expression.value(in: scope, field: field, random: &random)
            try room.take(value)
            return value
        case .array(let parts):
            var elements: [JSONValue] = []
            elements.reserveCapacity(parts.count)
            for part in parts { elements.append(try part.value(in: scope, random: &random, &room)) }
            return .array(elements)
        case .object(let members):
            var object = JSONObject()
            for member in members { object[member.key] = try member.value.value(in: scope, random: &random, &room) }
            return .object(object)
        }
    }
}

extension PayloadTemplate.Member {
    fileprivate init(
        _ key: String, _ value: JSONValue, pointer: JSONPointer, report: (JSONPointer, String) -> Void
    ) {
        guard key.hasSuffix(".$") else {
            self.init(key: key, value: PayloadTemplate(value, pointer: pointer, report: report))
            return
        }
        var template = PayloadTemplate.literal(.null)
        if case .string(let text) = value {
            do {
                template = .expression(try Expression(parsing: text), field: key)
            } catch {
                report(pointer, Self.refusal(key, "\(error.message) (at byte \(error.offset) of '\(text)')"))
            }
        } else {
            report(pointer, Self.refusal(key, "it is not a string"))
        }
        self.init(key: String(key.dropLast(2)), value: template)
    }

    private static func refusal(_ key: String, _ reason: String) -> String {
        "the value for the field '\(key)' must be a valid JSONPath or a valid intrinsic function call: \(reason)"
    }
}
