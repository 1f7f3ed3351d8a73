/// Makes the bytes of a zone's file, as RFC 8536 describes them.
public enum TZifFile {
    /// A file of version 2 with one type of local time for each transition.
    ///
    /// - Parameters:
    ///   - first: Seconds east of UTC before the first transition.
    ///   - transitions: Seconds since the epoch, and seconds east of UTC from then on.
    ///   - footer: How it goes on.
    /// - Returns: The bytes.
    public static func bytes(
        first: Int32 = 0, transitions: [(at: Int64, offset: Int32)] = [], footer: String
    ) -> [UInt8] {
        let types = [first] + transitions.map(\.offset)
        let times = transitions.flatMap { big($0.at) }
        let indexes = transitions.indices.map { UInt8($0 + 1) }
        let locals = types.flatMap { big($0) + [UInt8](repeating: 0, count: 2) }
        let body = times + indexes + locals + Array("X\0".utf8)
        return header(times: 0, types: 1) + [UInt8](repeating: 0, count: 6) + Array("X\0".utf8)
            + header(times: transitions.count, types: types.count) + body + Array("\n\(footer)\n".utf8)
    }

    private static func header(times: Int, types: Int) -> [UInt8] {
        Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + [0, 0, 0, times, types, 2].flatMap { big(Int32($0)) }
    }

    private static func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
