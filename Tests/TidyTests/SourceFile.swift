import Glibc

/// One file of the project, read once, with what the rules ask of it.
struct SourceFile: Sendable {
    /// The path from the root of the project, with `/` between the parts.
    let path: String
    /// The file as it is.
    let bytes: [UInt8]
    /// The code alone: comments and the contents of texts are blank.
    ///
    /// Where the language is not known, it is the whole file.
    let code: [UInt8]
    /// The contents of texts alone.
    let literals: [UInt8]

    private let lineStarts: [Int]

    init(path: String, text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        if path.hasSuffix(".swift") || path.hasSuffix(".c") || path.hasSuffix(".h") {
            let masks = Masks(bytes, hasCharacterLiterals: !path.hasSuffix(".swift"))
            code = masks.code
            literals = masks.literals
        } else {
            code = bytes
            literals = []
        }
        var starts = [0] + Self.offsets(of: "\n", in: bytes, isWhole: false).map { $0 + 1 }
        if starts.last == bytes.count, starts.count > 1 { starts.removeLast() }
        lineStarts = starts
    }

    /// True for a Swift file.
    var isSwift: Bool { path.hasSuffix(".swift") }

    /// True for a Swift, C or shell file: what we write by hand and keep short.
    var isProgram: Bool { [".swift", ".c", ".h", ".sh"].contains(where: path.hasSuffix) || path.hasPrefix("scripts/") }

    /// The number of lines.
    var lineCount: Int { bytes.isEmpty ? 0 : lineStarts.count }

    /// The name without folder and extension.
    var name: String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        return last.split(separator: ".").first.map(String.init) ?? last
    }

    /// True for a file at or below one of the folders.
    func isUnder(_ folders: String...) -> Bool {
        folders.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// The line, counted from one, in which the byte lies.
    func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// The bytes of a line, without its end.
    func byteCount(ofLine line: Int) -> Int {
        guard line <= lineStarts.count else { return 0 }
        return (line < lineStarts.count ? lineStarts[line] - 1 : bytes.count) - lineStarts[line - 1]
    }

    /// The text of a line of a mask, without its end.
    func text(ofLine line: Int, in mask: KeyPath<SourceFile, [UInt8]>) -> String {
        let start = lineStarts[line - 1]
        var end = line < lineStarts.count ? lineStarts[line] : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
        return String(decoding: self[keyPath: mask][start..<end], as: UTF8.self)
    }

    /// Every place where the words stand in the bytes, as offsets.
    ///
    /// Where the words begin or end with a letter, a digit or an underscore, they must not be part of a longer name
    /// unless told otherwise.
    static func offsets(of words: String, in haystack: [UInt8], isWhole mustBeWhole: Bool = true) -> [Int] {
        let needle = Array(words.utf8)
        var found: [Int] = []
        guard let first = needle.first else { return [] }
        haystack.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return }
            var start = 0
            while start + needle.count <= all.count,
                let hit = memchr(base + start, Int32(first), all.count - start - needle.count + 1)
            {
                let offset = base.distance(to: UnsafeRawPointer(hit))
                if memcmp(hit, needle, needle.count) == 0, !mustBeWhole || isWhole(offset, needle, all) {
                    found.append(offset)
                }
                start = offset + 1
            }
        }
        return found
    }

    /// The lines of a mask in which any of the words stands, without repetition.
    func lines(of words: [String], in mask: KeyPath<SourceFile, [UInt8]>) -> [Int] {
        let haystack = self[keyPath: mask]
        let offsets = words.flatMap { Self.offsets(of: $0, in: haystack) }
        return Set(offsets.map(line(at:))).sorted()
    }

    /// True for a byte that can be part of a name.
    static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xff: true
        default: false
        }
    }

    private static func isWhole(_ offset: Int, _ needle: [UInt8], _ all: UnsafeRawBufferPointer) -> Bool {
        guard let first = needle.first, let last = needle.last else { return false }
        if isNamePart(first), offset > 0, isNamePart(all[offset - 1]) { return false }
        let end = offset + needle.count
        if isNamePart(last), end < all.count, isNamePart(all[end]) { return false }
        return true
    }
}
