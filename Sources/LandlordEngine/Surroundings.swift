public import StatesLanguage

/// What the engine takes from the world besides its ports: the time, waiting, and chance.
///
/// Everything is passed in, so that a test moves the clock by hand and a replay agrees with what was recorded.
public struct Surroundings: Sendable {
    /// What the engine waits on.
    public let clock: any Clock<Duration>
    /// The wall's time, which is what rows hold.
    public let now: @Sendable () -> Timestamp
    /// Chance: 64 fair bits at each call.
    public let random: @Sendable () -> UInt64
    /// Called when a durable step is behind the engine; a crash test ends the process here.
    public let reached: @Sendable (DurableStep) -> Void

    /// Names what to take from the world.
    public init(
        clock: any Clock<Duration>, now: @escaping @Sendable () -> Timestamp,
        random: @escaping @Sendable () -> UInt64, reached: @escaping @Sendable (DurableStep) -> Void = { _ in }
    ) {
        self.clock = clock
        self.reached = reached
        self.now = now
        self.random = random
    }

    /// Chance from 0 to 1, for jitter.
    public var jitter: Double { Double(random() >> 11) / Double(1 << 53) }

    /// Time and chance as a version 7 UUID (RFC 9562), for the identifiers of tenants.
    ///
    /// The time is in front, so that what belongs to tenants of one time lies side by side in every table and index:
    /// a commit of many tenants touches few pages.
    public func uuid() -> String {
        let milliseconds = UInt64(bitPattern: now().millisecondsSinceEpoch)
        let high = (milliseconds << 16) | 0x7000 | (random() & 0xFFF)
        let low = (random() & ~(0b11 << 62)) | (0b10 << 62)
        let digits = Self.hex(high) + Self.hex(low)
        let cuts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return cuts.map { cut in
            let begin = digits.index(digits.startIndex, offsetBy: cut.lowerBound)
            return digits[begin..<digits.index(begin, offsetBy: cut.count)]
        }.joined(separator: "-")
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
