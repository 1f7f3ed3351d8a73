extension TimeZoneRules {
    /// Reads the bytes of a zone's file in the Time Zone Information Format (RFC 8536), version 2 or later.
    ///
    /// Files of the "right" kind, which count leap seconds, are refused: their seconds are not those of the clock.
    ///
    /// - Throws: What is wrong with the file.
    public init(name: String, tzif bytes: [UInt8]) throws(TimeZoneProblem) {
        var reader = TZifReader(bytes: bytes)
        guard let old = reader.header(), old.version >= UInt8(ascii: "2") else {
            throw TimeZoneProblem("is not a zone's file of version 2 or later")
        }
        reader.skip(old.byteCount(ofTime: 4))
        guard let header = reader.header(), header.typeCount >= 1 else {
            throw TimeZoneProblem("ends before its second part")
        }
        guard header.leapCount == 0 else { throw TimeZoneProblem("counts leap seconds, which clocks here do not") }
        let times = (0..<header.timeCount).compactMap { _ in reader.integer(bytes: 8) }
        let types = (0..<header.timeCount).compactMap { _ in reader.integer(bytes: 1) }
        let offsets = (0..<header.typeCount).compactMap { _ in reader.offset() }
        reader.skip(header.nameByteCount + header.markCount)
        guard times.count == header.timeCount, types.count == times.count, offsets.count == header.typeCount,
            types.allSatisfy({ offsets.indices.contains(Int($0 & 0xff)) }),
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }),
            // The oldest that files of the tz database have is -2^59; what lies further away could not be added to.
            times.allSatisfy({ $0.magnitude <= 1 << 60 }), let footer = reader.footer()
        else { throw TimeZoneProblem("is cut off or damaged") }
        let transitions = zip(times, types).map { Transition(at: $0, offset: offsets[Int($1 & 0xff)]) }
        let future = footer.isEmpty ? nil : DaylightRule.read(footer)
        guard footer.isEmpty || future != nil else {
            throw TimeZoneProblem("has a footer that cannot be read: '\(String(decoding: footer, as: UTF8.self))'")
        }
        // Without a summer time the table's last offset is the footer's.
        let first = transitions.isEmpty ? future?.standard ?? offsets[0] : offsets[0]
        self.init(name: name, firstOffset: first, transitions: transitions, rule: future?.rule)
    }
}

/// Why a time zone cannot be used.
public struct TimeZoneProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a sentence without a subject.
    public let description: String

    /// Says what is wrong.
    public init(_ description: String) { self.description = description }
}

/// Reads the parts of a zone's file one after another.
private struct TZifReader {
    struct Header {
        let version: UInt8
        let markCount: Int
        let leapCount: Int
        let timeCount: Int
        let typeCount: Int
        let nameByteCount: Int

        /// The bytes of the part behind the header, whose times have so many bytes each.
        func byteCount(ofTime size: Int) -> Int {
            timeCount * (size + 1) + typeCount * 6 + nameByteCount + leapCount * (size + 4) + markCount
        }
    }

    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func skip(_ count: Int) { position = min(bytes.count, position + count) }

    /// A signed number, the highest byte first; nil behind the end.
    mutating func integer(bytes count: Int) -> Int64? {
        guard position + count <= bytes.count else { return nil }
        defer { position += count }
        let value = bytes[position..<position + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let shift = UInt64(64 - count * 8)
        return Int64(bitPattern: value << shift) >> Int64(shift)
    }

    mutating func header() -> Header? {
        guard position + 44 <= bytes.count, bytes[position..<position + 4].elementsEqual("TZif".utf8) else {
            return nil
        }
        let version = bytes[position + 4]
        skip(20)
        let counts = (0..<6).compactMap { _ in integer(bytes: 4) }.map(Int.init)
        // No file of the tz database comes near; a count beyond what the bytes can hold is damage.
        guard counts.count == 6, counts.allSatisfy({ (0...bytes.count).contains($0) }) else { return nil }
        return Header(
            version: version, markCount: counts[0] + counts[1], leapCount: counts[2], timeCount: counts[3],
            typeCount: counts[4], nameByteCount: counts[5])
    }

    /// The offset of a type of local time; its name and kind are not needed.
    mutating func offset() -> Int64? {
        guard let offset = integer(bytes: 4), position + 2 <= bytes.count, offset.magnitude < 100_000 else {
            return nil
        }
        skip(2)
        return offset
    }

    /// What stands between the two line ends at the end.
    mutating func footer() -> [UInt8]? {
        let newline = UInt8(ascii: "\n")
        guard position < bytes.count, bytes[position] == newline,
            let end = bytes[(position + 1)...].firstIndex(of: newline)
        else { return nil }
        return Array(bytes[position + 1..<end])
    }
}
