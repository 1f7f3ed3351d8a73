/// Why a text is not JSON, and where.
public struct JSONParseError: Error, Sendable, Hashable {
    /// What is wrong, as a sentence without the place.
    public let message: String
    /// The offset in bytes from the start of the text.
    public let offset: Int
    /// The line, counted from 1.
    public let line: Int
    /// The column in bytes, counted from 1.
    public let column: Int

    /// Makes an error at an offset of a text.
    init(_ message: String, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        self.message = message
        self.offset = offset
        var line = 1
        var lineStart = 0
        for (position, byte) in bytes.prefix(offset).enumerated() where byte == 0x0A {
            line += 1
            lineStart = position + 1
        }
        self.line = line
        column = offset - lineStart + 1
    }
}

extension JSONParseError: CustomStringConvertible {
    /// The message with its place.
    public var description: String { "line \(line), column \(column): \(message)" }
}
