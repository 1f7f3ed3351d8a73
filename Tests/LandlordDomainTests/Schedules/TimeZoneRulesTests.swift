import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordDomain

@Suite struct TimeZoneRulesTests {
    private func offset(_ zone: TimeZoneRules, _ text: String) -> Int64 {
        zone.offset(at: Timestamp(text).millisecondsSinceEpoch / 1_000)
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29T00:59:59Z", 3_600), ("Europe/Berlin", "2026-03-29T01:00:00Z", 7_200),
        ("Europe/Berlin", "2026-10-25T00:59:59Z", 7_200), ("Europe/Berlin", "2026-10-25T01:00:00Z", 3_600),
        ("Europe/Berlin", "2105-07-01T00:00:00Z", 7_200), ("Europe/Berlin", "1800-07-01T00:00:00Z", 0),
        ("America/New_York", "2026-03-08T06:59:59Z", -18_000), ("America/New_York", "2026-03-08T07:00:00Z", -14_400),
        ("America/New_York", "2026-11-01T06:00:00Z", -18_000), ("Australia/Lord_Howe", "2026-01-01T00:00:00Z", 39_600),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z", 37_800), ("Europe/Dublin", "2026-01-01T00:00:00Z", 0),
        ("Europe/Dublin", "2026-07-01T00:00:00Z", 3_600), ("Asia/Kolkata", "2026-07-01T00:00:00Z", 19_800),
        ("UTC", "2026-07-01T00:00:00Z", 0),
    ])
    func `clocks differ from UTC as the footer says`(name: String, at: String, expected: Int64) throws {
        let zone = try #require(Zones.all.first { $0.name == name })
        #expect(offset(zone, at) == expected)
    }

    @Test func `the table comes before the footer, and what changes nothing is no change`() throws {
        let zone = try TimeZoneRules(
            name: "x",
            tzif: TZifFile.bytes(
                first: 100, transitions: [(0, 100), (1_000, 200), (2_000, 200), (3_000, -50)], footer: "<-00>0:00:50"))
        #expect(zone.period(at: 999) == .init(start: nil, end: 1_000, offset: 100, offsetBefore: 100))
        #expect(zone.period(at: 2_500) == .init(start: 1_000, end: 3_000, offset: 200, offsetBefore: 100))
        #expect(zone.period(at: 3_000) == .init(start: 3_000, end: .max, offset: -50, offsetBefore: 200))
    }

    @Test(arguments: [
        ("J60/0", "2028-03-01T00:00:00Z"), ("J59/0", "2028-02-28T00:00:00Z"), ("59/0", "2028-02-29T00:00:00Z"),
        ("60/0", "2028-03-01T00:00:00Z"), ("M2.5.2/0", "2028-02-29T00:00:00Z"), ("M2.1.2/-24", "2028-01-31T00:00:00Z"),
        ("M2.5.2/26:30:15", "2028-03-01T02:30:15Z"),
    ])
    func `a day of the year is found in every form`(day: String, expected: String) throws {
        let zone = try TimeZoneRules(name: "x", tzif: TZifFile.bytes(footer: "AAA0BBB,\(day),J365/0"))
        let moment = Timestamp(expected).millisecondsSinceEpoch / 1_000
        #expect(zone.offset(at: moment - 1) == 0)
        #expect(zone.offset(at: moment) == 3_600)
    }

    @Test func `periods follow one another without gaps`() {
        for zone in Zones.all {
            var second: Int64 = -3_000_000_000
            var offset = zone.period(at: second).offset
            while second < 6_000_000_000 {
                let period = zone.period(at: second)
                #expect(period.start ?? second <= second && period.end > second)
                #expect(period.start == nil || period.start == second || second == -3_000_000_000)
                if period.start == second { #expect(period.offsetBefore == offset) }
                offset = period.offset
                #expect(zone.period(at: min(period.end, 9_000_000_000) - 1) == period)
                second = period.end
            }
        }
    }

    @Test(arguments: [
        "", "X", "AB1", "AAA", "AAA1BBB", "AAA1BBB,M1.1.1", "AAA1BBB,M13.1.1,M1.1.1", "AAA1BBB,M1.6.1,M1.1.1",
        "AAA1BBB,M1.1.7,M1.1.1", "AAA1BBB,J0,J1", "AAA1BBB,366,1", "AAA1BBB,M1.1.1,M2.1.1,", "AAA200", "<AAA",
        "AAA1:60",
    ])
    func `a footer that is none is refused`(footer: String) {
        guard !footer.isEmpty else { return #expect(DaylightRule.read([]) == nil) }
        #expect(throws: TimeZoneProblem.self) {
            try TimeZoneRules(name: "x", tzif: TZifFile.bytes(footer: footer))
        }
    }

    @Test(arguments: [Int64.min, -(1 << 61), .max]) func `a time at the end of all numbers is refused`(at: Int64) {
        #expect(throws: TimeZoneProblem.self) {
            try TimeZoneRules(name: "x", tzif: TZifFile.bytes(transitions: [(at, -3_600)], footer: "UTC0"))
        }
    }

    @Test func `a damaged file is refused, never read beyond`() throws {
        let bytes = TZifFile.bytes(first: 0, transitions: [(0, 3_600), (9, 0)], footer: "UTC0")
        _ = try TimeZoneRules(name: "x", tzif: bytes)
        for length in 0..<bytes.count {
            #expect(throws: TimeZoneProblem.self) { try TimeZoneRules(name: "x", tzif: Array(bytes.prefix(length))) }
        }
        let dice = Dice(7)
        for _ in 0..<5_000 {
            var broken = bytes
            for _ in 0...dice.below(3) { broken[dice.below(broken.count)] = UInt8(dice.below(256)) }
            // What is refused is fine: the question is whether reading goes beyond the end.
            guard let zone = try? TimeZoneRules(name: "x", tzif: broken) else { continue }
            // What can be read can be asked.
            #expect(zone.period(at: 5).end > 5)
        }
    }
}
