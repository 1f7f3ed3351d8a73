import LandlordDomain
import LandlordTestSupport
import StatesLanguage

/// Places whose clocks are put forward and back, each in another way.
enum Zones {
    static let berlin = zone("Europe/Berlin", 3_600, "CET-1CEST,M3.5.0,M10.5.0/3")
    static let newYork = zone("America/New_York", -18_000, "EST5EDT,M3.2.0,M11.1.0")
    /// Half an hour, in the southern summer.
    static let lordHowe = zone("Australia/Lord_Howe", 37_800, "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")
    /// Summer is the standard there, and winter the exception.
    static let dublin = zone("Europe/Dublin", 3_600, "IST-1GMT0,M10.5.0,M3.5.0/1")
    static let kolkata = zone("Asia/Kolkata", 19_800, "IST-5:30")
    static let all = [berlin, newYork, lordHowe, dublin, kolkata, .utc]

    private static func zone(_ name: String, _ offset: Int32, _ footer: String) -> TimeZoneRules {
        do {
            let bytes = TZifFile.bytes(first: 0, transitions: [(-2_000_000_000, offset)], footer: footer)
            return try TimeZoneRules(name: name, tzif: bytes)
        } catch {
            preconditionFailure("\(name): \(error)")
        }
    }
}

extension Timestamp {
    /// A moment of a test.
    init(_ text: String) {
        guard let moment = Timestamp(rfc3339: text) else { preconditionFailure("\(text) is no moment") }
        self = moment
    }
}
