import LandlordTUI

/// Why a command ends without success: the exit code and what a person is told.
///
/// Every error of every room becomes one of these, in `Failure+Translation.swift`.
struct Failure: Error, Hashable {
    /// The exit code.
    let status: ExitStatus
    /// What is told, one problem a line.
    let lines: [String]

    /// The most problems that are told; who has more has read enough.
    static let lineLimit = 50

    /// A failure that is told in one line.
    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        let words = message.split(whereSeparator: \.isNewline)
        lines = ["landlord: " + words.joined(separator: "; ")]
    }

    /// A failure with several problems, each of which names its place.
    init(_ status: ExitStatus, problems: [String]) {
        self.status = status
        let shown = problems.prefix(Self.lineLimit).map {
            $0.split(whereSeparator: \.isNewline).joined(separator: "; ")
        }
        let rest = problems.count - shown.count
        lines = shown + (rest > 0 ? ["landlord: and \(rest) more problems"] : [])
    }

    /// Writes the failure to the standard error.
    ///
    /// - Returns: The exit code.
    func report() -> Int32 {
        for line in lines { StandardStream.note(line) }
        return status.rawValue
    }
}
