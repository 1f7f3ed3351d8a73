/// What `landlord verify` found.
public struct VerificationReport: Sendable, Hashable {
    /// One thing that is not as it should be.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        /// What sort of thing is wrong; the raw value is stable.
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// The file itself is damaged.
            case integrity = "INTEGRITY"
            /// A row points to a row that is not there.
            case foreignKey = "FOREIGN_KEY"
            /// A row holds something that the program could not have written.
            case unreadable = "UNREADABLE"
            /// A history has a gap, or does not begin at its beginning.
            case missingHistory = "MISSING_HISTORY"
            /// A row is not what its history leads to.
            case unlikeHistory = "UNLIKE_HISTORY"
            /// A step that the state machine does not have.
            case illegalStep = "ILLEGAL_STEP"
            /// A digest is not that of what it stands beside: something was changed or removed.
            case hash = "HASH_MISMATCH"
        }

        /// What sort of thing is wrong.
        public let kind: Kind
        /// What it is about, as in `tenant acme` or `run x`.
        public let subject: String
        /// What is wrong, as a sentence.
        public let message: String

        /// Describes what is wrong.
        public init(_ kind: Kind, _ subject: String, _ message: String) {
            self.kind = kind
            self.subject = subject
            self.message = message
        }

        /// The finding on one line.
        public var description: String { "\(subject): \(message)" }
    }

    /// The most findings that are kept; a database that is worse needs no longer list.
    public static let findingLimit = 1_000

    /// How many of one sort of thing were looked at.
    public struct Count: Sendable, Hashable {
        /// The sort, in the plural.
        public let name: String
        /// How many.
        public internal(set) var count: Int
    }

    /// How many of what were looked at, in the order in which they were.
    public private(set) var checked: [Count] = []
    /// What is wrong, in the order in which it was found.
    public private(set) var findings: [Finding] = []
    /// How much is wrong, including what is not kept.
    public private(set) var findingCount = 0

    /// Nothing is wrong.
    public var isSound: Bool { findingCount == 0 }

    mutating func add(_ found: [Finding]) {
        findingCount += found.count
        findings += found.prefix(max(0, Self.findingLimit - findings.count))
    }

    mutating func count(_ name: String, _ count: Int) {
        if let index = checked.firstIndex(where: { $0.name == name }) {
            checked[index].count += count
        } else {
            checked.append(Count(name: name, count: count))
        }
    }
}
