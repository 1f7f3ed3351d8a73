/// Finds where plain text ends inside a JSON string, eight bytes at a time.
///
/// Plain is what stands in a string as itself: everything but the quote, the backslash and control characters.
enum PlainRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The position of the first byte at or after `start` that is not plain, or the end; `seen` gathers the bits of all
    /// bytes before it, and perhaps of a few behind, so that ASCII can be told from the rest.
    @inline(__always)
    static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, seen: inout UInt8) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var position = start
        var gathered: UInt64 = 0
        while position + 8 <= bytes.count {
            let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            guard isPlain(word) else { break }
            gathered |= word
            position += 8
        }
        while position < bytes.count, isPlain(bytes[position]) {
            gathered |= UInt64(bytes[position])
            position += 1
        }
        if gathered & highBits != 0 { seen |= 0x80 }
        return position
    }

    /// Whether a byte stands for itself.
    @inline(__always)
    static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Tells whether all eight bytes of a word are plain.
    ///
    /// Subtracting a byte's bound borrows into its highest bit when the byte is below it; with an exclusive or before,
    /// the same finds bytes that are equal. A borrow may spill into the next byte, but only from one that was found.
    @inline(__always)
    private static func isPlain(_ word: UInt64) -> Bool {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let found = (word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash
        return found & highBits == 0
    }
}
