/// Writes values as JSON text into bytes.
struct JSONWriter {
    var bytes: [UInt8] = []
    let isCanonical: Bool

    init(isCanonical: Bool = false) {
        self.isCanonical = isCanonical
        bytes.reserveCapacity(256)
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .number(let number): number.append(to: &bytes, isCanonical: isCanonical)
        case .string(let text): write(text)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                write(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ object: JSONObject) {
        bytes.append(UInt8(ascii: "{"))
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
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func writeMember(_ key: String, _ value: JSONValue, isFirst: Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        write(key)
        bytes.append(UInt8(ascii: ":"))
        write(value)
    }

    mutating func writePretty(_ value: JSONValue, level: Int) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            bytes.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                beginLine(position, level: level + 1)
                writePretty(element, level: level + 1)
            }
            beginLine(0, level: level)
            bytes.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            bytes.append(UInt8(ascii: "{"))
            for (position, member) in object.enumerated() {
                beginLine(position, level: level + 1)
                write(member.key)
                append(": ")
                writePretty(member.value, level: level + 1)
            }
            beginLine(0, level: level)
            bytes.append(UInt8(ascii: "}"))
        case .null, .bool, .number, .string, .array, .object:
            write(value)
        }
    }

    private mutating func beginLine(_ position: Int, level: Int) {
        append(position == 0 ? "\n" : ",\n")
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
    }

    @inline(__always)
    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { writeQuoted($0) }
    }

    /// Writes a string between quotes, copying runs of plain bytes as they are.
    private mutating func writeQuoted(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for position in 0..<text.count {
            let byte = text[position]
            if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") { continue }
            if start < position { bytes.append(contentsOf: text[start..<position]) }
            start = position + 1
            writeEscaped(byte)
        }
        if start < text.count { bytes.append(contentsOf: text[start...]) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        default:
            append(byte < 0x10 ? "\\u000" : "\\u001")
            let low = byte & 0x0F
            bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        }
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
