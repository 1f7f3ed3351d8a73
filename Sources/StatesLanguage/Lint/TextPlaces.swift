// A finding names its place by JSON pointer, and a person wants a line. One pass over the text, which is known to be
// JSON, finds the places of all pointers asked for: it walks the text with the path to where it is on a stack, and only
// writes a pointer out when one of that many levels and that last name is wanted. So the cost is that of reading the
// text once, however many pointers there are.

/// The lines and columns of places in a JSON text.
struct TextPlaces {
    /// A place; both are counted from 1, columns in characters.
    struct Place: Hashable {
        let line: Int
        let column: Int
    }

    private var places: [ByteKey: Place] = [:]

    /// Finds the places of pointers: of a member it is where its name stands, of an element where the value starts.
    init(of pointers: Set<String>, in text: [UInt8]) {
        var scan = Scan(text: text, wanted: pointers)
        places = scan.run()
    }

    /// The place of a pointer, or of the nearest thing around it that is there.
    subscript(pointer: String) -> Place {
        var rest = pointer[...]
        while !rest.isEmpty {
            if let place = places[ByteKey(text: String(rest))] { return place }
            rest = rest[..<(rest.utf8.lastIndex(of: UInt8(ascii: "/")) ?? rest.startIndex)]
        }
        return places[ByteKey(text: "")] ?? Place(line: 1, column: 1)
    }
}

/// A walk over a text that is JSON.
private struct Scan {
    private let text: [UInt8]
    private var open: [ByteKey: [ByteKey]]
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var counted = 0
    private var column = 1
    private var found: [ByteKey: TextPlaces.Place] = [:]

    /// Besides the pointers themselves, whatever stands around them is wanted.
    init(text: [UInt8], wanted: Set<String>) {
        self.text = text
        open = [:]
        var known: Set<ByteKey> = []
        for pointer in wanted {
            var child = pointer
            while let slash = child.utf8.lastIndex(of: UInt8(ascii: "/")), known.insert(ByteKey(text: child)).inserted {
                let parent = String(child[..<slash])
                open[ByteKey(text: parent), default: []].append(ByteKey(text: child))
                child = parent
            }
        }
    }

    mutating func run() -> [ByteKey: TextPlaces.Place] {
        skipSpace()
        let root = ByteKey(text: "")
        found[root] = currentPlace()
        value(at: root)
        return found
    }

    /// The place of the current position.
    ///
    /// Columns are counted on from the last place, since a text may be one line of a megabyte.
    private mutating func currentPlace() -> TextPlaces.Place {
        if counted < lineStart { (counted, column) = (lineStart, 1) }
        column += text[counted..<position].count { $0 & 0xC0 != 0x80 }
        counted = position
        return .init(line: line, column: column)
    }

    private var current: UInt8 { position < text.count ? text[position] : 0 }

    private mutating func skipSpace() {
        while position < text.count, text[position] <= 0x20 {
            if text[position] == 0x0A { (line, lineStart) = (line + 1, position + 1) }
            position += 1
        }
    }

    /// Walks over a value; only below a place that is wanted are names looked at.
    private mutating func value(at pointer: ByteKey?) {
        let children = pointer.flatMap { open[$0] } ?? []
        guard let pointer, !children.isEmpty else { return skipValue() }
        switch current {
        case UInt8(ascii: "{"): members(of: pointer, wanted: Set(children))
        case UInt8(ascii: "["): elements(of: pointer, wanted: Set(children))
        default: skipValue()
        }
    }

    private mutating func members(of pointer: ByteKey, wanted: Set<ByteKey>) {
        position += 1
        skipSpace()
        while position < text.count, current != UInt8(ascii: "}") {
            let place = currentPlace()
            let start = position
            skipString()
            let name = (try? JSONValue(parsing: Array(text[start..<position])))?.stringValue  // The text is JSON.
            let child = ByteKey(text: JSONPointer(text: pointer.text).appending(name ?? "").text)
            skipSpace()
            position += 1
            skipSpace()
            visit(child, wanted, place)
        }
        position += 1
    }

    private mutating func elements(of pointer: ByteKey, wanted: Set<ByteKey>) {
        position += 1
        skipSpace()
        var index = 0
        while position < text.count, current != UInt8(ascii: "]") {
            visit(ByteKey(text: "\(pointer.text)/\(index)"), wanted, currentPlace())
            index += 1
        }
        position += 1
    }

    private mutating func visit(_ child: ByteKey, _ wanted: Set<ByteKey>, _ place: TextPlaces.Place) {
        let isWanted = wanted.contains(child)
        if isWanted { found[child] = place }
        value(at: isWanted ? child : nil)
        skipSpace()
        if current == UInt8(ascii: ",") { position += 1 }
        skipSpace()
    }

    private mutating func skipString() {
        position += 1
        while position < text.count, text[position] != UInt8(ascii: "\"") {
            position += text[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position += 1
    }

    private mutating func skipValue() {
        var depth = 0
        repeat {
            skipSpace()
            switch current {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["): (depth, position) = (depth + 1, position + 1)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): (depth, position) = (depth - 1, position + 1)
            case UInt8(ascii: ","), UInt8(ascii: ":"): position += 1
            default: skipWord()
            }
        } while depth > 0 && position < text.count
    }

    private mutating func skipWord() {
        let start = position
        while position < text.count, !",:]}".utf8.contains(text[position]), text[position] > 0x20 { position += 1 }
        // Whatever it was, go on.
        if position == start { position += 1 }
    }
}
