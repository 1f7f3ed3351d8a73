/// Where each value and each member's name of a JSON text stands, for messages about the text.
///
/// Made beside the parsed value, and only when there is something to say about it, so that parsing alone stays fast.
/// It keeps a few numbers a value, whatever the length of names and pointers.
public struct JSONLocations: Sendable {
    /// A place in the text.
    public struct Place: Sendable, Hashable {
        /// The line, counted from 1.
        public let line: Int
        /// The column in Unicode code points, counted from 1.
        public let column: Int
    }

    /// One value, in the order of the text; its parts follow it up to `end`.
    private struct Node: Sendable {
        /// The offset of the member's name, or -1 for what is no member.
        let key: Int
        let value: Int
        var end: Int
    }

    private let bytes: [UInt8]
    private let lineStarts: [Int]
    private let nodes: [Node]

    /// Reads a text, which must be JSON.
    public init(_ text: String) throws(JSONParseError) {
        try self.init(Array(text.utf8))
    }

    /// Reads the UTF-8 bytes of a text, which must be JSON.
    public init(_ bytes: [UInt8]) throws(JSONParseError) {
        _ = try JSONValue(parsing: bytes)
        self.bytes = bytes
        var lineStarts = [0]
        for (position, byte) in bytes.enumerated() where byte == 0x0A { lineStarts.append(position + 1) }
        self.lineStarts = lineStarts
        nodes = Self.nodes(of: bytes)
    }

    /// Where the value begins that a JSON pointer (RFC 6901) names, or nil when there is none.
    public func value(at pointer: String) -> Place? {
        node(at: pointer).map { place(of: nodes[$0].value) }
    }

    /// Where the name of the member begins that a JSON pointer names, or nil when it names no member.
    public func key(at pointer: String) -> Place? {
        guard let node = node(at: pointer), nodes[node].key >= 0 else { return nil }
        return place(of: nodes[node].key)
    }

    /// The place of the value that a pointer names, or of the nearest one around it that is there.
    public func nearest(to pointer: String) -> Place {
        var found = 0
        for name in Self.names(of: pointer) ?? [] {
            guard let child = child(of: found, named: name) else { break }
            found = child
        }
        return place(of: nodes[found].value)
    }
}

extension JSONLocations {
    /// Lists the values of a text that is known to be JSON.
    private static func nodes(of bytes: [UInt8]) -> [Node] {
        var nodes: [Node] = []
        var open: [Int] = []
        var key = -1
        var position = 0
        func add(_ start: Int) {
            nodes.append(Node(key: key, value: start, end: nodes.count + 1))
            key = -1
        }
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: ":"): position += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open.append(nodes.count)
                add(position)
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if let closed = open.popLast() { nodes[closed].end = nodes.count }
                position += 1
            case UInt8(ascii: "\""):
                // A string in an object is a name unless one has just been read.
                let isInObject = open.last.map { bytes[nodes[$0].value] == UInt8(ascii: "{") } ?? false
                if isInObject && key < 0 { key = position } else { add(position) }
                position = endOfString(in: bytes, from: position)
            default:
                add(position)
                while position < bytes.count, !isDelimiter(bytes[position]) { position += 1 }
            }
        }
        return nodes
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): true
        default: false
        }
    }

    private static func endOfString(in bytes: [UInt8], from start: Int) -> Int {
        var position = start + 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, bytes.count)
    }

    private static func names(of pointer: String) -> [String]? {
        guard !pointer.isEmpty else { return [] }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        return pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            var name: [UInt8] = []
            var isEscape = false
            for byte in $0 {
                if isEscape {
                    name.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
                    isEscape = false
                } else if byte == UInt8(ascii: "~") {
                    isEscape = true
                } else {
                    name.append(byte)
                }
            }
            return String(decoding: name, as: UTF8.self)
        }
    }

    private func node(at pointer: String) -> Int? {
        guard let names = Self.names(of: pointer) else { return nil }
        var node = 0
        for name in names {
            guard let child = child(of: node, named: name) else { return nil }
            node = child
        }
        return node
    }

    private func child(of parent: Int, named name: String) -> Int? {
        var child = parent + 1
        switch bytes[nodes[parent].value] {
        case UInt8(ascii: "{"):
            while child < nodes[parent].end {
                if isKey(nodes[child].key, name) { return child }
                child = nodes[child].end
            }
        case UInt8(ascii: "["):
            guard let position = Int(name), String(position) == name else { return nil }
            var count = 0
            while child < nodes[parent].end {
                if count == position { return child }
                count += 1
                child = nodes[child].end
            }
        default: break
        }
        return nil
    }

    private func isKey(_ offset: Int, _ name: String) -> Bool {
        let text = bytes[offset..<Self.endOfString(in: bytes, from: offset)]
        guard text.contains(UInt8(ascii: "\\")) else { return text.dropFirst().dropLast().elementsEqual(name.utf8) }
        // The whole text has been parsed before, so its parts do too.
        let key = (try? JSONValue(parsing: Array(text)))?.stringValue
        return key.map { $0.hasSameBytes(as: name) } ?? false
    }

    private func place(of offset: Int) -> Place {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        // All but the continuation bytes of UTF-8 begin a code point.
        let column = bytes[lineStarts[low]..<offset].count { $0 & 0xC0 != 0x80 }
        return Place(line: low + 1, column: column + 1)
    }
}
