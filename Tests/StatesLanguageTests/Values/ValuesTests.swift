import StatesLanguage
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1),
            ("2026-11-21T05:54:00.123Z", 1_795_240_440_123),
            ("2000-02-29T12:00:00Z", 951_825_600_000), ("2016-08-18T17:33:00Z", 1_471_541_580_000),
            ("2016-08-18T19:33:00+02:00", 1_471_541_580_000), ("2016-08-18T10:03:00-07:30", 1_471_541_580_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("2038-01-19T03:14:08Z", 2_147_483_648_000), ("2024-01-01T00:00:00.5Z", 1_704_067_200_500),
            ("2024-01-01T00:00:00.123456789Z", 1_704_067_200_123),
        ] as [(String, Int64)])
    func `RFC 3339 texts are read`(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.millisecondsSinceEpoch == milliseconds)
    }

    @Test(arguments: [
        "", "2024", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01t00:00:00Z", "2024-01-01T00:00:00z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-04-31T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00+2:00",
        "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00Z ", "2024-01-01 00:00:00Z", "24-01-01T00:00:00Z",
        "２024-01-01T00:00:00Z",
    ])
    func `other texts are not timestamps`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `every day of eight centuries survives printing and reading`() {
        var day = Timestamp(millisecondsSinceEpoch: -11_676_096_000_000)  // 1600-01-01
        var lost = 0
        for _ in 0..<292_194 {
            if Timestamp(rfc3339: day.rfc3339) != day { lost += 1 }
            day = day.advanced(by: .seconds(86_400))
        }
        #expect(lost == 0)
        #expect(day.rfc3339 == "2400-01-01T00:00:00.000Z")
    }

    @Test func `moments move by durations and stop at the ends`() {
        let moment = Timestamp(millisecondsSinceEpoch: 1_000)
        #expect(moment.advanced(by: .milliseconds(1_500)).rfc3339 == "1970-01-01T00:00:02.500Z")
        #expect(moment.advanced(by: .milliseconds(-1_500)).rfc3339 == "1969-12-31T23:59:59.500Z")
        #expect(moment.advanced(by: .milliseconds(250)).duration(since: moment) == .milliseconds(250))
        #expect(moment.advanced(by: .seconds(Int64.max)).millisecondsSinceEpoch == .max)
        #expect(moment.advanced(by: .seconds(Int64.min)).millisecondsSinceEpoch == .min)
        #expect(moment < moment.advanced(by: .milliseconds(1)))
    }
}

@Suite struct SHA256DigestTests {
    @Test func `digests are the known ones`() {
        #expect(SHA256Digest.hex(of: "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256Digest.hex(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
