public import LandlordDomain

/// The clocks of places, read from the machine's tz database.
public struct TimeZoneFiles: Sendable {
    /// Where the files are when nobody says otherwise (tzfile(5)).
    public static let standardDirectory = "/usr/share/zoneinfo"

    /// The largest file of a zone; those of the tz database have some four thousand bytes.
    private static let sizeLimit = 65_536

    private let directory: String

    /// Reads below a directory; without one below `TZDIR`, or where zones lie on every machine.
    public init(directory: String? = nil, variable: @Sendable (String) -> String? = { _ in nil }) {
        self.directory = directory ?? variable("TZDIR").flatMap { $0.isEmpty ? nil : $0 } ?? Self.standardDirectory
    }

    /// The clocks of a place; those of UTC need no file.
    ///
    /// - Throws: That the name is none, that there is no such zone, or what is wrong with its file.
    public func rules(named name: String) throws(TimeZoneProblem) -> TimeZoneRules {
        if name == TimeZoneRules.utc.name { return .utc }
        guard Self.isLegal(name) else { throw TimeZoneProblem("'\(name)' is no time zone; one is 'Europe/Berlin'") }
        let path = "\(directory)/\(name)"
        let bytes: [UInt8]
        do throws(DocumentError) {
            bytes = try BoundedFile.read(path, limit: Self.sizeLimit)
        } catch {
            guard BoundedFile.isMissing(directory) else {
                throw TimeZoneProblem("there is no time zone '\(name)' in \(directory)")
            }
            throw TimeZoneProblem("there are no time zones on this machine: \(directory) is missing (install tzdata)")
        }
        do throws(TimeZoneProblem) {
            return try TimeZoneRules(name: name, tzif: bytes)
        } catch {
            throw TimeZoneProblem("the time zone '\(name)' cannot be used: \(path) \(error)")
        }
    }

    /// Letters, digits, `_`, `+` and `-`, in at most three parts: no path leads out of the directory.
    private static func isLegal(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return name.utf8.count <= 64 && parts.count <= 3
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"),
                            UInt8(ascii: "-"):
                            true
                        default: false
                        }
                    }
            }
    }
}
