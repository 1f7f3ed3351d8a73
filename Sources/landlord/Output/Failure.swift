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
    /// The most characters of a problem.
    static let lengthLimit = 600

    /// A failure that is told in one line.
    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        lines = [Self.line("landlord: " + message)]
    }

    /// A failure with several problems, each of which names its place.
    init(_ status: ExitStatus, problems: [String]) {
        self.status = status
        let shown = problems.prefix(Self.lineLimit).map(Self.line)
        let rest = problems.count - shown.count
        lines = shown + (rest > 0 ? ["landlord: and \(rest) more problems"] : [])
    }

    /// One line, with the middle left out where it is long: the beginning says where, the end says what.
    private static func line(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: "; ")
        guard line.count > lengthLimit else { return line }
        return line.prefix(lengthLimit / 2) + "..." + line.suffix(lengthLimit / 2)
    }

    /// Writes the failure to the standard error.
    ///
    /// - Returns: The exit code.
    func report() -> Int32 {
        for line in lines { StandardStream.note(line) }
        return status.rawValue
    }
}
