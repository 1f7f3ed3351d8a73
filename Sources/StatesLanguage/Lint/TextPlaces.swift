// A finding names its place by JSON pointer, and a person wants a line. One pass over the text, which is known to be
// JSON, finds the places of all pointers asked for: the pointers make a tree of names, and the walk goes down in the
// tree as it goes down in the text, so that it looks at the names of members only where one of them is wanted, and puts
// no pointer together. So the cost is that of reading the text once, however many pointers there are.

/// The lines and columns of places in a JSON text.
struct TextPlaces {
    /// A place; both are counted from 1, columns in characters.
    struct Place: Hashable {
        let line: Int
        let column: Int
    }

    private let tree: PlaceTree

    /// Finds the places of pointers: of a member it is where its name stands, of an element where the value starts.
    init(of pointers: Set<String>, in text: [UInt8]) {
        var tree = PlaceTree()
        for pointer in pointers { tree.add(pointer) }
        var scan = Scan(text: text, tree: tree)
        self.tree = scan.run()
    }

    /// The place of a pointer, or of the nearest thing around it that is there.
    subscript(pointer: String) -> Place { tree.nearestPlace(to: pointer) }
}

/// The places that are wanted, by the names that lead to them; the root is the first.
private struct PlaceTree {
    struct Node {
        var children: [ByteKey: Int] = [:]
        var place: TextPlaces.Place?
    }

    var nodes = [Node()]

    mutating func add(_ pointer: String) {
        var node = 0
        for name in Self.names(of: pointer) {
            if let child = nodes[node].children[name] {
                node = child
            } else {
                nodes[node].children[name] = nodes.count
                node = nodes.count
                nodes.append(Node())
            }
        }
    }

    func nearestPlace(to pointer: String) -> TextPlaces.Place {
        var node = 0
        var nearest = nodes[0].place ?? TextPlaces.Place(line: 1, column: 1)
        for name in Self.names(of: pointer) {
            guard let child = nodes[node].children[name] else { break }
            node = child
            if let place = nodes[node].place { nearest = place }
        }
        return nearest
    }

    private static func names(of pointer: String) -> [ByteKey] {
        pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
            .map { ByteKey(text: JSONPointer.unescaped(Substring($0))) }
    }
}

/// A walk over a text that is JSON.
private struct Scan {
    private let text: [UInt8]
    private var tree: PlaceTree
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var counted = 0
    private var column = 1

    init(text: [UInt8], tree: PlaceTree) {
        self.text = text
        self.tree = tree
    }

    mutating func run() -> PlaceTree {
        skipSpace()
        tree.nodes[0].place = place(of: position)
        value(at: 0)
        return tree
    }

    /// The place of a position on the current line.
    ///
    /// Columns are counted on from the last place, since a text may be one line of a megabyte.
    private mutating func place(of position: Int) -> TextPlaces.Place {
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
    private mutating func value(at node: Int?) {
        guard let node, !tree.nodes[node].children.isEmpty else { return skipValue() }
        switch current {
        case UInt8(ascii: "{"): members(of: node)
        case UInt8(ascii: "["): elements(of: node)
        default: skipValue()
        }
    }

    private mutating func members(of node: Int) {
        position += 1
        skipSpace()
        while position < text.count, current != UInt8(ascii: "}") {
            let start = position
            skipString()
            let child = tree.nodes[node].children[ByteKey(text: name(from: start))]
            if let child { tree.nodes[child].place = place(of: start) }
            skipSpace()
            position += 1
            skipSpace()
            visit(child)
        }
        position += 1
    }

    /// The member's name that stands before the current position.
    private func name(from start: Int) -> String {
        let quoted = text[start..<position]
        guard quoted.contains(UInt8(ascii: "\\")) else {
            return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        }
        // The text is JSON, so that its parts are.
        return (try? JSONValue(parsing: Array(quoted)))?.stringValue ?? ""
    }

    private mutating func elements(of node: Int) {
        position += 1
        skipSpace()
        var index = 0
        while position < text.count, current != UInt8(ascii: "]") {
            let child = tree.nodes[node].children[ByteKey(text: String(index))]
            if let child { tree.nodes[child].place = place(of: position) }
            visit(child)
            index += 1
        }
        position += 1
    }

    private mutating func visit(_ child: Int?) {
        value(at: child)
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
