extension Evaluator {
    /// Tells whether a value counts as true.
    static func isTrue(_ value: Value) -> Bool {
        switch value {
        case .undefined, .null, .function, .tailCall: return false
        case .bool(let value): return value
        case .number(let number): return number.doubleValue != 0
        case .string(let text): return !text.isEmpty
        case .object(let record): return record.count > 0
        case .tuples(let tuples): return tuples.contains { isTrue($0.value) }
        case .array(let list):
            for position in 0..<list.count where isTrue(list[position]) { return true }
            return false
        }
    }

    /// Tells whether two values hold the same.
    func isEqual(_ left: Value, _ right: Value) throws(JSONataError) -> Bool {
        try count(1)
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.string(let left), .string(let right)): return left.hasSameBytes(as: right)
        case (.function(let left), .function(let right)):
            if case .builtin(let first) = left.kind, case .builtin(let second) = right.kind {
                return first.name == second.name
            }
            return left === right
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return false }
            for position in 0..<left.count where try !isEqual(left[position], right[position]) { return false }
            return true
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            for position in 0..<left.count {
                let member = left.member(at: position)
                guard let other = right[member.key], try isEqual(member.value, other) else { return false }
            }
            return true
        default: return false
        }
    }

    /// A value as JSON; nil when there is none, and an error when it holds a function.
    func jsonValue(of value: Value) throws(JSONataError) -> JSONValue? {
        switch value {
        case .undefined: return nil
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let number): return .number(number)
        case .string(let text): return .string(text)
        case .array(let list):
            if let json = list.json { return .array(json) }
            var elements: [JSONValue] = []
            elements.reserveCapacity(list.count)
            try count(list.count)
            try allocate(list.count * 24 + 64)
            for position in 0..<list.count { elements.append(try jsonValue(of: list[position]) ?? .null) }
            return .array(elements)
        case .object(let record):
            if let json = record.json { return .object(json) }
            var object = JSONObject()
            try count(record.count)
            try allocate(record.count * 64 + 64)
            for position in 0..<record.count {
                let member = record.member(at: position)
                if let value = try jsonValue(of: member.value) { object[member.key] = value }
            }
            return .object(object)
        case .tuples(let tuples): return try jsonValue(of: .array(List(tuples.map(\.value))))
        case .function, .tailCall: throw JSONataError(.d4001, value: "A function cannot be the result of an expression")
        }
    }

    /// A value as an error message shows it, cut when it is long.
    func shown(_ value: Value) -> String { Self.shown(value) }

    static func shown(_ value: Value) -> String {
        var writer = ValueWriter(isPretty: false, byteLimit: 200)
        // A message need not be whole: what does not fit is cut.
        do throws(JSONataError) { try writer.write(value, level: 0) } catch {}
        let text = String(decoding: writer.bytes.prefix(200), as: UTF8.self)
        return writer.bytes.count > 200 ? text + "..." : text
    }

    /// A value as `$string` gives it.
    func text(of value: Value, isPretty: Bool = false) throws(JSONataError) -> String {
        switch value {
        case .string(let text): return text
        case .function, .tailCall: return ""
        case .undefined: return ""
        case .number(let number): return ValueWriter.text(of: number)
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .array, .object, .tuples:
            var writer = ValueWriter(isPretty: isPretty, byteLimit: limits.bytes - bytes)
            do throws(JSONataError) { try writer.write(try plain(value), level: 0) } catch {
                throw JSONataError.tooLarge
            }
            try count(writer.bytes.count / 16)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }
}

/// Writes values as JSON text, with numbers cut to 15 digits and functions as empty strings.
struct ValueWriter {
    private(set) var bytes: [UInt8] = []
    let isPretty: Bool
    let byteLimit: Int

    init(isPretty: Bool, byteLimit: Int) {
        self.isPretty = isPretty
        self.byteLimit = byteLimit
    }

    /// A number with at most 15 digits, as JavaScript's `Number(value.toPrecision(15))` gives it.
    static func text(of number: JSONNumber) -> String {
        let value = number.doubleValue
        if abs(value) < 1e15, value.rounded(.towardZero) == value { return String(Int64(value)) }
        return DecimalText.shortest(DecimalText.rounded(value, toSignificantDigits: 15))
    }

    mutating func write(_ value: Value, level: Int) throws(JSONataError) {
        guard bytes.count <= byteLimit else { throw JSONataError.tooLarge }
        switch value {
        case .undefined, .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let number): bytes += Self.text(of: number).utf8
        case .string(let text): write(text)
        case .function, .tailCall: bytes += "\"\"".utf8
        case .tuples(let tuples): try write(.array(List(tuples.map(\.value))), level: level)
        case .array(let list):
            guard !list.isEmpty else {
                bytes += "[]".utf8
                return
            }
            bytes.append(UInt8(ascii: "["))
            for position in 0..<list.count {
                beginItem(position, level: level + 1)
                try write(list[position], level: level + 1)
            }
            endItems(level: level)
            bytes.append(UInt8(ascii: "]"))
        case .object(let record): try write(record, level: level)
        }
    }

    private mutating func write(_ record: Record, level: Int) throws(JSONataError) {
        bytes.append(UInt8(ascii: "{"))
        var count = 0
        for position in 0..<record.count {
            let (key, value) = record.member(at: position)
            if value.isUndefined { continue }
            beginItem(count, level: level + 1)
            count += 1
            write(key)
            bytes += (isPretty ? ": " : ":").utf8
            try write(value, level: level + 1)
        }
        if count > 0 { endItems(level: level) }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func beginItem(_ position: Int, level: Int) {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        if isPretty { newLine(level: level) }
    }

    private mutating func endItems(level: Int) {
        if isPretty { newLine(level: level) }
    }

    private mutating func newLine(level: Int) {
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: level * 2))
    }

    private mutating func write(_ text: String) {
        var writer = JSONWriter()
        writer.write(text)
        bytes += writer.bytes
    }
}
