/// Writes values as JSON text.
struct JSONWriter: ~Copyable {
    private var sink = ByteSink()
    /// How deep the written values nest.
    private(set) var depth = 0

    private let isCanonical: Bool
    private let byteLimit: Int
    private var level = 0

    /// Makes a writer that stops soon after so many bytes; what it then holds is not JSON.
    init(isCanonical: Bool = false, byteLimit: Int = .max) {
        self.isCanonical = isCanonical
        self.byteLimit = byteLimit
    }

    /// How many bytes were written.
    var byteCount: Int { sink.count }
    /// What was written.
    var bytes: [UInt8] { sink.bytes }
    /// What was written.
    var text: String { sink.text }

    mutating func write(_ value: JSONValue) {
        guard sink.count <= byteLimit else { return }
        switch value {
        case .null: sink.append("null")
        case .bool(let value): sink.append(value ? "true" : "false")
        case .number(let number): write(number)
        case .string(let text): write(text)
        case .array(let elements):
            enter()
            sink.append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { sink.append(UInt8(ascii: ",")) }
                isFirst = false
                write(element)
            }
            sink.append(UInt8(ascii: "]"))
            level -= 1
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ number: JSONNumber) {
        if case .integer(let value) = number.storage { return sink.append(value) }
        var bytes: [UInt8] = []
        number.append(to: &bytes, isCanonical: isCanonical)
        sink.append(bytes)
    }

    private mutating func enter() {
        level += 1
        depth = max(depth, level)
    }

    private mutating func write(_ object: JSONObject) {
        enter()
        sink.append(UInt8(ascii: "{"))
        var isFirst = true
        if isCanonical && object.count > 1 {
            for member in object.sorted(by: { Self.isOrderedBefore($0.key, $1.key) }) {
                writeMember(member.key, member.value, isFirst: isFirst)
                isFirst = false
            }
        } else {
            for position in 0..<object.count {
                let member = object.member(at: position)
                writeMember(member.key, member.value, isFirst: isFirst)
                isFirst = false
            }
        }
        sink.append(UInt8(ascii: "}"))
        level -= 1
    }

    private mutating func writeMember(_ key: String, _ value: JSONValue, isFirst: Bool) {
        if !isFirst { sink.append(UInt8(ascii: ",")) }
        write(key)
        sink.append(UInt8(ascii: ":"))
        write(value)
    }

    mutating func writePretty(_ value: JSONValue, level: Int) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            sink.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                beginLine(position, level: level + 1)
                writePretty(element, level: level + 1)
            }
            beginLine(0, level: level)
            sink.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            sink.append(UInt8(ascii: "{"))
            for (position, member) in object.enumerated() {
                beginLine(position, level: level + 1)
                write(member.key)
                sink.append(": ")
                writePretty(member.value, level: level + 1)
            }
            beginLine(0, level: level)
            sink.append(UInt8(ascii: "}"))
        case .null, .bool, .number, .string, .array, .object:
            write(value)
        }
    }

    private mutating func beginLine(_ position: Int, level: Int) {
        sink.append(position == 0 ? "\n" : ",\n")
        for _ in 0..<level * 2 { sink.append(UInt8(ascii: " ")) }
    }

    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { writeQuoted($0) }
    }

    /// Writes a string between quotes; one without escapes, the usual case, is copied in one go.
    ///
    /// Texts with many escapes are common too (JSON inside a string of the history), so room is made once for all of
    /// them: appending run by run costs three times as much.
    private mutating func writeQuoted(_ text: UnsafeBufferPointer<UInt8>) {
        var seen: UInt8 = 0
        let plainEnd = PlainRun.end(in: text, from: 0, seen: &seen)
        sink.append(UInt8(ascii: "\""))
        if plainEnd == text.count {
            sink.append(text)
        } else {
            let extra = Self.extraByteCount(of: text[plainEnd...])
            sink.append(count: text.count + extra) { Self.escape(text, into: $0) }
        }
        sink.append(UInt8(ascii: "\""))
    }

    private static func escape(
        _ text: UnsafeBufferPointer<UInt8>, into buffer: UnsafeMutableBufferPointer<UInt8>
    ) {
        var position = 0
        func put(_ byte: UInt8) {
            buffer[position] = byte
            position += 1
        }
        for byte in text {
            guard !PlainRun.isPlain(byte) else {
                put(byte)
                continue
            }
            put(UInt8(ascii: "\\"))
            let short = shortEscape(of: byte)
            guard short == 0 else {
                put(short)
                continue
            }
            put(UInt8(ascii: "u"))
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "0") + (byte >> 4))
            let low = byte & 0x0F
            put(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        }
    }

    /// The letter behind the backslash, or 0 when the byte has none and is written with its number.
    private static func shortEscape(of byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: 0
        }
    }

    /// How many bytes a string takes between its quotes.
    fileprivate static func escapedByteCount(of text: String) -> Int {
        var text = text
        return text.withUTF8 { text in
            var seen: UInt8 = 0
            let plainEnd = PlainRun.end(in: text, from: 0, seen: &seen)
            return text.count + extraByteCount(of: text[plainEnd...])
        }
    }

    /// How many bytes the escapes of a text add to it.
    private static func extraByteCount(of text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var extra = 0
        for byte in text where !PlainRun.isPlain(byte) { extra += shortEscape(of: byte) == 0 ? 5 : 1 }
        return extra
    }

    /// Orders keys by their UTF-16 code units, as RFC 8785 asks, looking only at UTF-8.
    ///
    /// Both orders agree except that characters beyond U+FFFF (lead byte 0xF0 and up) come, as surrogates, before those
    /// from U+E000 to U+FFFF (lead bytes 0xEE and 0xEF).
    static func isOrderedBefore(_ left: String, _ right: String) -> Bool {
        var left = left
        var right = right
        return left.withUTF8 { left in
            right.withUTF8 { right in
                for position in 0..<min(left.count, right.count) where left[position] != right[position] {
                    let (leftByte, rightByte) = (left[position], right[position])
                    if leftByte >= 0xEE && rightByte >= 0xEE && (leftByte >= 0xF0) != (rightByte >= 0xF0) {
                        return leftByte >= 0xF0
                    }
                    return leftByte < rightByte
                }
                return left.count < right.count
            }
        }
    }
}

extension JSONValue {
    /// How many bytes the compact text has, without writing it.
    var serializedByteCount: Int {
        switch self {
        case .null: return 4
        case .bool(let value): return value ? 4 : 5
        case .number(let number):
            var bytes: [UInt8] = []
            number.append(to: &bytes, isCanonical: false)
            return bytes.count
        case .string(let text): return JSONWriter.escapedByteCount(of: text) + 2
        case .array(let elements):
            // Each element has a comma or the last bracket behind it.
            return elements.reduce(elements.isEmpty ? 2 : 1) { $0 + $1.serializedByteCount + 1 }
        case .object(let object):
            var count = object.isEmpty ? 2 : 1
            for position in 0..<object.count {
                let member = object.member(at: position)
                count += JSONWriter.escapedByteCount(of: member.key) + 4 + member.value.serializedByteCount
            }
            return count
        }
    }
}
