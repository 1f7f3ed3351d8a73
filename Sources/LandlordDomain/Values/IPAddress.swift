// Which addresses are public follows the special-purpose registries of IANA (RFC 6890 and what was added since): of
// IPv4 everything but the listed blocks, of IPv6 only 2000::/3 without the listed blocks. An IPv6 address that
// carries an IPv4 address inside (NAT64) is as public as the one inside; the old transition forms are refused as a
// whole.

/// An address of the Internet Protocol, version 4 or 6.
public struct IPAddress: Sendable, Hashable {
    /// From where an address can be reached.
    public enum Reach: Sendable, Hashable {
        /// A public address.
        case everywhere
        /// This machine.
        case loopback
        /// Not a public address; the words say what it is.
        case nowhere(String)
    }

    /// The four or sixteen bytes, the highest first.
    public let bytes: [UInt8]

    /// An address of four or sixteen bytes; nil for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads four decimal numbers with dots, or groups of hexadecimal digits with colons.
    ///
    /// The old short and octal forms are refused: what they mean depends on who reads them.
    public init?(_ text: String) {
        guard let bytes = text.contains(":") ? Self.version6(text) : Self.version4(text[...]) else { return nil }
        self.bytes = bytes
    }

    /// Whether it is an IPv6 address.
    public var isVersion6: Bool { bytes.count == 16 }

    /// From where it can be reached.
    public var reach: Reach {
        guard isVersion6 else { return Self.reach(version4: bytes) }
        if lies(in: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 96) {
            let inner = Self.reach(version4: Array(bytes[12...]))
            return inner == .everywhere ? .everywhere : .nowhere("NAT64 for an address that is not public")
        }
        if bytes == [UInt8](repeating: 0, count: 15) + [1] { return .loopback }
        for block in Self.blocks6 where lies(in: block.prefix, block.length) { return .nowhere(block.kind) }
        return lies(in: [0x20], 3) ? .everywhere : .nowhere("no public address")
    }

    private static func reach(version4 bytes: [UInt8]) -> Reach {
        if bytes[0] == 127 { return .loopback }
        guard let address = IPAddress(bytes: bytes) else { return .nowhere("no address") }
        for block in blocks4 where address.lies(in: block.prefix, block.length) { return .nowhere(block.kind) }
        return .everywhere
    }

    private typealias Block = (prefix: [UInt8], length: Int, kind: String)

    private static let blocks4: [Block] = [
        ([0], 8, "this network"), ([10], 8, "private"), ([100, 64], 10, "a provider's own"),
        ([168, 63, 129, 16], 32, "a metadata service"), ([169, 254], 16, "link-local"),
        ([172, 16], 12, "private"), ([192, 0, 0], 24, "reserved"), ([192, 0, 2], 24, "for documentation"),
        ([192, 88, 99], 24, "a 6to4 relay"), ([192, 168], 16, "private"), ([198, 18], 15, "for benchmarks"),
        ([198, 51, 100], 24, "for documentation"), ([203, 0, 113], 24, "for documentation"),
        ([224], 4, "multicast"), ([240], 4, "reserved"),
    ]

    private static let blocks6: [Block] = [
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 96, "an IPv4 address in disguise"),
        ([0, 0x64, 0xff, 0x9b, 0, 1], 48, "NAT64 of one network"),
        ([0x20, 0x01, 0x0d, 0xb8], 32, "for documentation"), ([0x20, 0x01, 0], 23, "reserved"),
        ([0x20, 0x02], 16, "6to4"), ([0x3f, 0xff, 0], 20, "for documentation"),
        ([0xfc], 7, "private"), ([0xfe, 0x80], 10, "link-local"), ([0xfe, 0xc0], 10, "site-local"),
        ([0xff], 8, "multicast"),
    ]

    /// Whether the first `length` bits are those of `prefix`.
    private func lies(in prefix: [UInt8], _ length: Int) -> Bool {
        for index in 0..<((length + 7) / 8) {
            let bits = min(8, length - index * 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - bits))
            guard bytes[index] & mask == prefix[index] & mask else { return false }
        }
        return true
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39) ~= $0 }),
                part.utf8.count == 1 || part.utf8.first != 0x30, let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: String) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            guard let bytes = groups(text[...]), bytes.count == 16 else { return nil }
            return bytes
        }
        let tail = text[gap.upperBound...]
        let head = text[..<gap.lowerBound]
        guard !head.contains("."), !tail.contains("::"), let left = groups(head), let right = groups(tail),
            left.count + right.count <= 14
        else { return nil }
        return left + [UInt8](repeating: 0, count: 16 - left.count - right.count) + right
    }

    /// The bytes of groups between single colons; the last may be an IPv4 address.
    private static func groups(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), index == parts.count - 1 {
                guard let inner = version4(part) else { return nil }
                bytes += inner
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexadecimal),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(truncatingIfNeeded: group)]
        }
        return bytes
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address in its usual form (RFC 5952): the longest run of zero groups as two colons.
    public var description: String {
        guard isVersion6 else { return bytes.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var (start, length) = (0, 1)
        for first in 0..<8 {
            let run = groups[first...].prefix { $0 == 0 }.count
            if run > length { (start, length) = (first, run) }
        }
        let words = groups.map { String($0, radix: 16) }
        guard length > 1 else { return words.joined(separator: ":") }
        return words[..<start].joined(separator: ":") + "::" + words[(start + length)...].joined(separator: ":")
    }
}
