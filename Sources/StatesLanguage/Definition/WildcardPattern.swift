// A text matches when its pieces between the stars occur in it in order, the first at its start and the last at its
// end. Taking each piece at its first place is enough, because a star takes any text; and each piece is searched by the
// method of Knuth, Morris and Pratt, so that the cost is linear in text and pattern whatever they are.

/// The pattern of `StringMatches`: `*` stands for any text, `\*` for a star, `\\` for a backslash.
struct WildcardPattern: Sendable, Hashable {
    private let pieces: [[UInt8]]

    init(_ pattern: String) {
        var pieces: [[UInt8]] = [[]]
        var isEscaped = false
        for byte in pattern.utf8 {
            switch byte {
            case UInt8(ascii: "\\") where !isEscaped: isEscaped = true
            case UInt8(ascii: "*") where !isEscaped: pieces.append([])
            default:
                pieces[pieces.count - 1].append(byte)
                isEscaped = false
            }
        }
        if isEscaped { pieces[pieces.count - 1].append(UInt8(ascii: "\\")) }
        self.pieces = pieces
    }

    func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = pieces.first, let last = pieces.last else { return false }
        if pieces.count == 1 { return bytes == first }
        guard bytes.count >= first.count + last.count, bytes.starts(with: first),
            bytes.suffix(last.count).elementsEqual(last)
        else { return false }
        var position = first.count
        let end = bytes.count - last.count
        for piece in pieces.dropFirst().dropLast() {
            guard let found = Self.find(piece, in: bytes, from: position, to: end) else { return false }
            position = found + piece.count
        }
        return true
    }

    private static func find(_ piece: [UInt8], in bytes: [UInt8], from start: Int, to end: Int) -> Int? {
        if piece.isEmpty { return start }
        let borders = borders(of: piece)
        var matched = 0
        for position in start..<max(start, end) {
            while matched > 0 && bytes[position] != piece[matched] { matched = borders[matched - 1] }
            if bytes[position] == piece[matched] { matched += 1 }
            if matched == piece.count { return position + 1 - matched }
        }
        return nil
    }

    /// For each beginning of a piece, the length of the longest shorter beginning that is also its end.
    private static func borders(of piece: [UInt8]) -> [Int] {
        var borders = [0]
        var length = 0
        for byte in piece.dropFirst() {
            while length > 0 && byte != piece[length] { length = borders[length - 1] }
            if byte == piece[length] { length += 1 }
            borders.append(length)
        }
        return borders
    }
}
